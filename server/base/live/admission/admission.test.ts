import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { DocumentIndex } from '#server/base/live/admission/document-index.ts';
import { ada, bo, hello, take } from '#tests/support/admission-document.ts';
import { textItem, updateOf } from '#tests/support/update-bytes.ts';

test('[LV13] edits of two people go in one by one, and the index says where their clocks stand', () => {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  const index = new DocumentIndex(
    {
      clocks: new Map(),
      owners: new Map([
        [a.clientID, 'ada'],
        [b.clientID, 'bo'],
      ]),
      bytes: 0,
    },
    () => [],
  );
  for (const [doc, other, member] of [
    [a, b, 'ada'],
    [b, a, 'bo'],
  ] as const) {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'other') return;
      expect(take(index, update, member).kind).toBe('new');
      Y.applyUpdate(other, update, 'other');
    });
  }
  a.getText('t').insert(0, 'héllo 👋');
  b.getText('t').insert(2, 'X');
  b.getText('t').delete(0, 3);
  const map = new Y.Map();
  a.getMap('m').set('row', map);
  map.set('title', 'A');
  map.set('title', 'B');
  b.getMap('m').delete('row');
  a.getXmlFragment('x').insert(0, [new Y.XmlElement('p'), new Y.XmlText('y')]);
  a.getText('t').format(0, 2, { bold: true });
  a.getArray('l').push([1, 'a', null, true, { deep: [1.5] }, new Uint8Array([1])]);
  expect(index.clocks).toEqual(Y.decodeStateVector(Y.encodeStateVector(a)));
  expect(Y.encodeStateVector(b)).toEqual(Y.encodeStateVector(a));
});

test('[LV14] the same update again is known; of a longer one only the rest is stored', () => {
  const doc = new Y.Doc();
  doc.clientID = bo;
  const index = hello();
  doc.getText('u').insert(0, 'abc');
  const first = Y.encodeStateAsUpdate(doc);
  expect(take(index, first, 'bo')).toMatchObject({ kind: 'new', update: first });
  expect(take(index, first, 'bo')).toEqual({ kind: 'known' });
  doc.getText('u').insert(3, 'def');
  const whole = take(index, Y.encodeStateAsUpdate(doc), 'bo');
  if (whole.kind !== 'new') throw new Error('must be new');
  expect(whole.change.clocks).toEqual([{ client: bo, from: 3, to: 6 }]);
  const copy = new Y.Doc();
  Y.applyUpdate(copy, first);
  Y.applyUpdate(copy, whole.update);
  expect(copy.getText('u').toString()).toBe('abcdef');
  expect(whole.update.length).toBeLessThan(Y.encodeStateAsUpdate(doc).length);
});

test('[LV14] the whole state with others’ known structs in it is no foreign write', () => {
  const index = hello();
  const doc = new Y.Doc();
  doc.clientID = bo;
  Y.applyUpdate(doc, updateOf([{ client: ada, structs: [textItem('hello')] }]));
  doc.getText('t').insert(5, '!');
  const admission = take(index, Y.encodeStateAsUpdate(doc), 'bo');
  expect(admission).toMatchObject({ kind: 'new', change: { clocks: [{ client: bo, from: 0, to: 1 }] } });
});

test('[LV14] a deletion is new once', () => {
  const index = hello();
  const deletion = updateOf([], [[ada, 1, 3]]);
  expect(take(index, deletion, 'bo')).toMatchObject({ kind: 'new', change: { clocks: [] } });
  expect(take(index, deletion, 'bo')).toEqual({ kind: 'known' });
  expect(take(index, updateOf([], [[ada, 2, 1]]), 'bo')).toEqual({ kind: 'known' });
  expect(take(index, updateOf([], [[ada, 2, 3]]), 'bo').kind).toBe('new');
  expect(take(index, updateOf([]), 'bo')).toEqual({ kind: 'known' });
});

test('[LV12] what was typed and deleted offline, collected already, is taken under the own id', () => {
  const doc = new Y.Doc();
  doc.clientID = bo;
  const row = new Y.Map();
  doc.getMap('m').set('row', row);
  row.set('title', 'never seen');
  doc.getMap('m').delete('row');
  doc.getMap('m').set('kept', 1);
  expect(take(hello(), Y.encodeStateAsUpdate(doc), 'bo').kind).toBe('new');
});

test('[LV15] two ids of one person in one update may refer to each other, whatever their order', () => {
  for (const [early, late] of [
    [bo, 23],
    [23, bo],
  ] as const) {
    const first = new Y.Doc();
    first.clientID = early;
    first.getText('t').insert(0, 'ab');
    const second = new Y.Doc();
    second.clientID = late;
    Y.applyUpdate(second, Y.encodeStateAsUpdate(first));
    second.getText('t').insert(1, 'X');
    Y.applyUpdate(first, Y.encodeStateAsUpdate(second));
    first.getText('t').insert(2, 'Y');
    const index = hello();
    expect(take(index, Y.encodeStateAsUpdate(first), 'bo').kind).toBe('new');
    expect(index.clockOf(early)).toBe(3);
  }
});

test('[LV16] depths are the same whether counted as edits came or read from storage', () => {
  const doc = new Y.Doc();
  doc.clientID = bo;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const map = new Y.Map<unknown>();
  doc.getMap('m').set('a', map);
  const inner = new Y.Array<unknown>();
  map.set('b', inner);
  inner.push(['x', 'y']);
  inner.insert(1, ['z']);
  inner.delete(0, 1);
  const live = hello();
  for (const update of updates) take(live, update, 'bo');
  const clocks = new Map(live.clocks);
  const stored = new DocumentIndex({ clocks, owners: live.owners, bytes: 0 }, () => [
    Y.mergeUpdates(updates),
  ]);
  for (let clock = 0; clock < live.clockOf(bo); clock += 1) {
    expect(stored.depthOf({ client: bo, clock })).toBe(live.depthOf({ client: bo, clock }));
  }
  expect(live.depthOf({ client: bo, clock: 2 })).toBe(3);
  expect(stored.isDeleted(bo, 2, 3)).toBe(true);
});
