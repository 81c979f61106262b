/** The real client over real sockets and HTTP, against the real gateway. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LiveClock } from '#client/base/live/clock.ts';
import { LiveSession } from '#client/base/live/live-session.ts';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';
import { createSocketTransport } from '#client/base/live/socket-transport.ts';
import { createId } from '#shared/base/ids.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { until } from '#tests/support/until.ts';

/** Real time, with the pauses between attempts cut short. */
const clock: LiveClock = {
  now: () => Date.now(),
  after: (delayMs, work) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
  nextFrame: (work) => clock.after(1, work),
  whenIdle: (work) => clock.after(1, work),
  random: () => Math.random(),
};

let hub: LiveHub;
let document: string;
let sessions: LiveSession[];

beforeEach(async () => {
  hub = await startLiveHub();
  document = `test/${createId()}`;
  sessions = [];
});
afterEach(async () => {
  for (const session of sessions) session.stop();
  await hub.stop();
});

async function enter(
  name: string,
  side: 'buyer' | 'supplier' = 'buyer',
  getToken?: (good: string) => string,
) {
  const { token, actor } = hub.addPerson(name, side);
  hub.setRight(document, actor.memberId, { side });
  const session = new LiveSession({
    transport: createSocketTransport(clock, hub.address),
    store: new MemoryDeviceStore(),
    clock,
    getToken: () => Promise.resolve(getToken === undefined ? token : getToken(token)),
    isOnline: () => true,
  });
  sessions.push(session);
  session.start();
  const live = session.open(document);
  await until(`${name} has joined`, () => live.isJoined);
  return {
    session,
    live,
    actor,
    text: () => live.doc.getText('t'),
    state: () => session.saveState([document]),
  };
}

describe('the client over sockets', () => {
  test('[LV40] what one types the other sees, and both are told it is saved', async () => {
    const ada = await enter('Ada');
    const bo = await enter('Bo', 'supplier');
    ada.text().insert(0, 'hello');
    await until('Bo sees it', () => bo.text().toString() === 'hello');
    await until('Ada is told', () => ada.state().kind === 'saved');
    bo.text().insert(5, ' you');
    await until('Ada sees it', () => ada.text().toString() === 'hello you');
  });

  test('[LV48] both see who is here, under the name the hub knows, and where; and nobody once they left', async () => {
    const ada = await enter('Ada');
    const bo = await enter('Bo', 'supplier');
    bo.live.presence.setPlace({ row: 7 });
    const seen = await until('Ada sees where Bo is', () =>
      ada.live.presence.people.find(({ place }) => place !== null),
    );
    expect(seen).toEqual({
      clientId: bo.live.doc.clientID,
      memberId: bo.actor.memberId,
      name: 'Bo',
      companyName: 'supplier company',
      side: 'supplier',
      place: { row: 7 },
    });
    expect(bo.live.presence.people.map(({ name }) => name)).toEqual(['Ada']);
    bo.session.stop();
    await until('Bo is gone', () => ada.live.presence.people.length === 0);
  });

  test('[LV44] after the hub was away everybody comes back, and what was typed meanwhile arrives', async () => {
    const ada = await enter('Ada');
    const bo = await enter('Bo', 'supplier');
    ada.text().insert(0, 'before ');
    await until('Bo sees it', () => bo.text().toString() === 'before ');
    const { port, storage, people, rights } = hub;
    await hub.stop();
    await until('Ada notices', () => !ada.live.isJoined);
    ada.text().insert(7, 'meanwhile');
    expect(ada.state()).toMatchObject({ kind: 'offline', waiting: 1 });
    hub = await startLiveHub({ port, storage, people, rights });
    await until('Bo sees it', () => bo.text().toString() === 'before meanwhile');
    await until('Ada is told', () => ada.state().kind === 'saved');
  });

  test('[LV26] a document too large for a socket is loaded by HTTP, and goes on from there', async () => {
    const ada = await enter('Ada');
    for (let part = 0; part < 4; part++) {
      ada.text().insert(0, `${part}`.repeat(200_000));
      await until('it is stored', () => ada.state().kind === 'saved');
    }
    const bo = await enter('Bo', 'supplier');
    expect(bo.text().length).toBe(800_000);
    ada.text().insert(0, 'news ');
    await until('Bo sees it', () => bo.text().toString().startsWith('news '));
    bo.text().insert(0, 'more ');
    await until('Ada sees it', () => ada.text().toString().startsWith('more news '));
  });

  test('[LV44] with a token that is refused another one is asked for', async () => {
    let asked = 0;
    const ada = await enter('Ada', 'buyer', (good) => (++asked === 1 ? 'stale' : good));
    expect(asked).toBe(2);
    expect(ada.state().kind).toBe('saved');
  });

  test('[LV42] a document of others is refused like one that does not exist', async () => {
    const ada = await enter('Ada');
    const foreign = `test/${createId()}`;
    const live = ada.session.open(foreign);
    await until('it is refused', () => live.shutBy);
    expect(ada.session.view(foreign)).toMatchObject({ state: 'refused', code: 'thing.absent' });
    expect(ada.session.saveState([document, foreign])).toMatchObject({
      kind: 'refused',
      code: 'thing.absent',
    });
  });

  test('[LV42] the right to write is shown as it changes', async () => {
    const ada = await enter('Ada');
    hub.setRight(document, ada.actor.memberId, { mayWrite: false });
    hub.signals.send({ kind: 'memberChanged', memberId: ada.actor.memberId });
    await until('Ada may only read', () => ada.state().kind === 'viewOnly');
    expect(ada.session.view(document)).toMatchObject({ state: 'ready', mayWrite: false });
  });
});
