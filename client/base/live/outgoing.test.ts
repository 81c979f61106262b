/** The queue of one document by itself. */
import { describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';
import { Outgoing } from '#client/base/live/outgoing.ts';
import { ManualClock } from '#tests/live/manual-clock.ts';

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

function setUp() {
  const ignore = () => undefined;
  return new Outgoing({
    document: 'plan/0123456789abcdefghjk/shared',
    store: new MemoryDeviceStore(),
    clock: new ManualClock(),
    push: () => Promise.resolve({ ok: false, code: 'lost' }),
    stored: ignore,
    changed: ignore,
    resync: ignore,
    refused: ignore,
  });
}

/** What was typed, letter by letter. */
function typed(text: string): { id: number; update: Uint8Array }[] {
  const doc = new Y.Doc();
  const updates: { id: number; update: Uint8Array }[] = [];
  doc.on('update', (update: Uint8Array) => updates.push({ id: updates.length, update }));
  for (const letter of text) doc.getText('t').insert(doc.getText('t').length, letter);
  return updates;
}

describe('the queue', () => {
  test('[LV56] long work without a network is taken over in one piece, merged in rounds', async () => {
    const text = 'work without a network '.repeat(40);
    const outgoing = setUp();
    outgoing.adopt(typed(text));
    const taken = await outgoing.takeAll();
    const doc = new Y.Doc();
    if (taken !== null) Y.applyUpdate(doc, taken.update);
    expect(doc.getText('t').toString()).toBe(text);
    expect(taken?.ids).toHaveLength(text.length);
    expect(Math.max(...mergedAtOnce)).toBe(16);
    expect(outgoing.waiting).toBe(0);
  });
});
