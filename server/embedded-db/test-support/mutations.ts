// Hostile variants of real messages, made from a seed.

/** How a message is changed; gets its own copy. */
type Mutation = (bytes: Buffer, random: () => number, all: readonly Buffer[]) => Buffer;

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

/** A place behind the header. */
function place(random: () => number, bytes: Buffer): number {
  return 16 + below(random, Math.max(bytes.length - 16, 1));
}

function withLength(bytes: Buffer): Buffer {
  bytes.writeInt32LE(bytes.length, 0);
  return bytes;
}

const LIES = [0, -1, 1, 4, 5, 0x7fffffff, -0x80000000, 0xffff, 0x1000000];

const MUTATIONS: readonly Mutation[] = [
  // Bits of the body, the length still right.
  (bytes, random) => {
    for (let flips = 1 + below(random, 4); flips > 0; flips--) {
      const at = place(random, bytes);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << below(random, 8)), at);
    }
    return bytes;
  },
  // Any byte of the header.
  (bytes, random) => {
    bytes.writeUInt8(below(random, 256), below(random, 21));
    return bytes;
  },
  // Cut off, with the length of the whole or of the rest.
  (bytes, random) => {
    const cut = bytes.subarray(0, 16 + below(random, bytes.length - 16));
    return random() < 0.7 ? withLength(cut) : cut;
  },
  // A length, size or count that lies.
  (bytes, random) => {
    const at = random() < 0.2 ? 0 : Math.min(place(random, bytes), bytes.length - 4);
    bytes.writeInt32LE((LIES[below(random, LIES.length)] ?? 0) | 0, at);
    return bytes;
  },
  // Another type for some value: a byte among those of the BSON types.
  (bytes, random) => {
    const types = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 15, 16, 17, 18, 19, 127, 255];
    const found: number[] = [];
    for (let i = 25; i < bytes.length - 1; i++) if (types.includes(bytes.readUInt8(i))) found.push(i);
    const at = found[below(random, found.length)];
    if (at !== undefined) bytes.writeUInt8(types[below(random, types.length)] ?? 1, at);
    return bytes;
  },
  // The beginning of one message with the end of another.
  (bytes, random, all) => {
    const other = all[below(random, all.length)] ?? bytes;
    const head = bytes.subarray(0, place(random, bytes));
    return withLength(Buffer.concat([head, other.subarray(place(random, other))]));
  },
  // Further sections: a copy of the first, or noise.
  (bytes, random) => {
    const noise = Buffer.from(Array.from({ length: 1 + below(random, 40) }, () => below(random, 256)));
    const more = random() < 0.5 ? bytes.subarray(20) : Buffer.concat([Buffer.from([1]), noise]);
    return withLength(Buffer.concat([bytes, more]));
  },
  // Documents in documents, up to far too many.
  (bytes, random) => {
    const depth = below(random, 400);
    const inner = Buffer.alloc(depth * 8 + 5);
    for (let i = 0; i <= depth; i++) {
      inner.writeInt32LE(inner.length - i * 8, i * 7);
      if (i < depth) inner.write('\u0003a\0', i * 7 + 4, 'latin1');
    }
    return withLength(Buffer.concat([bytes.subarray(0, 16), Buffer.alloc(5), inner]));
  },
];

/** One hostile variant; the same for the same random numbers. */
export function mutated(all: readonly Buffer[], random: () => number): Buffer {
  const source = Buffer.from(all[below(random, all.length)] ?? []);
  return (MUTATIONS[below(random, MUTATIONS.length)] ?? ((bytes) => bytes))(source, random, all);
}
