/** Who may open a connection, how much may come over it, and how it ends. */
import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createId } from '#shared/base/ids.ts';
import { isRefusal, livePath } from '#shared/base/live.ts';
import { encodeFrame, packetKinds } from '#shared/base/live-frame.ts';
import { type LiveHub, type LiveSocket, startLiveHub } from '#tests/support/live-hub.ts';
import { connected, openTab } from '#tests/support/live-tab.ts';
import { greetRaw } from '#tests/support/raw-socket.ts';

let hub: LiveHub;
let document: string;

beforeEach(async () => {
  hub = await startLiveHub({ paces: { socketsPerPerson: 3, socketsPerAddress: 8 } });
  document = `test/${createId()}`;
});
afterEach(() => hub.stop());

async function joined(name: string, at = hub) {
  const { token, actor } = at.addPerson(name);
  at.setRight(document, actor.memberId, {});
  const tab = await openTab(at, token);
  await tab.enter(document);
  return { tab, actor, token };
}

function entering(socket: LiveSocket): Promise<boolean> {
  return connected(socket).then(
    () => true,
    () => false,
  );
}

function closing(socket: LiveSocket): Promise<unknown> {
  return new Promise((resolve) => socket.once('disconnect', resolve));
}

test('[LV1] a page of another origin is not let in; the hub’s own page and a client without origin are', async () => {
  const { token } = hub.addPerson('Ada');
  for (const origin of ['https://evil.example', 'null', `${hub.address}.evil.example`]) {
    await expect(connected(hub.socket(token, { origin }))).rejects.toThrow();
  }
  await connected(hub.socket(token, { origin: hub.address }));
  await connected(hub.socket(token));
});

test('[LV1] a person and an address have only so many connections, and a closed one makes room', async () => {
  const { token } = hub.addPerson('Ada');
  const sockets = [hub.socket(token), hub.socket(token), hub.socket(token)];
  for (const socket of sockets) await connected(socket);
  const fourth = hub.socket(token);
  await expect(connected(fourth)).rejects.toMatchObject({
    message: 'rate.limited',
    data: { code: 'rate.limited' },
  });
  fourth.disconnect();
  sockets[0]?.disconnect();
  // The hub hears of the goodbye on another connection than the next greeting comes on.
  const entersAgain = () => entering(hub.socket(token));
  await expect.poll(entersAgain, { timeout: 10_000 }).toBe(true);
  const others = Array.from({ length: 6 }, () => hub.socket(hub.addPerson('Bo').token));
  const entered = await Promise.all(others.map(entering));
  expect(entered.filter(Boolean).length).toBeLessThan(6);
});

test.each([
  ['no token', {}, 'session.missing'],
  ['a token that is no text', { token: { $ne: '' } }, 'session.missing'],
  ['a token and more', { token: 'x', role: 'admin' }, 'session.missing'],
  ['a token of nobody', { token: 'x' }, 'session.expired'],
])('[LV2] %s is refused by name', async (_, auth, code) => {
  const socket = hub.socket('');
  socket.auth = auth;
  await expect(connected(socket)).rejects.toMatchObject({ message: code, data: { code } });
});

test('[LV2] polling, which would carry the token elsewhere, is not served', async () => {
  const asked = request(`${hub.address}${livePath}/?EIO=4&transport=polling`).end();
  const [response] = await once(asked, 'response');
  expect(response.statusCode).toBe(400);
  response.resume();
});

test('[LV35] who sends too fast is told so, and cut when going on; others are not', async () => {
  const strict = await startLiveHub({
    paces: { messagesOfSocket: { burst: 5, perSecond: 1 }, refusalsBeforeCut: 20 },
  });
  const [ada, bo] = [await joined('Ada', strict), await joined('Bo', strict)];
  const gone = closing(ada.tab.socket);
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => ada.tab.ask('leave', { document: 'test/x' })),
  );
  expect(answers.at(-1)).toEqual({ ok: false, code: 'rate.limited' });
  strict.time.advance(2_000);
  expect(await ada.tab.ask('leave', { document: 'test/x' })).toEqual({ ok: true });
  for (let at = 0; at < 40; at += 1) ada.tab.socket.emit('leave', { document: 'test/x' }, () => {});
  await gone;
  expect(await bo.tab.ask('leave', { document: 'test/x' })).toEqual({ ok: true });
  await strict.stop();
});

test('[LV35] bytes count as well as messages', async () => {
  const strict = await startLiveHub({ paces: { bytesOfPerson: { burst: 20_000, perSecond: 1_000 } } });
  const ada = await joined('Ada', strict);
  const update = new Uint8Array(15_000).fill(7);
  expect(await ada.tab.push(document, update)).toEqual({ ok: false, code: 'live.malformed' });
  expect(await ada.tab.push(document, update)).toEqual({ ok: false, code: 'rate.limited' });
  strict.time.advance(20_000);
  expect(await ada.tab.push(document, update)).toEqual({ ok: false, code: 'live.malformed' });
  await strict.stop();
});

test('[LV35] of a hundred pushes at once those beyond the line are refused, the others stored in order', async () => {
  const ada = await joined('Ada');
  const text = ada.tab.doc.getText('t');
  for (let at = 0; at < 100; at += 1) text.insert(at, 'x');
  const answers = await Promise.all(ada.tab.edits.splice(0).map((update) => ada.tab.push(document, update)));
  const taken = answers.filter((answer) => answer.ok).map((answer) => answer.seq);
  expect(taken).toEqual(Array.from({ length: taken.length }, (_, at) => at + 1));
  expect(
    answers.filter(isRefusal).every((answer) => ['rate.limited', 'live.clockGap'].includes(answer.code)),
  ).toBe(true);
});

test('[LV36] an event reaches all connections of those named, and nobody else', async () => {
  const ada = hub.addPerson('Ada');
  const tabs = [await openTab(hub, ada.token), await openTab(hub, ada.token)];
  const other = await joined('Bo');
  hub.engine.deliver([ada.actor.memberId, ada.actor.memberId, createId()], 'plans.renamed', {
    id: 'x',
    list: [1],
  });
  for (const tab of tabs) {
    expect(await tab.seen('event')).toEqual({ name: 'plans.renamed', payload: { id: 'x', list: [1] } });
    await tab.ask('leave', { document });
    expect(tab.received.filter((one) => one.name === 'event')).toHaveLength(1);
  }
  await other.tab.ask('leave', { document });
  expect(other.tab.received.map((one) => one.name)).not.toContain('event');
});

test('[LV37] stopping answers what came before, refuses what is new, and closes so that clients come back', async () => {
  const ada = await joined('Ada');
  ada.tab.doc.getText('t').insert(0, 'last words');
  const { append } = hub.storage;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    hub.storage.append = async (batches) => {
      resolve();
      await held;
      return append(batches);
    };
  });
  const pushed = ada.tab.pushEdits(document);
  await reached;
  const gone = closing(ada.tab.socket);
  const closed = hub.engine.close();
  expect(hub.engine.ready()).toBe(false);
  expect(await ada.tab.join(document)).toEqual({ ok: false, code: 'server.stopping' });
  release();
  expect(await pushed).toBe(1);
  await closed;
  // 'io server disconnect' would keep a client from reconnecting by itself.
  expect(await gone).toBe('transport close');
  await expect(connected(hub.socket(ada.token))).rejects.toThrow();
});

test('[LV34] a connection that does not read is cut, and others go on', async () => {
  const ada = await joined('Ada');
  const { token, actor } = hub.addPerson('Sloth');
  hub.setRight(document, actor.memberId, {});
  const sloth = await greetRaw(hub.port, token);
  const closed = once(sloth.socket, 'close');
  sloth.send(
    encodeFrame({
      type: packetKinds.event,
      nsp: '/',
      id: 1,
      data: ['join', { version: 1, document, clientId: 5 }],
    }),
  );
  await ada.tab.seen('presence');
  sloth.socket.pause();
  const text = ada.tab.doc.getText('t');
  const line = 'x'.repeat(200_000);
  let pushes = 0;
  const isPresent = () =>
    !ada.tab.received.some((one) => (one.message as { left?: number[] }).left?.includes(5));
  while (isPresent() && pushes < 200) {
    text.insert(0, line);
    text.delete(0, line.length);
    await ada.tab.pushEdits(document);
    hub.time.advance(500);
    pushes += 1;
  }
  expect(isPresent()).toBe(false);
  sloth.socket.resume();
  await closed;
  expect(ada.tab.socket.connected).toBe(true);
});
