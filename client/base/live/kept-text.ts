/** Reads the text in edits that no document shows any more: what was typed, and where in the document it stood. */
import * as Y from 'yjs';

/** Text that belongs together. */
export interface KeptPiece {
  /** Name of the list, map or text in its document, for instance `title`. */
  place: string;
  text: string;
}

/** Longest text shown of one document; a device may keep megabytes. */
const longest = 200_000;

/**
 * @param seen - the whole document as the person saw it, with the edits in it
 * @param updates - the edits alone
 * @returns [] when they only took something away, and for bytes that cannot be read
 */
export function readKeptText(seen: readonly Uint8Array[], updates: readonly Uint8Array[]): KeptPiece[] {
  const doc = new Y.Doc();
  try {
    for (const bytes of [...seen, ...updates]) Y.applyUpdate(doc, bytes);
    return collect(doc, Y.parseUpdateMeta(Y.mergeUpdates([...updates])));
  } catch {
    return [];
  } finally {
    doc.destroy();
  }
}

function collect(doc: Y.Doc, { from, to }: ReturnType<typeof Y.parseUpdateMeta>): KeptPiece[] {
  const roots = new Map<unknown, string>(Array.from(doc.share, ([name, type]) => [type, name]));
  const pieces: KeptPiece[] = [];
  let last: unknown = null;
  let length = 0;
  const items = Array.from(from, ([client, first]) => itemsOf(doc, client, first, to.get(client) ?? 0));
  for (const item of items.flat()) {
    const text = textOf(item.content);
    length += text.length;
    if (text === '' || length > longest) continue;
    const piece = pieces.at(-1);
    // Typed on in one text: one piece.
    if (piece !== undefined && item.parentSub === null && last === item.parent) piece.text += text;
    else pieces.push({ place: roots.get(rootOf(item)) ?? '', text });
    last = item.parent;
  }
  return pieces;
}

/** Items of a client between two clocks that still stand, in the order they were made. */
function itemsOf(doc: Y.Doc, client: number, from: number, to: number): Y.Item[] {
  const structs = doc.store.clients.get(client) ?? [];
  return structs.filter(
    (struct): struct is Y.Item =>
      struct instanceof Y.Item &&
      !struct.deleted &&
      struct.id.clock < to &&
      struct.id.clock + struct.length > from,
  );
}

function rootOf(item: Y.Item): unknown {
  let type = item.parent;
  while (type instanceof Y.AbstractType && type._item !== null) type = type._item.parent;
  return type;
}

function textOf(content: Y.Item['content']): string {
  if (content instanceof Y.ContentString) return content.str;
  if (!(content instanceof Y.ContentAny)) return '';
  const texts = content.arr.filter((value) => typeof value === 'string' || typeof value === 'number');
  return texts.map(String).join('\n');
}
