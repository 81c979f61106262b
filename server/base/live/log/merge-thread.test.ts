import { afterAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { DocumentIndex } from '#server/base/live/admission/document-index.ts';
import { MergeThread } from '#server/base/live/log/merge-thread.ts';
import { packUpdates, unpackUpdates } from '#server/base/live/log/packed-updates.ts';

const thread = new MergeThread();
afterAll(() => thread.stop());

/** A text typed key by key, with some taken back. */
function typed(): { doc: Y.Doc; updates: Uint8Array[] } {
  const doc = new Y.Doc({ gc: false });
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = doc.getText('t');
  for (let key = 0; key < 3_000; key += 1) {
    if (key % 40 === 39) text.delete(text.length - 5, 3);
    else text.insert(text.length, `${key % 10}`);
  }
  return { doc, updates };
}

test('[LV86] a snapshot is merged beside the hub into runs, and loses nothing, not even what was deleted', async () => {
  const { doc, updates } = typed();
  const first = await thread.merge({ snapshot: null, tail: updates.slice(0, 2_000), withDetails: true });
  const { update, details } = await thread.merge({
    snapshot: first.update,
    tail: updates.slice(2_000),
    withDetails: true,
  });
  expect(update).toEqual(Y.encodeStateAsUpdate(doc));
  expect(update.length).toBeLessThan(Y.mergeUpdates(updates).length / 5);
  const { to: clocks } = Y.parseUpdateMeta(update);
  const state = { clocks, owners: new Map(), bytes: 0 };
  const index = new DocumentIndex(
    state,
    () => [update],
    () => (details === null ? null : { details, clocks }),
  );
  const plain = new DocumentIndex(state, () => updates);
  for (let clock = 0; clock < (clocks.get(doc.clientID) ?? 0); clock += 1) {
    const asked = [doc.clientID, clock, clock + 1] as const;
    expect(index.isDeleted(...asked)).toBe(plain.isDeleted(...asked));
  }
});

test('[LV86] what cannot be merged is told so, and the next merge is done', async () => {
  const broken = { snapshot: Uint8Array.of(1, 9, 9), tail: [Uint8Array.of(5, 5)], withDetails: true };
  await expect(thread.merge(broken)).rejects.toMatchObject({ fault: 'threw' });
  const { updates } = typed();
  const { update, details } = await thread.merge({ snapshot: null, tail: updates, withDetails: false });
  expect(details).toBeNull();
  expect(Y.parseUpdateMeta(update)).toEqual(Y.parseUpdateMeta(Y.mergeUpdates(updates)));
});

test('[LV86] updates travel in one buffer of their own', () => {
  const pool = Buffer.from('many updates in one pool');
  const updates = [pool.subarray(0, 4), pool.subarray(4, 4), pool.subarray(5)];
  const packed = packUpdates(updates);
  expect(packed.byteLength).toBe(packed.buffer.byteLength);
  expect(unpackUpdates(packed).map((update) => Buffer.from(update))).toEqual(
    updates.map((one) => Buffer.from(one)),
  );
});
