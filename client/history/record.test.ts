import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { momentFrom } from '#client/history/hub-moment.ts';
import { growRecord } from '#client/history/load-record.ts';
import { HistoryRecord } from '#client/history/record.ts';
import { AppError } from '#shared/base/errors.ts';
import { encodeMoment, encodeRange, type Range } from '#shared/history/moment-bytes.ts';

const eleni = { memberId: 'e', memberName: 'Eleni', companyName: 'Aegean Marine', side: 'buyer' } as const;
const piotr = { memberId: 'p', memberName: 'Piotr', companyName: 'Gdansk Pumps', side: 'supplier' } as const;
const name = 'plan/p/shared';

/** Two people in one document; each edit is one step, a second apart. */
function twoPeople() {
  const docs = [new Y.Doc(), new Y.Doc()] as const;
  const range: Range = { untilMs: 0, authors: [eleni, piotr], documents: [name], steps: [] };
  const edit = (author: 0 | 1, work: (doc: Y.Doc) => void) => {
    const updates: Uint8Array[] = [];
    const keep = (update: Uint8Array) => updates.push(update);
    docs[author].on('update', keep);
    docs[author].transact(() => work(docs[author]));
    docs[author].off('update', keep);
    const update = Y.mergeUpdates(updates);
    Y.applyUpdate(docs[1 - author] as Y.Doc, update);
    const at = range.steps.length + 1;
    range.untilMs = at * 1_000;
    range.steps.push({
      document: 0,
      first: at,
      last: at,
      author,
      sinceMs: at * 1_000,
      atMs: at * 1_000,
      update,
    });
  };
  return { range, edit, doc: docs[0] };
}

const title = (doc: Y.Doc | null) => doc?.getMap('title').get('row');

function story() {
  const { range, edit, doc } = twoPeople();
  edit(0, (it) => it.getMap('title').set('row', 'Tool'));
  edit(1, (it) => it.getMap('title').set('row', 'Tooling'));
  edit(0, (it) => it.getMap('place').set('row', '/a'));
  edit(1, (it) => it.getMap('title').delete('row'));
  return { range, doc };
}

describe('the record on the device', () => {
  test('[HI26] gives every moment as it was, and the present as it is', () => {
    const { range, doc } = story();
    const record = new HistoryRecord();
    record.add(range);
    expect([500, 1_000, 2_500, 3_000, 4_000].map((ms) => title(record.moment(ms).doc(name)))).toEqual([
      undefined,
      'Tool',
      'Tooling',
      'Tooling',
      undefined,
    ]);
    expect(record.latest().doc(name)?.getMap('place').toJSON()).toEqual(doc.getMap('place').toJSON());
    expect(record.moment(1_000)).toBe(record.moment(1_000));
    expect(record.moment(1_000).doc('plan/p/buyer')).toBeNull();
  });

  test('[HI26] what is told twice is taken once, and what is new is seen', () => {
    const { range } = story();
    const record = new HistoryRecord();
    const first = { ...range, steps: range.steps.slice(0, 2) };
    expect(record.add(first)).toBe(true);
    expect(record.add(first)).toBe(false);
    expect(title(record.latest().doc(name))).toBe('Tooling');
    expect(record.add(range)).toBe(true);
    expect(title(record.latest().doc(name))).toBeUndefined();
    expect(record.untilMs).toBe(4_000);
  });

  test('[HI27] knows who wrote each value, who took it out, and what a stretch of work touched', () => {
    const record = new HistoryRecord();
    record.add(story().range);
    const moment = record.moment(2_000);
    const item = moment.doc(name)?.getMap('title')._map.get('row');
    const id = item?.lastId ?? Y.createID(0, 0);
    expect(moment.writer(name, id)).toMatchObject({ author: piotr, atMs: 2_000 });
    expect(moment.remover(name, id)).toMatchObject({ author: piotr, atMs: 4_000 });
    expect(record.touched(name, { memberId: 'e', fromMs: 1_000, toMs: 3_000 })).toEqual([
      { root: 'title', key: 'row' },
      { root: 'place', key: 'row' },
    ]);
    expect(record.touched(name, { memberId: 'p', fromMs: 4_000, toMs: 4_000 })).toEqual([
      { root: 'title', key: 'row' },
    ]);
  });

  test('[HI27] a moment told by the hub reads the same and knows the same hands', () => {
    const { doc } = story();
    const written = [{ client: doc.clientID, from: 0, to: 1, author: 0, atMs: 1_000 }];
    const update = Y.encodeStateAsUpdate(doc);
    const bytes = encodeMoment({
      atMs: 4_000,
      authors: [eleni],
      documents: [{ document: name, seq: 4, editedAtMs: 4_000, update, written, deleted: [] }],
      omitted: [],
    });
    const moment = momentFrom(bytes, 4_000);
    expect(moment.doc(name)?.getMap('place').get('row')).toBe('/a');
    expect(moment.writer(name, Y.createID(doc.clientID, 0))?.author).toEqual(eleni);
    expect(moment.writer(name, Y.createID(doc.clientID, 9))).toBeNull();
  });

  test('[HI28] is read page by page until there is nothing more, and goes on from there', async () => {
    const { range } = story();
    const record = new HistoryRecord();
    const asked: number[] = [];
    const told: number[] = [];
    const loading = {
      subject: { kind: 'plan', id: 'p' },
      signal: new AbortController().signal,
      progress: (ms: number) => void told.push(ms),
      read: (fromMs: number) => {
        asked.push(fromMs);
        const steps = range.steps.filter(({ atMs }) => atMs > fromMs).slice(0, 2);
        return Promise.resolve(encodeRange({ ...range, steps, untilMs: steps.at(-1)?.atMs ?? fromMs }));
      },
    };
    expect(await growRecord(record, loading)).toBe(true);
    expect(asked).toEqual([0, 2_000, 4_000]);
    expect(told).toEqual([2_000, 4_000, 4_000]);
    asked.length = 0;
    expect(await growRecord(record, loading)).toBe(true);
    expect(asked[0]).toBe(3_999);
  });

  test('[HI28] says when it is more than a device should hold or has two lives, and ends when it is called off', async () => {
    const { range } = story();
    const [step] = range.steps;
    const page = encodeRange({ ...range, steps: step === undefined ? [] : [step] });
    const stopped = new AbortController();
    stopped.abort();
    const record = new HistoryRecord();
    const loading = {
      subject: { kind: 'plan', id: 'p' },
      signal: stopped.signal,
      progress: () => undefined,
      read: () => Promise.resolve(page),
    };
    await expect(growRecord(record, loading)).rejects.toThrow();
    expect(record.untilMs).toBe(0);
    const light = { ...loading, signal: new AbortController().signal, mostBytes: 1 };
    expect(await growRecord(record, light)).toBe(false);
    const takenBack = { ...light, read: () => Promise.reject(new AppError('history.newLife')) };
    expect(await growRecord(record, takenBack)).toBe(false);
  });
});
