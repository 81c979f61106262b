/** A reader that stops, and everybody who leaves: what is kept for them is bounded, and then nothing. */
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { idleMs } from '#server/base/live/room/room.ts';
import { liveVersion } from '#shared/base/live.ts';
import { encodeFrame, packetKinds } from '#shared/base/live-frame.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { openTab } from '#tests/support/live-tab.ts';
import { greetRaw } from '#tests/support/raw-socket.ts';
import { until } from '#tests/support/until.ts';

let hub: LiveHub;
const document = 'test/0123456789abcdefghjk';

beforeEach(async () => {
  hub = await startLiveHub();
});
afterEach(() => hub.stop());

function person(name: string) {
  const { token, actor } = hub.addPerson(name);
  hub.setRight(document, actor.memberId, {});
  return token;
}

test('[LV73] a reader that stops is cut and catches up by one join, while others are told of everything', async () => {
  const [ada, ben] = await Promise.all([openTab(hub, person('Ada')), openTab(hub, person('Ben'))]);
  await ada.enter(document);
  await ben.enter(document);
  const token = person('Sloth');
  const sloth = await greetRaw(hub.port, token);
  const closed = once(sloth.socket, 'close');
  const join = { version: liveVersion, document, clientId: 5 };
  sloth.send(encodeFrame({ type: packetKinds.event, nsp: '/', id: 1, data: ['join', join] }));
  await ada.seen(
    'presence',
    ({ came }: { came?: { clientId: number }[] }) => came?.some((one) => one.clientId === 5) === true,
  );
  sloth.socket.pause();
  const text = ada.doc.getText('t');
  const line = 'x'.repeat(200_000);
  const isGone = () => ada.received.some((one) => (one.message as { left?: number[] }).left?.includes(5));
  let seq = 0;
  for (let pushes = 0; pushes < 200 && !isGone(); pushes += 1) {
    text.insert(0, line);
    text.delete(0, line.length);
    seq = await ada.pushEdits(document);
    // Nobody waits for the one who does not read.
    await ben.seen('updates', (message: { seq: number }) => message.seq === seq);
    hub.time.advance(500);
  }
  expect(isGone()).toBe(true);
  sloth.socket.resume();
  await closed;
  const back = await openTab(hub, token);
  text.insert(0, 'end');
  seq = await ada.pushEdits(document);
  const joined = await back.join(document, { seq: seq - 1, epoch: (await ben.enter(document)).epoch });
  expect(joined).toMatchObject({ ok: true, seq, load: 'here' });
  expect(joined.ok && joined.updates).toHaveLength(1);
});

test('[LV74] a connection keeps nothing of its handshake, and a minute after all have left nothing is left of rooms', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const requests: WeakRef<object>[] = [];
  hub.httpServer.on('upgrade', (request) => requests.push(new WeakRef(request)));
  const names = Array.from({ length: 20 }, (_, at) => `test/room${at}`);
  const { token, actor } = hub.addPerson('Ada');
  for (const name of names) hub.setRight(name, actor.memberId, {});
  const tab = await openTab(hub, token);
  for (const name of names) expect(await tab.join(name)).toMatchObject({ ok: true });
  expect(requests).toHaveLength(1);
  await until('the request to be let go of', async () => {
    collect();
    return requests[0]?.deref() === undefined;
  });
  expect(tab.socket.connected).toBe(true);
  tab.doc.getText('t').insert(0, 'written');
  await tab.pushEdits('test/room0');
  tab.socket.disconnect();
  await until('all seats to be given back', async () => {
    hub.time.advance(idleMs);
    return hub.engine.roomCount() === 0;
  });
});
