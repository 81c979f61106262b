import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { UpdateCursor } from '#server/base/live/admission/update-cursor.ts';

/** A small generator of numbers, the same for the same seed (mulberry32). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One edit of any kind the cursor must read. */
function edit(doc: Y.Doc, next: (below: number) => number): void {
  const text = doc.getText('t');
  const map = doc.getMap<unknown>('m');
  const fragment = doc.getXmlFragment('x');
  const edits = [
    () => text.insert(next(text.length + 1), ['a', 'bcd', 'é👋', ' '.repeat(200)][next(4)] ?? ''),
    () => text.length > 2 && text.delete(next(text.length - 2), 2),
    () => text.length > 2 && text.format(next(text.length - 2), 2, { bold: next(2) === 0 || null }),
    () => text.insertEmbed(next(text.length + 1), { image: 'x' }),
    () =>
      map.set(
        `k${next(3)}`,
        [1, -70_000, 2 ** 40, 1.5, 'text', null, true, [1, { a: [] }], new Uint8Array(3)][next(9)],
      ),
    () => map.set(`k${next(3)}`, new Y.Map([['inner', new Y.Array()]])),
    () => map.delete(`k${next(3)}`),
    () => fragment.insert(next(fragment.length + 1), [new Y.XmlElement('p'), new Y.XmlText('y')]),
    () => fragment.length > 0 && fragment.delete(next(fragment.length), 1),
    () => doc.getArray('l').push([next(100), null, { deep: [next(9)], none: undefined }]),
  ];
  edits[next(edits.length)]?.();
}

/** What the cursor reads, in the words of Yjs's own decoder. */
function readAll(update: Uint8Array): { structs: unknown[]; deletes: unknown[] } {
  const cursor = new UpdateCursor(update);
  const structs: unknown[] = [];
  const deletes: unknown[] = [];
  while (cursor.nextStruct()) {
    const { client, clock, length, isGarbage, origin, rightOrigin, parent } = cursor;
    structs.push({ client, clock, length, isGarbage, origin, rightOrigin, parent });
  }
  while (cursor.nextDelete()) deletes.push([cursor.client, cursor.clock, cursor.length]);
  return { structs, deletes };
}

function decodeAll(update: Uint8Array): { structs: unknown[]; deletes: unknown[] } {
  const { structs, ds } = Y.decodeUpdate(update);
  const idOf = (id: Y.ID | null) => (id === null ? null : { client: id.client, clock: id.clock });
  return {
    structs: structs.map((struct) => {
      const item = struct instanceof Y.Item ? struct : null;
      return {
        client: struct.id.client,
        clock: struct.id.clock,
        length: struct.length,
        isGarbage: struct instanceof Y.GC,
        origin: idOf(item?.origin ?? null),
        rightOrigin: idOf(item?.rightOrigin ?? null),
        parent: item?.parent instanceof Y.ID ? idOf(item.parent) : null,
      };
    }),
    deletes: Array.from(ds.clients).flatMap(([client, ranges]) =>
      ranges.map((range) => [client, range.clock, range.len]),
    ),
  };
}

/** Three people edit and meet now and then. @returns every edit, each one's state, and all merged */
function session(seed: number): Uint8Array[] {
  const next = numbersFrom(seed);
  const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc({ gc: false })];
  const updates: Uint8Array[] = [];
  for (const [at, doc] of docs.entries()) {
    doc.clientID = seed * 10 + at;
    doc.on('update', (update: Uint8Array, origin: unknown) => origin === null && updates.push(update));
  }
  for (let step = 0; step < 30; step += 1) {
    const [from = new Y.Doc(), at = new Y.Doc()] = [docs[next(3)], docs[next(3)]];
    edit(at, next);
    if (next(4) === 0) for (const doc of docs) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from), 'sync');
  }
  const states = docs.map((doc) => Y.encodeStateAsUpdate(doc));
  return [...updates, ...states, Y.mergeUpdates(states)];
}

test('[LV19] the cursor reads what Yjs decodes: 150 documents of three people, by edit and as a whole', () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    for (const update of session(seed)) expect(readAll(update), `seed ${seed}`).toEqual(decodeAll(update));
  }
});

test('[LV19] of 20,000 changed updates it takes none that Yjs refuses, and reads those it takes alike', () => {
  const doc = new Y.Doc();
  doc.clientID = 5;
  const first = numbersFrom(1);
  for (let step = 0; step < 25; step += 1) edit(doc, first);
  const update = Y.encodeStateAsUpdate(doc);
  let taken = 0;
  for (let seed = 1; seed <= 20_000; seed += 1) {
    const next = numbersFrom(seed);
    const changed = Uint8Array.from(update);
    for (let times = 1 + next(3); times > 0; times -= 1) changed[next(changed.length)] = next(256);
    const read = attempt(() => readAll(changed));
    if (read === null) continue;
    taken += 1;
    expect(read, `seed ${seed}`).toEqual(attempt(() => decodeAll(changed)));
  }
  expect(taken).toBeGreaterThan(500);
});

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
