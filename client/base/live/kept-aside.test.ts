import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { listKeptAside } from '#client/base/live/kept-aside.ts';
import { readKeptText } from '#client/base/live/kept-text.ts';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';

/** A document somebody has received, and edits of theirs on top. */
function edited(work: (doc: Y.Doc) => void): { seen: Uint8Array; update: Uint8Array; received: Uint8Array } {
  const doc = new Y.Doc();
  doc.getText('note').insert(0, 'Before. ');
  doc.getMap('title').set('b1', 'Drawing');
  const received = Y.encodeStateAsUpdate(doc);
  const mine = new Y.Doc();
  Y.applyUpdate(mine, received);
  const before = Y.encodeStateVector(mine);
  work(mine);
  return { received, seen: Y.encodeStateAsUpdate(mine), update: Y.encodeStateAsUpdate(mine, before) };
}

const typed = () =>
  edited((doc) => {
    doc.getText('note').insert(8, 'The seal ');
    doc.getText('note').insert(17, 'leaks.');
    doc.getMap('title').set('b1', 'Drawing of the seal');
  });

describe('what the device alone has', () => {
  test('[LV96] the text of edits is read without their document, and where it stood', () => {
    const { seen, update } = typed();
    expect(readKeptText([seen], [update])).toEqual([
      { place: 'note', text: 'The seal leaks.' },
      { place: 'title', text: 'Drawing of the seal' },
    ]);
  });

  test('[LV96] what only took something away has no text, and bytes that are none are no failure', () => {
    const { seen, update } = edited((doc) => doc.getText('note').delete(0, 3));
    expect(readKeptText([seen], [update])).toEqual([]);
    expect(readKeptText([], [Uint8Array.of(9, 9, 9)])).toEqual([]);
  });

  test('[LV96] refused and unsent edits of all documents are listed, and only the refused can be dropped', async () => {
    const store = new MemoryDeviceStore();
    const { seen, update } = typed();
    const refusal = { code: 'thing.absent', at: 5, epoch: null, update, seen, ids: [] } as const;
    const { id } = await store.refuse({ document: 'plan/gone/shared', ...refusal });
    await store.keepUnsent('plan-note/p/b1', typed().update);
    const kept = await listKeptAside(store);
    expect(kept.map(({ document, code, ids }) => ({ document, code, ids }))).toEqual([
      { document: 'plan/gone/shared', code: 'thing.absent', ids: [id] },
      { document: 'plan-note/p/b1', code: null, ids: [] },
    ]);
    await store.dropRefused([id]);
    expect(await listKeptAside(store)).toHaveLength(1);
  });
});
