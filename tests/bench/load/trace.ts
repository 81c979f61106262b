/** A real editing history as Yjs updates: every keystroke of the writing of a paper, or a stand-in of its size. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { z } from 'zod';
import { rootName } from '#tests/bench/load/typist.ts';

/** Edits of the trace, and of what stands in for it. */
const traceEdits = 259_778;

/** The one who wrote it all. */
export const traceClientId = 7;

/** Source: github.com/josephg/editing-traces, `automerge-paper.json.gz`; the B4 case of crdt-benchmarks. */
const traceShape = z.object({
  txns: z.array(z.object({ patches: z.array(z.tuple([z.number(), z.number(), z.string()])) })),
});

/** Position, characters deleted there, text put there. */
type Patch = readonly [position: number, deleted: number, inserted: string];

/** The edits of a trace. @param path - a gzipped trace; a stand-in is made up when there is none */
export function readTrace(path: string): readonly Patch[] {
  if (!existsSync(path)) return standIn();
  const trace = traceShape.parse(JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')));
  return trace.txns.flatMap(({ patches }) => patches);
}

/** One V1 update an edit, and first that of the paragraph; as a browser would have sent them. */
export function traceUpdates(patches: readonly Patch[]): Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = traceClientId;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = new Y.XmlText();
  doc.transact(() => {
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [text]);
    doc.getXmlFragment(rootName).insert(0, [paragraph]);
  });
  for (const [position, deleted, inserted] of patches) {
    doc.transact(() => {
      if (deleted > 0) text.delete(position, deleted);
      if (inserted.length > 0) text.insert(position, inserted);
    });
  }
  return updates;
}

/** Writing with a caret that jumps, and one deletion for three characters, as in the paper. */
function standIn(): Patch[] {
  let length = 0;
  let caret = 0;
  let seed = 1;
  const below = (limit: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  return Array.from({ length: traceEdits }, (): Patch => {
    if (below(400) === 0) caret = below(length + 1);
    if (caret > 0 && below(100) < 30) {
      caret -= 1;
      length -= 1;
      return [caret, 1, ''];
    }
    caret += 1;
    length += 1;
    return [caret - 1, 0, String.fromCharCode(97 + below(26))];
  });
}
