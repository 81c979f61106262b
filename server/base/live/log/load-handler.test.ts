import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { createLoadHandler } from '#server/base/live/log/load-handler.ts';
import { Rights } from '#server/base/live/rights/rights.ts';
import type { Rooms } from '#server/base/live/room/rooms.ts';
import { liveLoadPath } from '#shared/base/live.ts';
import { decodeLoad } from '#shared/base/live-frame.ts';

let mayRead = true;
const judge = async () =>
  mayRead ? ({ mayWrite: true, side: 'buyer', relationshipId: 'r' } as const) : null;
const servers: { close: () => void }[] = [];
afterEach(() => {
  mayRead = true;
  for (const server of servers.splice(0)) server.close();
});

/** A server that loads one document of these updates; responses are handed out for a look at them. */
async function serve(updates: readonly Uint8Array[], meanwhile: () => void = () => {}) {
  const room = {
    read: async () => {
      meanwhile();
      return { epoch: 'e', seq: updates.length, updates, bytes: 0 };
    },
  };
  const handler = createLoadHandler({
    authenticate: async () => ({ memberId: 'ada' }) as Actor,
    rights: new Rights([{ kind: 'test', judge }], () => new Date(0)),
    rooms: { at: async () => room } as unknown as Rooms,
    log: pino({ enabled: false }),
  });
  const handled: { response: ServerResponse; done: Promise<void> }[] = [];
  const server = createServer((request, response) => {
    handled.push({ response, done: handler(request, response) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  const load = (signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${port}${liveLoadPath('test/x')}`, {
      headers: { authorization: 'Bearer t' },
      ...(signal === undefined ? {} : { signal }),
    });
  return { handled, load };
}

/** Ten megabytes: many times more than a socket takes without being read. */
const large = Array.from({ length: 256 }, (_, at) => new Uint8Array(40_000).fill(at));

test('[LV26] a load that waits for its reader again and again leaves no listeners behind', async () => {
  const { handled, load } = await serve(large);
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  const answer = await load();
  const { response } = handled[0] ?? {};
  const most = { close: 0 };
  response?.on('drain', () => {
    most.close = Math.max(most.close, response.listenerCount('close'));
  });
  const body = new Uint8Array(await answer.arrayBuffer());
  await handled[0]?.done;
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(decodeLoad(body)).toEqual(large);
  expect(most.close).toBeGreaterThan(0);
  expect(most.close).toBeLessThan(10);
  expect(warnings).toEqual([]);
});

test('[LV26] a load whose reader goes away ends, and makes room for the next', async () => {
  const { handled, load } = await serve(large);
  for (let at = 0; at < 6; at += 1) {
    const abort = new AbortController();
    const answer = await load(abort.signal);
    expect(answer.status).toBe(200);
    abort.abort();
    await handled[at]?.done;
    expect(handled[at]?.response.destroyed).toBe(true);
  }
});

test('[LV26, LV79] whoever loses the right while the document is read gets nothing of it', async () => {
  const { load } = await serve(large, () => {
    mayRead = false;
  });
  const answer = await load();
  expect([answer.status, await answer.json()]).toEqual([404, { code: 'thing.absent' }]);
});
