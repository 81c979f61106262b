/** What every call goes through, shown with made-up calls: input, actor, output, errors, headers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bodyBytes } from '#shared/base/units.ts';
import { codeOf, ran, type SmallApp, send, startSmall } from '#tests/support/small-app.ts';

let app: SmallApp;
beforeAll(async () => {
  app = await startSmall();
});
afterAll(() => app?.server.close());

describe('input', () => {
  test('[BA5] what does not fit is refused by field and fault, without its value', async () => {
    const { status, body } = await send(app, 'echo', { body: JSON.stringify({ text: 42_4242, more: [] }) });
    expect(status).toBe(400);
    expect(body).toEqual({ code: 'input.invalid', details: { text: 'invalid_type', more: 'invalid_type' } });
  });

  test.each([
    '{"text":"a","extra":1}',
    '{}',
    '{"text":null}',
    '{"text":{"$ne":""}}',
    '{"text":["a"]}',
    'null',
    '7',
    '"text"',
    '[]',
    '[{"text":"a"}]',
    '{',
    '',
    '{"text":"a"}}',
  ])('[BA5, BA7] the body %s is refused', async (body) => {
    ran.length = 0;
    expect(await codeOf(app, 'echo', { body })).toBe('400 input.invalid');
    expect(ran).toEqual([]);
  });

  test.each([
    '{"text":"a","__proto__":{"role":"admin"}}',
    '{"text":"a","more":{"__proto__":{}}}',
    '{"text":"a","more":{"deep":[{"__proto__":1}]}}',
    '{"text":"a","more":{"\\u005f_proto__":1}}',
    `{"text":"a","more":{"deep":${'['.repeat(20)}${']'.repeat(20)}}}`,
    `{"text":"a","more":${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}}`,
  ])('[BA6] traps in a body are refused: %.60s', async (body) => {
    expect(await codeOf(app, 'echo', { body })).toBe('400 input.invalid');
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });

  test('[BA6] names such as constructor are plain names', async () => {
    const input = { text: 'a', more: { constructor: 1, prototype: { a: 1 }, toString: 'x', $where: '1' } };
    expect((await send(app, 'echo', { body: JSON.stringify(input) })).body).toEqual(input);
  });

  test('[BA7] a body above the limit is refused, one at the limit is not', async () => {
    const bodyOf = (bytes: number) => `{"text":"${'a'.repeat(bytes - 11)}"}`;
    expect(bodyOf(bodyBytes)).toHaveLength(bodyBytes);
    expect((await send(app, 'echo', { body: bodyOf(bodyBytes) })).status).toBe(200);
    expect(await codeOf(app, 'echo', { body: bodyOf(bodyBytes + 1) })).toBe('413 input.tooLarge');
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json-patch+json',
    'application/octet-stream',
    '',
  ])('[BA7] a body sent as "%s" is refused', async (type) => {
    const sent = { headers: { 'content-type': type }, body: '{"text":"a"}' };
    expect(await codeOf(app, 'echo', sent)).toBe('400 input.invalid');
  });

  test('[BA7] a compressed body is refused, so that no small one becomes a large one', async () => {
    const sent = { headers: { 'content-encoding': 'gzip' }, body: '{"text":"a"}' };
    expect(await codeOf(app, 'echo', sent)).toBe('400 input.invalid');
  });

  test('[BA8] a name of the path may not come again, and only a GET has a query', async () => {
    expect((await send(app, 'thing/one', { method: 'PATCH', body: '{"name":"a"}' })).body).toEqual({
      id: 'one',
      name: 'a',
    });
    expect(await codeOf(app, 'thing/one', { method: 'PATCH', body: '{"id":"two"}' })).toBe(
      '400 input.invalid',
    );
    expect(await codeOf(app, 'thing/one?id=two', { method: 'PATCH', body: '{}' })).toBe('400 input.invalid');
    expect(await codeOf(app, 'echo?token=x', { body: '{"text":"a"}' })).toBe('400 input.invalid');
    expect((await send(app, 'list?word=a', { method: 'GET' })).body).toEqual({ word: 'a' });
    for (const query of ['word=a&word=b', 'word[$ne]=a', 'other=1', '__proto__=1']) {
      expect(await codeOf(app, `list?${query}`, { method: 'GET' })).toBe('400 input.invalid');
    }
  });

  test('[BA5] a path that cannot be decoded is refused', async () => {
    expect(await codeOf(app, 'thing/%E0%A4%A', { method: 'PATCH', body: '{}' })).toBe('400 input.invalid');
  });
});

describe('who calls', () => {
  test('[BA9] without a token, and with one that does not hold, nobody gets as far as their input', async () => {
    expect(await codeOf(app, 'mine', { body: '{"wrong":1}' })).toBe('401 session.missing');
    const wrong = { authorization: 'Bearer wrong' };
    expect(await codeOf(app, 'mine', { headers: wrong, body: '{"wrong":1}' })).toBe('401 session.expired');
    for (const authorization of [
      'Basic cmlnaHQ=',
      'Bearer',
      'Bearer right right',
      'right',
      `Bearer ${'a'.repeat(3_000)}`,
    ]) {
      expect(await codeOf(app, 'mine', { headers: { authorization }, body: '{}' })).toBe(
        '401 session.missing',
      );
    }
    const right = { authorization: 'Bearer right' };
    expect((await send(app, 'mine', { headers: right, body: '{"text":"a"}' })).body).toBe('Anna');
    expect(await codeOf(app, 'mine?access_token=right', { body: '{"text":"a"}' })).toBe(
      '401 session.missing',
    );
  });

  test('[BA9] an open call has no actor to read', async () => {
    expect(await codeOf(app, 'whoever', { headers: { authorization: 'Bearer right' } })).toBe(
      '401 session.missing',
    );
  });
});

describe('answers', () => {
  test('[BA10] what the output shape does not name never leaves', async () => {
    const { status, body } = await send(app, 'leak');
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'internal' });
    expect(JSON.stringify(body)).not.toContain('hash');
  });

  test.each(['crash', 'throwText', 'inner'])(
    '[BA11] an unforeseen error (%s) says nothing but a log id',
    async (path) => {
      app.logged.length = 0;
      const { status, body, headers } = await send(app, path);
      expect(status).toBe(500);
      expect(Object.keys(body).sort()).toEqual(['code', 'logId']);
      expect(body).toEqual({ code: 'internal', logId: headers.get('x-request-id') });
      const line = app.logged.find((one) => one.includes(body.logId)) ?? '';
      expect(JSON.parse(line)).toMatchObject({ level: 50, call: `test.${path}` });
    },
  );

  test('[BA11] a refusal is the code of the catalogue with its status', async () => {
    expect((await send(app, 'refuse')).body).toEqual({ code: 'partners.wrongState' });
    expect(await codeOf(app, 'refuse')).toBe('409 partners.wrongState');
  });

  test('[BA12] unknown paths and methods are absent', async () => {
    expect(await codeOf(app, 'nothing')).toBe('404 thing.absent');
    expect(await codeOf(app, 'echo', { method: 'DELETE' })).toBe('404 thing.absent');
    expect(await codeOf(app, 'echo', { method: 'GET' })).toBe('404 thing.absent');
    expect(await codeOf(app, '../../etc/passwd', { method: 'GET' })).toBe('404 thing.absent');
    expect((await fetch(`${app.url}/.git/config`)).status).toBe(404);
  });

  test('[BA16] every answer has its headers, and none of the API is kept', async () => {
    const answers = await Promise.all(
      ['echo', 'crash', 'refuse', 'nothing', 'mine'].map((path) => send(app, path, { body: '{}' })),
    );
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/default-src 'self'.*script-src 'self';.*frame-ancestors 'none'/);
      expect(policy.split(';').find((part) => part.startsWith('script-src '))).toBe("script-src 'self'");
      expect(policy).not.toContain('unsafe-eval');
    }
  });
});
