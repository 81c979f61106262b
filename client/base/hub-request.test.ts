/** Calls as they go over the wire, and answers as they come back. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { buildRequest, sendCall } from '#client/base/hub-request.ts';
import { bytesShape, defineCall } from '#shared/base/call.ts';
import { AppError } from '#shared/base/errors.ts';

const readThing = defineCall({
  name: 'test.readThing',
  method: 'GET',
  path: '/api/test/:thingId/part',
  access: 'member',
  input: z.strictObject({ thingId: z.string(), word: z.string().optional(), page: z.string().optional() }),
  output: z.strictObject({ word: z.string() }),
});
const changeThing = defineCall({ ...readThing, method: 'PATCH', path: '/api/test/:thingId' });

const answerWith = (status: number, body: string) => {
  const answer = vi.fn(async (_path: string, _init: RequestInit) => new Response(body, { status }));
  vi.stubGlobal('fetch', answer);
  return answer;
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('hub requests', () => {
  test('[CL9] parts of the path are escaped and the rest of a GET is its query', () => {
    expect(buildRequest(readThing, { thingId: 'a/../b?', word: 'x&y' })).toEqual({
      path: '/api/test/a%2F..%2Fb%3F/part?word=x%26y',
      method: 'GET',
      body: undefined,
    });
  });

  test('[CL9] other methods carry the rest as JSON', () => {
    expect(buildRequest(changeThing, { thingId: 'a', word: 'x' })).toEqual({
      path: '/api/test/a',
      method: 'PATCH',
      body: '{"word":"x"}',
    });
  });

  test('[CL9] a wrong input is refused before it leaves, and its value is not repeated', async () => {
    const answer = answerWith(200, '{}');
    const wrong = { thingId: 'a', surplus: 'secret' } as { thingId: string };
    const refusal = await sendCall(readThing, wrong, null).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'input.invalid' });
    expect(JSON.stringify(refusal)).not.toContain('secret');
    expect(answer).not.toHaveBeenCalled();
  });

  test('[CL9] the token goes into the header and nowhere else', async () => {
    const answer = answerWith(200, '{"word":"x"}');
    expect(await sendCall(readThing, { thingId: 'a' }, 'token')).toEqual({ word: 'x' });
    const [path, init] = answer.mock.calls[0] ?? [];
    expect(path).toBe('/api/test/a/part');
    expect(new Headers(init?.headers).get('authorization')).toBe('Bearer token');
  });

  test('[CL9] a refusal of the catalogue is thrown with its code and details', async () => {
    answerWith(400, '{"code":"input.invalid","details":{"email":"taken"}}');
    const refused = sendCall(readThing, { thingId: 'a' }, null);
    await expect(refused).rejects.toMatchObject({ code: 'input.invalid', details: { email: 'taken' } });
  });

  test.each([
    [502, '<html>Bad gateway</html>'],
    [500, '{"code":"made.up"}'],
    [200, 'not json'],
  ])('[CL9] status %i with %j is no answer of the hub', async (status, body) => {
    answerWith(status, body);
    await expect(sendCall(readThing, { thingId: 'a' }, null)).rejects.toEqual(
      new AppError('hub.unreachable'),
    );
  });

  test('[CL9] a call that answers with bytes gives bytes, and a refusal of it is one like any', async () => {
    const readBytes = defineCall({ ...readThing, output: bytesShape });
    answerWith(200, 'ab');
    expect(await sendCall(readBytes, { thingId: 'a' }, null)).toEqual(Uint8Array.of(97, 98));
    answerWith(404, '{"code":"thing.absent"}');
    await expect(sendCall(readBytes, { thingId: 'a' }, null)).rejects.toThrow('thing.absent');
  });
});
