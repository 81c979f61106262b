/** BSON into values that the driver writes back byte for byte: fields in their order, every number of its own type. */
import { BSON } from 'mongodb';

const elementType = { document: 3, array: 4 };
const exactly = {
  promoteValues: false,
  promoteBuffers: false,
  promoteLongs: false,
  bsonRegExp: true,
} as const;

/** One value by itself, by way of a document with nothing else in it. */
function leaf(bytes: Uint8Array, nameStart: number, end: number): unknown {
  const only = Buffer.alloc(4 + 1 + (end - nameStart) + 1);
  only.writeInt32LE(only.length, 0);
  only.set(bytes.subarray(nameStart - 1, end), 4);
  const [value] = Object.values(BSON.deserialize(only, exactly));
  return value;
}

function elements(bytes: Uint8Array): [string, unknown][] {
  const found: [string, unknown][] = [];
  for (const [type, nameStart, nameLength, start, length] of BSON.onDemand.parseToElements(bytes)) {
    const name = Buffer.from(bytes.subarray(nameStart, nameStart + nameLength)).toString('utf8');
    const inner = bytes.subarray(start, start + length);
    if (type === elementType.document) found.push([name, exactDocument(inner)]);
    else if (type === elementType.array) found.push([name, elements(inner).map(([, value]) => value)]);
    else found.push([name, leaf(bytes, nameStart, start + length)]);
  }
  return found;
}

/**
 * A document as a Map: an object would move names that look like numbers to the front.
 * The deprecated types undefined and DBPointer come out as others; the hash after an import tells.
 */
export function exactDocument(bytes: Uint8Array): Map<string, unknown> {
  return new Map(elements(bytes));
}
