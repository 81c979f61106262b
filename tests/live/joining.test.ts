/** Joining: what a device is given, and whose its client ids are. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { idleMs } from '#server/base/live/room/room.ts';
import { unusedIdsPerMember } from '#server/base/live/room/seating.ts';
import { createId } from '#shared/base/ids.ts';
import type { UpdatesFrame } from '#shared/base/live.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { type LiveTab, openTab } from '#tests/support/live-tab.ts';
import { createTestStorage, type TestStorage } from '#tests/support/test-storage.ts';

let hub: LiveHub;
let storage: TestStorage;
let document: string;

beforeEach(async () => {
  storage = createTestStorage();
  hub = await startLiveHub({ storage });
  document = `test/${createId()}`;
});
afterEach(() => hub.stop());

async function joined(name: string) {
  const { token, actor } = hub.addPerson(name);
  hub.setRight(document, actor.memberId, {});
  const tab = await openTab(hub, token);
  await tab.enter(document);
  return { tab, actor, token };
}

function type(tab: LiveTab, words: string): Promise<number> {
  const text = tab.doc.getText('t');
  text.insert(text.length, words);
  return tab.pushEdits(document);
}

/** Lets idle time pass until the hub has heard that everyone left. */
async function emptied(): Promise<void> {
  const roomsLater = () => {
    hub.time.advance(idleMs);
    return hub.engine.roomCount();
  };
  await expect.poll(roomsLater, { timeout: 10_000 }).toBe(0);
}

test('[LV24] a device gets what it is missing since its number, and everything in another epoch', async () => {
  const [ada, bo] = [await joined('Ada'), await joined('Bo')];
  for (const word of ['a', 'b', 'c']) await type(ada.tab, word);
  await bo.tab.seen('updates', ({ seq }: UpdatesFrame) => seq === 3);
  const { epoch } = await bo.tab.enter(document);
  const lengthOf = async (more: Record<string, unknown>) => {
    const answer = await bo.tab.join(document, more);
    return answer.ok ? [answer.seq, answer.updates.length] : answer.code;
  };
  expect(await lengthOf({ epoch, seq: 3 })).toEqual([3, 0]);
  expect(await lengthOf({ epoch, seq: 1 })).toEqual([3, 2]);
  expect(await lengthOf({ epoch, seq: 0 })).toEqual([3, 3]);
  expect(await lengthOf({ epoch, seq: 9 })).toEqual([3, 3]);
  expect(await lengthOf({ epoch: 'another', seq: 3 })).toEqual([3, 3]);
  expect(await lengthOf({ seq: 3 })).toEqual([3, 3]);
});

test('[LV127] a device that is far behind gets what it is missing from the log, not everything', async () => {
  const ada = await joined('Ada');
  for (let word = 0; word < 20; word += 1) await type(ada.tab, String(word % 10).repeat(30_000));
  const { epoch } = await ada.tab.enter(document);
  ada.tab.socket.disconnect();
  await emptied();
  const devices = await Promise.all(Array.from({ length: 3 }, () => openTab(hub, ada.token)));
  const answers = await Promise.all(devices.map((tab) => tab.join(document, { epoch, seq: 12 })));
  for (const answer of answers) {
    expect(answer).toMatchObject({ ok: true, seq: 20, load: 'here' });
    expect(answer.ok ? answer.updates.length : 0).toBe(8);
  }
  const [device] = devices;
  expect(await device?.join(document, { epoch, seq: 1 })).toMatchObject({ seq: 20, load: 'http' });
  expect(await device?.join(document, { epoch, seq: 16 })).toMatchObject({ seq: 20, load: 'here' });
});

test('[LV24] the state vector is of what is stored, so that a device knows what to push', async () => {
  const ada = await joined('Ada');
  await type(ada.tab, 'abc');
  const { stateVector } = await ada.tab.enter(document);
  expect(Y.decodeStateVector(stateVector)).toEqual(new Map([[ada.tab.doc.clientID, 3]]));
});

test('[LV12] a client id is its first person’s, in every tab and after everyone has left', async () => {
  const [ada, bo] = [await joined('Ada'), await joined('Bo')];
  await type(ada.tab, 'mine');
  const { clientID } = ada.tab.doc;
  expect(await bo.tab.join(document, { clientId: clientID })).toEqual({
    ok: false,
    code: 'live.foreignClient',
  });
  ada.tab.doc.getText('t').insert(0, 'offline ');
  const [offline] = ada.tab.edits;
  for (const { tab } of [ada, bo]) tab.socket.disconnect();
  await emptied();
  const eve = await openTab(hub, bo.token);
  expect(await eve.join(document, { earlierClientIds: [clientID] })).toMatchObject({
    foreignClientIds: [clientID],
  });
  expect(await eve.push(document, offline)).toEqual({ ok: false, code: 'live.foreignClient' });
  const later = await openTab(hub, ada.token);
  expect(await later.join(document)).toMatchObject({ ok: true, foreignClientIds: [] });
  expect(await later.push(document, offline)).toEqual({ ok: true, seq: 2 });
});

test('[LV12] edits of a tab that never joined are taken once their id is named, and then belong to their author', async () => {
  const ada = await joined('Ada');
  const never = new Y.Doc();
  never.getText('t').insert(0, 'from the train');
  const edits = Y.encodeStateAsUpdate(never);
  expect(await ada.tab.push(document, edits)).toEqual({ ok: false, code: 'live.foreignClient' });
  await ada.tab.join(document, { earlierClientIds: [never.clientID] });
  expect(await ada.tab.push(document, edits)).toEqual({ ok: true, seq: 1 });
  expect((await storage.open(document)).owners.get(never.clientID)).toBe(ada.actor.memberId);
});

test('[LV12] an id that was only named, and never written under, is free again', async () => {
  const [ada, bo] = [await joined('Ada'), await joined('Bo')];
  await ada.tab.join(document, { earlierClientIds: [77] });
  expect(await bo.tab.join(document, { clientId: 77 })).toEqual({ ok: false, code: 'live.foreignClient' });
  await ada.tab.ask('leave', { document });
  expect(await bo.tab.join(document, { clientId: 77 })).toMatchObject({ ok: true });
});

test('[LV12] joins without end do not fill the store, and what is written under a later id is stored as theirs', async () => {
  const ada = await joined('Ada');
  for (let clientId = 1; clientId <= unusedIdsPerMember + 20; clientId += 1) {
    expect(await ada.tab.join(document, { clientId })).toMatchObject({ ok: true });
    hub.time.advance(100);
  }
  const owners = async () => (await storage.open(document)).owners;
  await expect.poll(async () => (await owners()).size, { timeout: 10_000 }).toBe(unusedIdsPerMember);
  ada.tab.doc.clientID = unusedIdsPerMember + 30;
  await ada.tab.enter(document);
  await type(ada.tab, 'mine');
  expect((await owners()).get(unusedIdsPerMember + 30)).toBe(ada.actor.memberId);
  expect((await owners()).size).toBe(unusedIdsPerMember + 1);
  const bo = await joined('Bo');
  expect((await owners()).get(bo.tab.doc.clientID)).toBe(bo.actor.memberId);
});

test('[LV12] the same id in two connections of one person: the later one stays', async () => {
  const ada = await joined('Ada');
  const again = await openTab(hub, ada.token);
  again.doc.clientID = ada.tab.doc.clientID;
  await again.enter(document);
  expect(await ada.tab.seen('closed')).toEqual({ document, code: 'live.superseded' });
  expect(await type(again, 'x')).toBe(1);
});
