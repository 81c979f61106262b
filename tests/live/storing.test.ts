/** What is shown is stored, what is stored comes back, and what storage cannot do is said. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { idleMs, LiveRoom } from '#server/base/live/room/room.ts';
import { snapshotBytes } from '#server/base/live/room/snapshots.ts';
import { createId } from '#shared/base/ids.ts';
import type { UpdatesFrame } from '#shared/base/live.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { type LiveTab, openTab } from '#tests/support/live-tab.ts';
import { createGate, createTestStorage, type TestStorage } from '#tests/support/test-storage.ts';

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

const textOf = (tab: LiveTab): string => tab.doc.getText('t').toString();

test('[LV20] a document is loaded once for all who come meanwhile, and nobody is seated before', async () => {
  const gate = createGate();
  storage.before = (method) => (method === 'open' ? gate.opened : undefined);
  const people = ['Ada', 'Bo', 'Cy'].map((name) => hub.addPerson(name));
  for (const { actor } of people) hub.setRight(document, actor.memberId, {});
  const tabs = await Promise.all(people.map(({ token }) => openTab(hub, token)));
  const answers = Promise.all(tabs.map((tab) => tab.join(document)));
  for (const tab of tabs) {
    expect(await tab.push(document, new Uint8Array(2))).toEqual({ ok: false, code: 'live.notJoined' });
  }
  gate.open();
  expect((await answers).map((answer) => answer.ok)).toEqual([true, true, true]);
  expect(storage.calls.filter((method) => method === 'open')).toHaveLength(1);
});

test('[LV20] a document that cannot be loaded is refused, and tried again with the next join', async () => {
  storage.before = (method) => (method === 'open' ? new Error('away') : undefined);
  const { token, actor } = hub.addPerson('Ada');
  hub.setRight(document, actor.memberId, {});
  const tab = await openTab(hub, token);
  expect(await tab.join(document)).toEqual({ ok: false, code: 'live.storageFailed' });
  expect(hub.engine.roomCount()).toBe(0);
  storage.before = () => undefined;
  expect(await tab.join(document)).toMatchObject({ ok: true, seq: 0, updates: [] });
});

test('[LV21] while a commit is under way nothing is shown or acknowledged, and what comes meanwhile goes in one', async () => {
  const [ada, bo] = [await joined('Ada'), await joined('Bo')];
  const gate = createGate();
  const appended = createGate();
  storage.before = (method) => {
    if (method !== 'append') return undefined;
    appended.open();
    return gate.opened;
  };
  let answered = 0;
  const count = () => {
    answered += 1;
  };
  const first = type(ada.tab, 'a').then(count);
  await appended.opened;
  const rest = ['b', 'c', 'd'].map((letter) => type(ada.tab, letter).then(count));
  await bo.tab.ask('leave', { document: 'test/x' });
  await ada.tab.ask('leave', { document: 'test/x' });
  expect(answered).toBe(0);
  expect(textOf(bo.tab)).toBe('');
  gate.open();
  await Promise.all([first, ...rest]);
  await bo.tab.seen('updates', ({ seq }: UpdatesFrame) => seq === 4);
  expect(textOf(bo.tab)).toBe('abcd');
  expect(storage.calls.filter((method) => method === 'append')).toHaveLength(2);
});

test('[LV23] numbers have no holes, and a batch of one connection alone is not sent back to it', async () => {
  const [ada, bo] = [await joined('Ada'), await joined('Bo')];
  await type(ada.tab, 'alone ');
  await bo.tab.seen('updates');
  expect(ada.tab.received.map((one) => one.name)).not.toContain('updates');
  await Promise.all([type(ada.tab, 'x'), type(bo.tab, 'y')]);
  await type(bo.tab, 'end');
  await ada.tab.seen('updates', ({ seq }: UpdatesFrame) => seq === 4);
  const log = await storage.entriesAfter(document, 0, 10);
  expect(log.map((entry) => entry.seq)).toEqual([1, 2, 3, 4]);
  expect(textOf(ada.tab)).toBe(textOf(bo.tab));
});

test('[LV28] each entry says who wrote it, on which side, when, and which clocks', async () => {
  const ada = await joined('Ada');
  hub.time.advance(500);
  await type(ada.tab, 'abc');
  const [entry] = await storage.entriesAfter(document, 0, 10);
  expect(entry).toMatchObject({
    memberId: ada.actor.memberId,
    side: 'buyer',
    at: hub.time.now(),
    clocks: [{ client: ada.tab.doc.clientID, from: 0, to: 3 }],
  });
});

describe('when storage fails', () => {
  test('[LV22] nothing is acknowledged, everyone is told, and the next join reads what is stored', async () => {
    const [ada, bo] = [await joined('Ada'), await joined('Bo')];
    await type(ada.tab, 'kept ');
    storage.before = (method) => (method === 'append' ? new Error('disk full') : undefined);
    ada.tab.doc.getText('t').insert(5, 'and more');
    const [edit] = ada.tab.edits;
    expect(await ada.tab.push(document, edit)).toEqual({ ok: false, code: 'live.storageFailed' });
    for (const { tab } of [ada, bo]) {
      expect(await tab.seen('closed')).toEqual({ document, code: 'live.storageFailed' });
    }
    expect(textOf(bo.tab)).toBe('kept ');
    expect(hub.engine.ready()).toBe(false);
    storage.before = () => undefined;
    hub.time.advance(5_000);
    expect(hub.engine.ready()).toBe(true);
    expect((await ada.tab.enter(document)).seq).toBe(1);
    await bo.tab.enter(document);
    expect(await ada.tab.pushEdits(document)).toBe(2);
    await bo.tab.seen('updates', ({ seq }: UpdatesFrame) => seq === 2);
    expect(textOf(bo.tab)).toBe('kept and more');
  });

  test('[LV22] a store that does not answer for 5 s makes the hub not ready, until it answers', async () => {
    const ada = await joined('Ada');
    const gate = createGate();
    const appended = createGate();
    storage.before = (method) => {
      if (method !== 'append') return undefined;
      appended.open();
      return gate.opened;
    };
    const pushed = type(ada.tab, 'slow');
    await appended.opened;
    expect(hub.engine.ready()).toBe(true);
    hub.time.advance(5_001);
    expect(hub.engine.ready()).toBe(false);
    gate.open();
    expect(await pushed).toBe(1);
    expect(hub.engine.ready()).toBe(true);
  });

  test('[LV22] a write that was stored although it failed is known afterwards, not stored twice', async () => {
    const ada = await joined('Ada');
    const { append } = storage;
    storage.append = async (batches) => {
      await append(batches);
      throw new Error('connection lost after the write');
    };
    ada.tab.doc.getText('t').insert(0, 'once');
    const [edit] = ada.tab.edits;
    expect(await ada.tab.push(document, edit)).toEqual({ ok: false, code: 'live.storageFailed' });
    storage.append = append;
    expect((await ada.tab.enter(document)).seq).toBe(1);
    expect(await ada.tab.push(document, edit)).toEqual({ ok: true, seq: 1 });
    expect(await storage.entriesAfter(document, 0, 10)).toHaveLength(1);
  });

  test('[LV22] whichever call fails, what was acknowledged is there and what was typed arrives in the end', async () => {
    for (let nth = 1; nth <= 12; nth += 1) {
      document = `test/${createId()}`;
      const [ada, bo] = [await joined('Ada'), await joined('Bo')];
      const failing = storage.calls.length + nth;
      storage.before = (_, call) => (call === failing ? new Error('once') : undefined);
      let acknowledged = 0;
      for (let step = 0; step < 6; step += 1) {
        ada.tab.doc.getText('t').insert(step, `${step}`);
        acknowledged = await settle(ada.tab, acknowledged);
      }
      storage.before = () => undefined;
      bo.tab.doc.destroy();
      const check = await joined('Cy');
      expect(textOf(check.tab)).toBe('012345');
      expect(acknowledged).toBe(6);
      for (const { tab } of [ada, bo, check]) tab.socket.disconnect();
    }
  });

  /** As a client does: what is refused for storage is pushed again after a join. */
  async function settle(tab: LiveTab, before: number): Promise<number> {
    let seq = before;
    while (tab.edits.length > 0) {
      const [edit] = tab.edits;
      const answer = await tab.push(document, edit);
      if (answer.ok) {
        seq = answer.seq;
        tab.edits.shift();
      } else {
        expect(['live.storageFailed', 'live.notJoined']).toContain(answer.code);
        await tab.join(document);
      }
    }
    return seq;
  }

  test('[LV12] an owner that could not be stored is not forgotten: the document is read again', async () => {
    storage.before = (method) => (method === 'bind' ? new Error('away') : undefined);
    const { token, actor } = hub.addPerson('Ada');
    hub.setRight(document, actor.memberId, {});
    const tab = await openTab(hub, token);
    await tab.enter(document);
    expect(await tab.seen('closed')).toEqual({ document, code: 'live.storageFailed' });
    storage.before = () => undefined;
    await tab.enter(document);
    await type(tab, 'x');
    expect((await storage.open(document)).owners).toEqual(new Map([[tab.doc.clientID, actor.memberId]]));
  });
});

describe('memory', () => {
  test('[LV25] a document nobody is in leaves memory, and comes back with all that was written', async () => {
    const ada = await joined('Ada');
    await type(ada.tab, 'x'.repeat(5_000));
    ada.tab.socket.disconnect();
    await emptied();
    expect(storage.calls).toContain('saveSnapshot');
    const bo = await joined('Bo');
    expect(textOf(bo.tab)).toBe('x'.repeat(5_000));
    hub.time.advance(idleMs * 10);
    expect(hub.engine.roomCount()).toBe(1);
  });

  test('[LV25] never while something is being stored', async () => {
    const ada = await joined('Ada');
    const gate = createGate();
    const appended = createGate();
    storage.before = (method) => {
      if (method !== 'append') return undefined;
      appended.open();
      return gate.opened;
    };
    ada.tab.doc.getText('t').insert(0, 'on its way');
    ada.tab.socket.emit('push', { document, update: Uint8Array.from(ada.tab.edits[0] ?? []) }, () => {});
    await appended.opened;
    ada.tab.socket.disconnect();
    const bo = hub.addPerson('Bo');
    hub.setRight(document, bo.actor.memberId, {});
    const tab = await openTab(hub, bo.token);
    hub.time.advance(idleMs * 3);
    expect(hub.engine.roomCount()).toBe(1);
    gate.open();
    await tab.enter(document);
    await expect.poll(() => textOf(tab), { timeout: 10_000 }).toBe('on its way');
  });

  test('[LV27] a long log is merged into a snapshot, the log stays, and a reconnecting device gets only the rest', async () => {
    const ada = await joined('Ada');
    const chunk = 'y'.repeat(snapshotBytes / 4);
    for (let at = 0; at < 6; at += 1) await type(ada.tab, chunk);
    const snapshotSeq = async () => (await storage.open(document)).snapshot?.seq;
    await expect.poll(snapshotSeq, { timeout: 10_000 }).toBeGreaterThan(0);
    const opened = await storage.open(document);
    expect(opened.tail.length).toBeLessThan(6);
    expect(await storage.entriesAfter(document, 0, 100)).toHaveLength(6);
    const { epoch } = opened;
    const rest = await ada.tab.join(document, { epoch, seq: 5 });
    expect(rest).toMatchObject({ seq: 6, updates: [expect.any(Uint8Array)] });
    const fresh = await joined('Bo');
    expect(textOf(fresh.tab)).toBe(chunk.repeat(6));
    expect(await type(fresh.tab, '!')).toBe(7);
  });

  test('[LV27] a snapshot is begun only when everything of its commit has been told to all, in other documents too', async () => {
    const ada = await joined('Ada');
    const first = document;
    document = `test/${createId()}`;
    const bo = await joined('Bo');
    const gate = createGate();
    const appended = createGate();
    const toldBefore: string[][] = [];
    const committed = vi.spyOn(LiveRoom.prototype, 'committed');
    storage.before = (method) => {
      if (method === 'saveSnapshot')
        toldBefore.push(committed.mock.contexts.map((room) => (room as LiveRoom).document));
      if (method !== 'append') return undefined;
      appended.open();
      return gate.opened;
    };
    const text = ada.tab.doc.getText('t');
    const pushed = [];
    for (let at = 0; at < 5; at += 1) {
      text.insert(0, 'y'.repeat(snapshotBytes / 4 + 1));
      pushed.push(ada.tab.pushEdits(first));
      if (at === 0) await appended.opened;
    }
    // Whatever Ada sent has been taken in when this is answered.
    await ada.tab.ask('leave', { document: 'test/x' });
    const other = type(bo.tab, 'meanwhile');
    await bo.tab.ask('leave', { document: 'test/x' });
    gate.open();
    await Promise.all([...pushed, other]);
    await expect.poll(() => toldBefore.length, { timeout: 10_000 }).toBe(1);
    expect(toldBefore[0]).toContain(document);
    committed.mockRestore();
  });

  test('[LV29] a room is told of edits soon, then at most once in 20 s, and of the last one always', async () => {
    const id = document.slice('test/'.length);
    const times = () => hub.edited.map((lastEdits) => lastEdits.get(id)?.getTime());
    const ada = await joined('Ada');
    for (const word of ['a', 'b', 'c']) await type(ada.tab, word);
    const first = hub.time.now().getTime();
    hub.time.advance(250);
    expect(times()).toEqual([first]);
    await type(ada.tab, 'd');
    const second = hub.time.now().getTime();
    const pass = async (seconds: number) => {
      for (let round = 0; round < seconds * 4; round += 1) {
        // What was told has been taken, so that the next round is planned.
        await Promise.resolve();
        hub.time.advance(250);
      }
    };
    await pass(19);
    await type(ada.tab, 'e');
    expect(times()).toEqual([first]);
    const last = hub.time.now().getTime();
    expect(last).toBeGreaterThan(second);
    await pass(1.25);
    expect(times()).toEqual([first, last]);
    await pass(60);
    expect(times()).toEqual([first, last]);
    await type(ada.tab, 'f');
    await hub.engine.close();
    expect(times()).toEqual([first, last, hub.time.now().getTime()]);
  });
});
