/** Records derived of documents while people write in them, after a crash, and beside documents that break the reader. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createMemoryDerivedStore } from '#server/base/live/derived/memory-derived-store.ts';
import type { DerivedReading } from '#server/base/live/kind.ts';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import { createId } from '#shared/base/ids.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { type LiveTab, openTab } from '#tests/support/live-tab.ts';
import { until } from '#tests/support/until.ts';

const module = new URL('../support/threads/derive-texts.ts', import.meta.url);
/** Short enough for a test, and long enough for a busy machine to read a line of text. */
const limits = { timeMs: 800, memoryMb: 48 };

let hub: LiveHub;
let store: ReturnType<typeof createMemoryDerivedStore>;
let storage: ReturnType<typeof createMemoryStorage>;
let told: unknown[];
let id: string;
let subject: string;

async function start(version = 1, timeMs = limits.timeMs): Promise<void> {
  const changed = async (_id: string, value: unknown) => {
    told.push(value);
  };
  const reading: DerivedReading = {
    module,
    version,
    changed,
    reads: (document) => !document.endsWith('/unread'),
  };
  hub = await startLiveHub({
    storage,
    derived: { reading, store, limits: { ...limits, timeMs } },
    ...(hub === undefined ? {} : { people: hub.people, rights: hub.rights }),
  });
}

beforeEach(async () => {
  [store, storage] = [createMemoryDerivedStore(), createMemoryStorage()];
  told = [];
  id = createId();
  subject = `test/${id}`;
  await start();
});
afterEach(() => hub.stop());

/** Somebody who may write a document of the subject, in it. */
async function enter(part: string): Promise<LiveTab & { write: (text: string) => Promise<unknown> }> {
  const document = `${subject}/${part}`;
  const { token, actor } = hub.addPerson('Ada');
  hub.setRight(document, actor.memberId, {});
  const tab = await openTab(hub, token);
  await tab.enter(document);
  const write = (text: string) => {
    tab.doc.getText('t').insert(tab.doc.getText('t').length, text);
    return tab.pushEdits(document);
  };
  return Object.assign(tab, { write });
}

const record = () => store.read(subject);

async function derived(revision: number) {
  return await until(`record ${revision}`, async () => {
    const found = await record();
    return found !== null && found.revision >= revision ? found : undefined;
  });
}

describe('derived records', () => {
  test('[LV91] a record is made at most 2 s after the last edit, and 10 s after the first of constant typing', async () => {
    const ada = await enter('a');
    await ada.write('one');
    hub.time.advance(700);
    await hub.engine.derivation?.idle();
    expect(await record()).toBeNull();
    hub.time.advance(800);
    expect(await derived(1)).toMatchObject({ value: { [`${subject}/a`]: 'one' }, revision: 1 });
    for (let typed = 0; typed < 12; typed += 1) {
      await ada.write('!');
      hub.time.advance(500);
    }
    expect(await derived(2)).toMatchObject({
      value: { [`${subject}/a`]: expect.stringMatching(/^one!{9,}$/) },
    });
  });

  test('[LV91] it says up to which number of which document it is, and is told to the room', async () => {
    const [ada, bo] = [await enter('a'), await enter('b')];
    await ada.write('one');
    await bo.write('two');
    await bo.write('three');
    hub.time.advance(1_500);
    const { states, value } = await derived(1);
    expect(states.map(({ document, seq }) => [document, seq])).toEqual([
      [`${subject}/a`, 1],
      [`${subject}/b`, 2],
    ]);
    expect(told).toEqual([value]);
  });

  test('[LV91] a subject that takes long to read keeps no other waiting', async () => {
    await hub.stop();
    await start(1, 30_000);
    const ada = await enter('a');
    await ada.write('SLOW');
    hub.time.advance(1_500);
    await derived(1);
    const slow = subject;
    subject = `test/${createId()}`;
    const bo = await enter('a');
    ada.doc.getText('t').insert(0, 'more ');
    await ada.pushEdits(`${slow}/a`);
    hub.time.advance(1_500);
    await bo.write('calm');
    hub.time.advance(1_500);
    await derived(1);
    expect(await store.read(slow)).toMatchObject({ revision: 1 });
    await until('the slow one', async () => (await store.read(slow))?.revision === 2);
  });

  test('[LV92] what says the same is not told again, and what is not read makes no record', async () => {
    const [ada, bo] = [await enter('a'), await enter('unread')];
    await ada.write('one');
    hub.time.advance(1_500);
    await derived(1);
    await bo.write('two');
    hub.time.advance(5_000);
    await hub.engine.derivation?.idle();
    expect(await record()).toMatchObject({ revision: 1 });
    ada.doc.getMap('m').set('unseen', 1);
    await ada.pushEdits(`${subject}/a`);
    hub.time.advance(1_500);
    await derived(2);
    expect(told).toHaveLength(1);
  });

  test('[LV93] what was not derived when the process died is derived by the next, and nothing twice', async () => {
    const ada = await enter('a');
    await ada.write('one');
    await hub.stop();
    expect(await record()).toBeNull();
    await start();
    expect(await derived(1)).toMatchObject({ value: { [`${subject}/a`]: 'one' } });
    await hub.stop();
    await start();
    await hub.engine.derivation?.idle();
    expect(await record()).toMatchObject({ revision: 1 });
    expect(told).toHaveLength(1);
  });

  test('[LV93] documents without a record, and records of an earlier way of reading, are made at the start', async () => {
    const doc = new Y.Doc();
    doc.getText('t').insert(0, 'old');
    const update = Y.encodeStateAsUpdate(doc);
    const at = hub.time.now();
    const clocks = [{ client: doc.clientID, from: 0, to: 3 }];
    const entry = {
      seq: 1,
      first: 1,
      update,
      memberId: createId(),
      side: 'buyer',
      at,
      since: at,
      clocks,
    } as const;
    await hub.stop();
    await storage.open(`${subject}/a`);
    await storage.append([{ document: `${subject}/a`, entries: [{ ...entry }] }]);
    await start();
    expect(await derived(1)).toMatchObject({ value: { [`${subject}/a`]: 'old' }, version: 1 });
    await hub.stop();
    await start(2);
    expect(await derived(2)).toMatchObject({ version: 2 });
  });

  test('[LV93] a subject that nobody has in memory any more, and that is not behind, is not looked at again', async () => {
    const ada = await enter('a');
    await ada.write('one');
    expect(await store.listOpen()).toEqual([subject]);
    hub.time.advance(1_500);
    await derived(1);
    ada.socket.disconnect();
    await until('the room is gone', () => {
      hub.time.advance(31_000);
      return hub.engine.roomCount() === 0;
    });
    await until('the mark is gone', async () => (await store.listOpen()).length === 0);
  });
});

describe('documents that break the reader', () => {
  const quarantineOf = async (part: string) =>
    (await hub.engine.derivation?.quarantinesOf(subject))?.find(
      ({ document }) => document === `${subject}/${part}`,
    );

  test.each([
    ['LOOP', 'time'],
    ['HOG', 'memory'],
    ['THROW', 'threw'],
  ])('[LV94] %s puts that one document in quarantine; its neighbours are read on', async (order, fault) => {
    if (fault === 'memory') {
      await hub.stop();
      await start(1, 20_000);
    }
    const [ada, bo] = [await enter('a'), await enter('b')];
    await ada.write('good');
    await bo.write('fine');
    hub.time.advance(1_500);
    await derived(1);
    await ada.write(`, ${order}`);
    await bo.write(' and more');
    hub.time.advance(1_500);
    const quarantine = await until('the quarantine', () => quarantineOf('a'), 30_000);
    expect(quarantine).toMatchObject({ fault, goodSeq: 1, badSeq: 2, subject });
    expect(await quarantineOf('b')).toBeUndefined();
    expect(await derived(2)).toMatchObject({
      value: { [`${subject}/a`]: 'good', [`${subject}/b`]: 'fine and more' },
    });
    expect(await ada.seen('rights')).toEqual({
      document: `${subject}/a`,
      mayWrite: false,
      quarantined: true,
    });
    ada.doc.getText('t').insert(0, 'x');
    const answer = await ada.push(`${subject}/a`, ada.edits.pop());
    expect(answer).toEqual({ ok: false, code: 'live.quarantined' });
    await bo.write('!');
    hub.time.advance(1_500);
    expect(await derived(3)).toMatchObject({ value: { [`${subject}/b`]: 'fine and more!' } });
  });

  test('[LV94] another subject is read while a document is tried', async () => {
    const ada = await enter('a');
    await ada.write('LOOP');
    hub.time.advance(1_500);
    await until('the trial has begun', () =>
      hub.logged.some(({ msg }) => String(msg).includes('one by one')),
    );
    const other = `test/${createId()}/a`;
    const { token, actor } = hub.addPerson('Bo');
    hub.setRight(other, actor.memberId, {});
    const bo = await openTab(hub, token);
    await bo.enter(other);
    bo.doc.getText('t').insert(0, 'calm');
    await bo.pushEdits(other);
    hub.time.advance(1_500);
    const name = other.slice(0, other.lastIndexOf('/'));
    await until('the other record', () => store.read(name));
    expect(await quarantineOf('a')).toBeUndefined();
  });

  test('[LV94] a quarantine outlives the process', async () => {
    const ada = await enter('a');
    await ada.write('THROW');
    hub.time.advance(1_500);
    await until('the quarantine', () => quarantineOf('a'));
    await hub.stop();
    await start();
    const bo = await enter('a');
    expect(await bo.join(`${subject}/a`)).toMatchObject({ mayWrite: false, quarantined: true });
  });

  test('[LV95] going back begins another life from the last good state; the old log stays, whole', async () => {
    const ada = await enter('a');
    const document = `${subject}/a`;
    const { epoch } = await ada.enter(document);
    await ada.write('good');
    hub.time.advance(1_500);
    await derived(1);
    await ada.write(', THROW');
    hub.time.advance(1_500);
    await until('the quarantine', () => quarantineOf('a'));
    const memberId = createId();
    await hub.engine.derivation?.goBack(document, { memberId, side: 'supplier' });
    expect(await ada.seen('closed')).toEqual({ document, code: 'live.historyReplaced' });
    expect(await quarantineOf('a')).toBeUndefined();
    const bo = await enter('a');
    const joined = await bo.enter(document);
    expect(joined).toMatchObject({ mayWrite: true, seq: 3 });
    expect(joined.epoch).not.toBe(epoch);
    expect(bo.doc.getText('t').toString()).toBe('good');
    await bo.write('!');
    const log = await storage.entriesAfter(document, 0, 10);
    expect(log.map((entry) => entry.seq)).toEqual([1, 2, 3, 4]);
    expect(log[2]).toMatchObject({ memberId, side: 'supplier' });
    // What history reads by, and what compaction leaves as it is.
    expect(await hub.engine.archive.listCuts(document)).toEqual([{ after: 1, upTo: 3 }]);
    expect(await hub.engine.derivation?.keptNumbers(document)).toEqual([1, 2, 3]);
    hub.time.advance(1_500);
    await until('the record of the new life', async () => {
      const { value } = (await record()) ?? { value: {} };
      return (value as Record<string, string>)[document] === 'good!';
    });
    await bo.write('THROW');
    hub.time.advance(1_500);
    const second = await until('the second quarantine', () => quarantineOf('a'));
    expect(second).toMatchObject({ goodSeq: 4, badSeq: 5 });
    await hub.engine.derivation?.goBack(document, { memberId, side: 'buyer' });
    const cy = await enter('a');
    expect(cy.doc.getText('t').toString()).toBe('good!');
  });

  test('[LV95] a document never read before it broke is taken back to where it can be read, and not emptied', async () => {
    const ada = await enter('a');
    const document = `${subject}/a`;
    for (const text of ['a', 'b', 'c', 'THROW', 'd']) await ada.write(text);
    hub.time.advance(1_500);
    expect(await until('the quarantine', () => quarantineOf('a'))).toMatchObject({ goodSeq: 3, badSeq: 5 });
    await hub.engine.derivation?.goBack(document, { memberId: createId(), side: 'buyer' });
    // Broken again before the new life was read once: then it is the beginning of that life.
    const bo = await enter('a');
    expect(bo.doc.getText('t').toString()).toBe('abc');
    await bo.write('THROW');
    hub.time.advance(1_500);
    expect(await until('the second', () => quarantineOf('a'))).toMatchObject({ goodSeq: 6, badSeq: 7 });
    await hub.engine.derivation?.goBack(document, { memberId: createId(), side: 'buyer' });
    const cy = await enter('a');
    expect(cy.doc.getText('t').toString()).toBe('abc');
  });

  test('[LV95] nobody goes back in a document that can be read', async () => {
    const ada = await enter('a');
    await ada.write('good');
    const back = hub.engine.derivation?.goBack(`${subject}/a`, { memberId: createId(), side: 'buyer' });
    await expect(back).rejects.toMatchObject({ code: 'thing.absent' });
  });
});
