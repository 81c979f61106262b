/** Which values of a document's root maps a refused edit wrote, told by the ids of what it holds. */
import * as Y from 'yjs';
import type { RefusedEdit } from '#client/base/live/device-store.ts';

/** One key of one root map; `value` is undefined when the edit took it away. */
export interface Written {
  root: string;
  key: string;
  value: unknown;
}

type Edit = Pick<RefusedEdit, 'update' | 'seen'>;

/** The document as the person saw it. */
export function seenDoc({ seen }: Pick<Edit, 'seen'>): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, seen);
  return doc;
}

/** Values that stood last under their key in what the person saw, and that are the edit's own. */
export function writtenBy(edit: Edit, roots: readonly string[]): Written[] {
  const isOwn = ownershipOf(edit.update);
  const doc = seenDoc(edit);
  const written: Written[] = [];
  for (const root of roots) {
    const map = doc.getMap<unknown>(root);
    for (const [key, item] of map._map) {
      if (isOwn(item)) written.push({ root, key, value: map.get(key) });
    }
  }
  doc.destroy();
  return written;
}

/** A delete set is all that an edit leaves of a value it took away, as undo does with the first one of a key. */
function ownershipOf(update: Uint8Array): (item: Y.Item) => boolean {
  const { structs, ds } = Y.decodeUpdate(update);
  const made = new Set<string>();
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue;
    for (let at = 0; at < struct.length; at += 1) made.add(`${struct.id.client} ${struct.id.clock + at}`);
  }
  const isTaken = ({ client, clock }: Y.ID) =>
    ds.clients.get(client)?.some((range) => range.clock <= clock && clock < range.clock + range.len) === true;
  // Deleted values of one key may lie in one item; the last of them is the one that stood.
  return ({ lastId, deleted }) =>
    made.has(`${lastId.client} ${lastId.clock}`) || (deleted && isTaken(lastId));
}
