/** A moment as the hub tells it whole, for subjects too large to be recorded on the device. */
import * as Y from 'yjs';
import { callHub } from '#client/base/http.ts';
import type { ReadMoment } from '#client/history/record.ts';
import { Runs } from '#client/history/runs.ts';
import { readMoment } from '#shared/history/calls.ts';
import { type Author, decodeMoment, type MomentDocument, type Run } from '#shared/history/moment-bytes.ts';
import type { Subject } from '#shared/history/shape.ts';

/** Documents that found no room in the answer are absent. @throws AppError of the call */
export async function fetchMoment(
  { kind, id }: Subject,
  atMs: number,
  signal: AbortSignal,
): Promise<ReadMoment> {
  const at = new Date(atMs).toISOString();
  return momentFrom(await callHub(readMoment, { kind, id, at }, signal), atMs);
}

/** @param bytes - as `encodeMoment` writes them */
export function momentFrom(bytes: Uint8Array, atMs: number): ReadMoment {
  const { authors, documents } = decodeMoment(bytes);
  const told = new Map(documents.map((document) => [document.document, document]));
  const runs = new Map(documents.map((document) => [document.document, runsOf(document, authors)]));
  const docs = new Map<string, Y.Doc>();
  return {
    atMs,
    doc(name) {
      const document = told.get(name);
      if (document === undefined) return null;
      const known = docs.get(name);
      if (known !== undefined) return known;
      const doc = new Y.Doc({ gc: false });
      if (document.seq > 0) Y.applyUpdate(doc, document.update);
      docs.set(name, doc);
      return doc;
    },
    writer: (name, id) => runs.get(name)?.written.find(id) ?? null,
    remover: (name, id) => runs.get(name)?.deleted.find(id) ?? null,
  };
}

function runsOf({ written, deleted }: MomentDocument, authors: readonly Author[]) {
  const index = (list: readonly Run[]) => {
    const runs = new Runs();
    for (const { client, from, to, author, atMs } of list) {
      const by = authors[author];
      if (by !== undefined) runs.add(client, { from, to, author: by, atMs });
    }
    return runs;
  };
  return { written: index(written), deleted: index(deleted) };
}
