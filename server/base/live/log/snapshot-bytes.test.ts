import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { ClockRuns, ClockSet } from '#server/base/live/admission/clock-ranges.ts';
import { DocumentIndex } from '#server/base/live/admission/document-index.ts';
import { readStored } from '#server/base/live/admission/stored-structs.ts';
import { decodeDetails } from '#server/base/live/log/detail-bytes.ts';
import { detailsOf } from '#server/base/live/log/merge-jobs.ts';
import { decodeSnapshot, encodeSnapshot } from '#server/base/live/log/snapshot-bytes.ts';

/** A document of text, nested maps and deletions by three clients. */
function document(): Y.Doc {
  const doc = new Y.Doc();
  const text = doc.getText('t');
  for (let edit = 0; edit < 300; edit += 1) {
    doc.clientID = [4, 0xffffffff, 77][edit % 3] ?? 0;
    text.insert((edit * 7) % (text.length + 1), `w${edit}`);
    if (edit % 5 === 0) text.delete((edit * 3) % (text.length - 1), 1);
    if (edit % 50 === 0) doc.getMap('m').set(`k${edit}`, new Y.Map([['inner', new Y.Text('deep')]]));
  }
  return doc;
}

test('[LV85] a snapshot says whose ids it holds and what its structs are, and its update is not copied', () => {
  const update = Y.encodeStateAsUpdate(document());
  const body = {
    update,
    clocks: new Map([[4, 900]]),
    owners: new Map([
      [4, 'ada'],
      [0xffffffff, 'bo'],
      [77, 'ada'],
    ]),
    details: detailsOf(update),
  };
  const bytes = Uint8Array.from(Buffer.concat(encodeSnapshot(body)));
  const read = decodeSnapshot(bytes);
  expect(read).toEqual(body);
  expect(read.update.buffer).toBe(bytes.buffer);
  expect(() => decodeSnapshot(Uint8Array.of(7, ...bytes.slice(1)))).toThrow();
});

test('[LV85] stored details say the same as the update itself', () => {
  const update = Y.encodeStateAsUpdate(document());
  const details = { depths: new ClockRuns(), deleted: new ClockSet() };
  readStored([update], details);
  expect(decodeDetails(detailsOf(update))).toEqual(details);
  expect(decodeDetails(Uint8Array.of(200))).toBeNull();
});

test('[LV85] what came after the snapshot is read on top of its details', () => {
  const doc = document();
  const snapshot = Y.encodeStateAsUpdate(doc);
  const { to: clocks } = Y.parseUpdateMeta(snapshot);
  const tail: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => tail.push(update));
  doc.clientID = 5;
  const inner = doc.getMap('m').get('k0');
  if (inner instanceof Y.Map) inner.set('more', new Y.Map([['deepest', 1]]));
  doc.getText('t').delete(3, 4);
  const state = { clocks: new Map([...clocks, [5, 2]]), owners: new Map(), bytes: 0 };
  const plain = new DocumentIndex(state, () => [snapshot, ...tail]);
  const known = new DocumentIndex(
    state,
    () => [Uint8Array.of(255), ...tail],
    () => ({
      details: detailsOf(snapshot),
      clocks,
    }),
  );
  for (const index of [plain, known]) {
    expect(index.depthOf({ client: 5, clock: 0 })).toBe(2);
    expect(index.depthOf({ client: 5, clock: 1 })).toBe(3);
  }
  for (const [client, end] of clocks) {
    for (let clock = 0; clock < end; clock += 1) {
      expect(known.isDeleted(client, clock, clock + 1)).toBe(plain.isDeleted(client, clock, clock + 1));
      expect(known.depthOf({ client, clock })).toBe(plain.depthOf({ client, clock }));
    }
  }
});
