/** Undo over several documents. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createSharedUndo } from '#client/base/live/shared-undo.ts';

function setUp(trackedOrigins?: readonly unknown[]) {
  const structure = new Y.Doc();
  const dates = new Y.Doc();
  const titles = structure.getMap<string>('titles');
  const starts = dates.getMap<string>('starts');
  let nowMs = 0;
  const undo = createSharedUndo({
    scopes: [
      { doc: structure, types: [titles] },
      { doc: dates, types: [] },
    ],
    now: () => nowMs,
    ...(trackedOrigins === undefined ? {} : { trackedOrigins }),
  });
  const wait = (ms: number) => {
    nowMs += ms;
  };
  const see = () => ({ titles: titles.toJSON(), starts: starts.toJSON() });
  return { structure, dates, titles, starts, undo, wait, see };
}

/** Another person's edit, as it comes from the hub. */
function byOther(doc: Y.Doc, edit: (other: Y.Doc) => void): void {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  edit(other);
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)), 'hub');
}

describe('shared undo', () => {
  test('[LV49] edits of several documents are undone in the order of time', () => {
    const { titles, starts, undo, wait, see } = setUp();
    titles.set('a', 'Tooling');
    wait(1_000);
    starts.set('a', '2026-01-05');
    wait(1_000);
    titles.set('a', 'Tooling, two cavities');
    undo.undo();
    expect(see()).toEqual({ titles: { a: 'Tooling' }, starts: { a: '2026-01-05' } });
    undo.undo();
    expect(see()).toEqual({ titles: { a: 'Tooling' }, starts: {} });
    undo.undo();
    expect(see()).toEqual({ titles: {}, starts: {} });
    expect(undo.canUndo()).toBe(false);
    expect(undo.undo()).toBe(false);
  });

  test('[LV49] redo brings back what was undone, in the same steps', () => {
    const { titles, starts, undo, wait, see } = setUp();
    titles.set('a', 'Tooling');
    wait(100);
    starts.set('a', '2026-01-05');
    wait(1_000);
    titles.set('a', 'Samples');
    undo.undo();
    undo.undo();
    expect(undo.redo()).toBe(true);
    expect(see()).toEqual({ titles: { a: 'Tooling' }, starts: { a: '2026-01-05' } });
    undo.redo();
    expect(see().titles).toEqual({ a: 'Samples' });
    expect(undo.canRedo()).toBe(false);
    undo.undo();
    expect(see().titles).toEqual({ a: 'Tooling' });
  });

  test('[LV49] edits within 400 ms are one step over all documents, and stopCapturing ends it', () => {
    const { titles, starts, undo, wait, see } = setUp();
    titles.set('a', 'Tooling');
    wait(399);
    starts.set('a', '2026-01-05');
    undo.undo();
    expect(see()).toEqual({ titles: {}, starts: {} });
    titles.set('a', 'One');
    undo.stopCapturing();
    titles.set('a', 'Two');
    undo.undo();
    expect(see().titles).toEqual({ a: 'One' });
  });

  test('[LV49] what others did is never undone', () => {
    const { structure, titles, undo, wait, see } = setUp();
    titles.set('a', 'mine');
    wait(1_000);
    byOther(structure, (other) => other.getMap('titles').set('b', 'theirs'));
    undo.undo();
    expect(see().titles).toEqual({ b: 'theirs' });
    expect(undo.canUndo()).toBe(false);
  });

  test('[LV49] a step that others have overwritten is passed over, and takes no earlier step with it', () => {
    const { structure, titles, undo, wait, see } = setUp();
    titles.set('a', 'first');
    wait(1_000);
    titles.set('b', 'second');
    wait(1_000);
    byOther(structure, (other) => other.getMap('titles').delete('b'));
    expect(undo.undo()).toBe(true);
    expect(see().titles).toEqual({});
    expect(undo.canUndo()).toBe(false);
  });

  test('[LV49] in a step of several edits an overwritten one leaves earlier steps alone', () => {
    const { structure, titles, starts, undo, wait, see } = setUp();
    titles.set('a', 'first');
    wait(1_000);
    titles.set('b', 'second');
    starts.set('b', '2026-01-05');
    byOther(structure, (other) => other.getMap('titles').delete('b'));
    undo.undo();
    expect(see()).toEqual({ titles: { a: 'first' }, starts: {} });
    undo.undo();
    expect(see().titles).toEqual({});
  });

  test('[LV49] an edit after an undo makes redo impossible in every document', () => {
    const { titles, starts, undo, wait } = setUp();
    starts.set('a', '2026-01-05');
    wait(1_000);
    undo.undo();
    expect(undo.canRedo()).toBe(true);
    titles.set('a', 'new');
    expect(undo.canRedo()).toBe(false);
    expect(undo.redo()).toBe(false);
  });

  test('[LV49] named origins leave other edits out; types outside the scope too', () => {
    const { structure, titles, undo } = setUp(['person']);
    titles.set('a', 'by the program');
    structure.transact(() => structure.getMap('elsewhere').set('x', 1), 'person');
    expect(undo.canUndo()).toBe(false);
    structure.transact(() => titles.set('a', 'by a person'), 'person');
    expect(undo.canUndo()).toBe(true);
  });

  test('[LV49] what is ended leaves nothing to undo or redo in any document, and later edits count anew', () => {
    const structure = new Y.Doc();
    const titles = structure.getMap<string>('titles');
    const dates = new Y.Doc();
    const starts = dates.getMap<string>('starts');
    const gifts = dates.getMap<string>('gifts');
    const undo = createSharedUndo({
      scopes: [
        { doc: structure, types: [] },
        { doc: dates, types: [starts] },
      ],
      captureTimeoutMs: 0,
      endedBy(end) {
        gifts.observe(end);
        return () => gifts.unobserve(end);
      },
    });
    titles.set('a', 'Tooling');
    starts.set('a', '2026-01-05');
    starts.set('a', '2026-02-05');
    undo.undo();
    expect([undo.canUndo(), undo.canRedo()]).toEqual([true, true]);
    gifts.set('a', 'given');
    expect([undo.canUndo(), undo.canRedo()]).toEqual([false, false]);
    expect([undo.undo(), undo.redo()]).toEqual([false, false]);
    titles.set('a', 'Samples');
    expect(undo.undo()).toBe(true);
    expect(titles.toJSON()).toEqual({ a: 'Tooling' });
    expect(starts.toJSON()).toEqual({ a: '2026-01-05' });
    undo.destroy();
    gifts.set('b', 'given');
    expect(undo.canRedo()).toBe(true);
  });

  test('[LV49] changes of what can be undone are told until stopped', () => {
    const { titles, undo } = setUp();
    let told = 0;
    const stop = undo.onChange(() => told++);
    titles.set('a', 'x');
    undo.undo();
    expect(told).toBe(2);
    stop();
    undo.redo();
    expect(told).toBe(2);
  });

  test('[LV49] the edits of a removed row come back with all it held', () => {
    const structure = new Y.Doc();
    const rows = structure.getArray<Y.Map<string>>('rows');
    rows.push([new Y.Map([['title', 'PPAP']])]);
    const undo = createSharedUndo({ scopes: [{ doc: structure, types: [rows] }] });
    rows.delete(0, 1);
    undo.undo();
    expect(rows.toJSON()).toEqual([{ title: 'PPAP' }]);
  });
});
