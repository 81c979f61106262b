/** The thread that reads documents: it alone holds them as Yjs documents, as many as fit, and applies what is new. */
import * as Y from 'yjs';
import type { DeriveAnswer, DeriveJob, JobDocument } from '#server/base/live/derived/derive-job.ts';
import type { Derive } from '#server/base/live/kind.ts';
import { serveJobs } from '#server/base/live/worker/serve-jobs.ts';
import { decodeLoad } from '#shared/base/live-frame.ts';

interface Held {
  doc: Y.Doc;
  /** Of the updates it was made from; a document in memory is several times as large. */
  bytes: number;
}

/** Bytes of updates whose documents are kept, those used last. */
const heldBytes = 12 * 1024 * 1024;
const recordBytes = 1024 * 1024;

/** In the order of last use. */
const held = new Map<string, Held>();
const derives = new Map<string, Derive>();

serveJobs<DeriveJob, DeriveAnswer>(async ({ subject, module, documents }) => {
  const before = process.threadCpuUsage();
  const docs = new Map(documents.map((part) => [part.name, bring(part)]));
  const id = subject.slice(subject.indexOf('/') + 1);
  const json = JSON.stringify((await loadDerive(module))(docs, id)) ?? 'null';
  if (json.length > recordBytes) throw new Error('the record is too large');
  const { user, system } = process.threadCpuUsage(before);
  return { json, released: release(), workedMs: (user + system) / 1_000 };
});

function bring({ name, from, bytes }: JobDocument): Y.Doc {
  const known = from === 0 ? undefined : held.get(name);
  if (known === undefined && from > 0) throw new Error('the document is not here');
  const { doc, bytes: before } = known ?? { doc: new Y.Doc(), bytes: 0 };
  // Out while it is half changed: an update that throws must leave nothing to go on from.
  held.delete(name);
  const updates = decodeLoad(bytes);
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  held.set(name, { doc, bytes: before + bytes.length });
  return doc;
}

async function loadDerive(module: string): Promise<Derive> {
  const known = derives.get(module);
  if (known !== undefined) return known;
  const { derive }: { derive: Derive } = await import(module);
  derives.set(module, derive);
  return derive;
}

function release(): string[] {
  let bytes = 0;
  for (const one of held.values()) bytes += one.bytes;
  const released: string[] = [];
  for (const [name, one] of held) {
    if (bytes <= heldBytes) break;
    bytes -= one.bytes;
    held.delete(name);
    one.doc.destroy();
    released.push(name);
  }
  return released;
}
