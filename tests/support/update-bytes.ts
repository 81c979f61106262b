/** Writes Yjs V1 updates by hand, so that tests can say what no honest client says (source: yjs 13.6 `Item.write`). */
import * as encoding from 'lib0/encoding';

/** An id in a document: client and clock. */
export type Id = readonly [client: number, clock: number];

/** One struct; the content is written by the given function. */
export type StructBytes = (encoder: encoding.Encoder) => void;

/** Where an item stands. Without any of these it stands in the root `t`. */
export interface At {
  origin?: Id;
  right?: Id;
  parent?: Id;
  root?: string;
  key?: string;
}

/** Kinds of content, by the number in an item's info byte. */
const kinds = {
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  doc: 9,
} as const;

function item(kind: keyof typeof kinds, at: At, write: StructBytes): StructBytes {
  return (encoder) => {
    const { origin, right, key } = at;
    encoding.writeUint8(encoder, kinds[kind] | bit(origin, 0x80) | bit(right, 0x40) | bit(key, 0x20));
    if (origin !== undefined) writeId(encoder, origin);
    if (right !== undefined) writeId(encoder, right);
    if (origin === undefined && right === undefined) writePlace(encoder, at);
    write(encoder);
  };
}

function bit(value: unknown, mask: number): number {
  return value === undefined ? 0 : mask;
}

function writePlace(encoder: encoding.Encoder, { parent, root = 't', key }: At): void {
  encoding.writeVarUint(encoder, parent === undefined ? 1 : 0);
  if (parent === undefined) encoding.writeVarString(encoder, root);
  else writeId(encoder, parent);
  if (key !== undefined) encoding.writeVarString(encoder, key);
}

function writeId(encoder: encoding.Encoder, [client, clock]: Id): void {
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, clock);
}

/** Text; takes as many clocks as it has UTF-16 units. */
export function textItem(text: string, at: At = {}): StructBytes {
  return item('string', at, (encoder) => encoding.writeVarString(encoder, text));
}

/** A list of values, one clock each. */
export function anyItem(values: readonly unknown[], at: At = {}): StructBytes {
  return item('any', at, (encoder) => {
    encoding.writeVarUint(encoder, values.length);
    for (const value of values) encoding.writeAny(encoder, value as Parameters<typeof encoding.writeAny>[1]);
  });
}

/** A shared type by its number: 0 array, 1 map, 2 text, 3 element (named), 5 hook. */
export function typeItem(type: number, at: At = {}, name?: string): StructBytes {
  return item('type', at, (encoder) => {
    encoding.writeVarUint(encoder, type);
    if (name !== undefined) encoding.writeVarString(encoder, name);
  });
}

/** An embedded object as JSON text. */
export function embedItem(json: string, at: At = {}): StructBytes {
  return item('embed', at, (encoder) => encoding.writeVarString(encoder, json));
}

/** A format mark. */
export function formatItem(key: string, json: string, at: At = {}): StructBytes {
  return item('format', at, (encoder) => {
    encoding.writeVarString(encoder, key);
    encoding.writeVarString(encoder, json);
  });
}

/** A subdocument. */
export function docItem(guid: string, at: At = {}): StructBytes {
  return item('doc', at, (encoder) => {
    encoding.writeVarString(encoder, guid);
    encoding.writeAny(encoder, { autoLoad: true });
  });
}

/** Content deleted before it was ever sent. */
export function deletedItem(length: number, at: At = {}): StructBytes {
  return item('deleted', at, (encoder) => encoding.writeVarUint(encoder, length));
}

/** A collected struct. */
export function garbage(length: number): StructBytes {
  return (encoder) => {
    encoding.writeUint8(encoder, 0);
    encoding.writeVarUint(encoder, length);
  };
}

/** A hole. */
export function skip(length: number): StructBytes {
  return (encoder) => {
    encoding.writeUint8(encoder, 10);
    encoding.writeVarUint(encoder, length);
  };
}

/** Structs of one client from a clock on; `claims` is the number written instead of their number. */
export interface ClientBytes {
  client: number;
  clock?: number;
  structs: readonly StructBytes[];
  claims?: number;
}

/** An update of these structs and deleted ranges [client, clock, length]. */
export function updateOf(
  clients: readonly ClientBytes[],
  deletes: readonly (readonly [client: number, clock: number, length: number])[] = [],
): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clients.length);
  for (const { client, clock = 0, structs, claims } of clients) {
    encoding.writeVarUint(encoder, claims ?? structs.length);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    for (const struct of structs) struct(encoder);
  }
  encoding.writeVarUint(encoder, deletes.length);
  for (const [client, clock, length] of deletes) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarUint(encoder, length);
  }
  return encoding.toUint8Array(encoder);
}
