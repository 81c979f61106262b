/** One document with all that was ever written in it, kept so that any moment of it can be made on the device. */
import * as Y from 'yjs';
import { Runs } from '#client/history/runs.ts';
import type { Author } from '#shared/history/moment-bytes.ts';

/** One value of a root map that somebody wrote or took away. */
export interface TouchedKey {
  root: string;
  key: string;
}

/** Where one edit stands: whose and when. */
export interface EditMark {
  author: Author;
  atMs: number;
}

/** Nothing in it is ever forgotten: taken out text stays readable to those who compare. */
export class RecordedDocument {
  readonly doc = new Y.Doc({ gc: false });
  readonly written = new Runs();
  readonly deleted = new Runs();

  /** Takes in the next edit. @param update - V1, in the order of the log */
  add(update: Uint8Array, { author, atMs }: EditMark): void {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const struct of structs) {
      if (struct instanceof Y.Skip) continue;
      const { client, clock } = struct.id;
      const from = Math.max(clock, this.written.end(client));
      const to = clock + struct.length;
      if (from < to) this.written.add(client, { from, to, author, atMs });
    }
    for (const [client, ranges] of ds.clients) {
      for (const { clock, len } of ranges) {
        this.deleted.add(client, { from: clock, to: clock + len, author, atMs });
      }
    }
    Y.applyUpdate(this.doc, update);
  }

  /** The document as it stood at a moment, in a document of its own; what was taken out by then can still be read. */
  at(atMs: number): Y.Doc {
    const clocks = new Map<number, number>();
    for (const [client, stretches] of this.written.until(atMs)) {
      clocks.set(client, stretches.at(-1)?.to ?? 0);
    }
    const gone = Y.createDeleteSet();
    for (const [client, stretches] of this.deleted.until(atMs)) {
      gone.clients.set(client, joined(stretches));
    }
    return Y.createDocFromSnapshot(this.doc, Y.createSnapshot(gone, clocks), new Y.Doc({ gc: false }));
  }

  /** Values of root maps that a person wrote or took away between two moments; each once. */
  touched(memberId: string, fromMs: number, toMs: number): TouchedKey[] {
    const found = new Map<string, TouchedKey>();
    for (const runs of [this.written, this.deleted]) {
      for (const [client, { from, to }] of runs.of(memberId, fromMs, toMs)) {
        for (const touched of keysIn(this.doc, client, from, to)) {
          found.set(`${touched.root} ${touched.key}`, touched);
        }
      }
    }
    return [...found.values()];
  }
}

/** Sorted by clock and without overlaps, as a delete set must be. */
function joined(stretches: readonly { from: number; to: number }[]): { clock: number; len: number }[] {
  const ranges: { clock: number; len: number }[] = [];
  for (const { from, to } of stretches.toSorted((one, other) => one.from - other.from)) {
    const last = ranges.at(-1);
    if (last !== undefined && from <= last.clock + last.len) {
      last.len = Math.max(last.len, to - last.clock);
    } else {
      ranges.push({ clock: from, len: to - from });
    }
  }
  return ranges;
}

function* keysIn(doc: Y.Doc, client: number, from: number, to: number): Generator<TouchedKey> {
  const structs = doc.store.clients.get(client) ?? [];
  if (structs.length === 0 || from >= Y.getState(doc.store, client)) return;
  for (let at = Y.findIndexSS(structs, from); at < structs.length; at += 1) {
    const struct = structs[at];
    if (struct === undefined || struct.id.clock >= to) return;
    if (!(struct instanceof Y.Item) || struct.parentSub === null) continue;
    const { parent } = struct;
    if (!(parent instanceof Y.AbstractType) || parent._item !== null) continue;
    yield { root: Y.findRootTypeKey(parent), key: struct.parentSub };
  }
}
