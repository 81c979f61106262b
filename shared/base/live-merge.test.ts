/** Merging in rounds, against the merge of Yjs itself. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { mergeAsTree } from '#shared/base/live-merge.ts';

const { mergedAtOnce } = vi.hoisted(() => ({ mergedAtOnce: [] as number[] }));

vi.mock('yjs', async (importOriginal) => {
  const yjs = await importOriginal<typeof Y>();
  return {
    ...yjs,
    mergeUpdates: (updates: Uint8Array[]) => {
      mergedAtOnce.push(updates.length);
      return yjs.mergeUpdates(updates);
    },
  };
});

/** Edits of several writers in one map, overwriting each other, with deletions among them. */
function editsOf(count: number): Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let at = 0; updates.length < count; at++) {
    doc.clientID = 1_000 + (at % 5);
    const map = doc.getMap('m');
    if (at % 7 === 6) map.delete(`k${(at * 3) % 31}`);
    else map.set(`k${(at * 11) % 31}`, at);
  }
  return updates;
}

describe('merging many updates', () => {
  beforeEach(() => mergedAtOnce.splice(0));

  test.each([2, 16, 17, 257, 1_000])('[LV56] %i updates become the same bytes as all at once', (count) => {
    const updates = editsOf(count);
    expect(Buffer.compare(mergeAsTree(updates), Y.mergeUpdates(updates))).toBe(0);
  });

  test('[LV56] updates that leave holes between them become the same bytes as all at once', () => {
    const updates = editsOf(600).filter((_, at) => at % 3 !== 1);
    expect(Buffer.compare(mergeAsTree(updates), Y.mergeUpdates(updates))).toBe(0);
  });

  test('[LV56] no more than sixteen are merged at once, in rounds', () => {
    mergeAsTree(editsOf(1_000));
    expect(Math.max(...mergedAtOnce)).toBe(16);
    expect(mergedAtOnce.reduce((sum, count) => sum + count, 0)).toBeLessThan(1_000 * 1.1);
  });

  test('[LV56] one alone is handed back as it is, none is an empty update', () => {
    const [only] = editsOf(1);
    expect(only === undefined ? null : mergeAsTree([only])).toBe(only);
    expect([...mergeAsTree([])]).toEqual([0, 0]);
  });
});
