/** Many updates in one buffer of their own, so that handing them to a thread moves one thing and clones none. */

const lengthBytes = 4;

/** Copies updates one behind the other, each after its length. */
export function packUpdates(updates: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const total = updates.reduce((sum, update) => sum + lengthBytes + update.length, 0);
  const packed = new Uint8Array(total);
  const view = new DataView(packed.buffer);
  let position = 0;
  for (const update of updates) {
    view.setUint32(position, update.length);
    packed.set(update, position + lengthBytes);
    position += lengthBytes + update.length;
  }
  return packed;
}

/** @returns views on what `packUpdates` made */
export function unpackUpdates(packed: Uint8Array): Uint8Array[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const updates: Uint8Array[] = [];
  for (let position = 0; position < packed.length; ) {
    const begin = position + lengthBytes;
    position = begin + view.getUint32(position);
    updates.push(packed.subarray(begin, position));
  }
  return updates;
}
