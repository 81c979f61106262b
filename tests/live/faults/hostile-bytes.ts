/** What somebody sends who wants to break the hub: messages, updates and frames that are nearly right, or not at all. */
import * as Y from 'yjs';
import { encodeFrame, packetKinds } from '#shared/base/live-frame.ts';
import { editAtRandom } from '#tests/live/random-edits.ts';
import type { SeededRandom } from '#tests/live/seeded-random.ts';
import {
  anyItem,
  docItem,
  garbage,
  skip,
  textItem,
  typeItem,
  updateOf,
} from '#tests/support/update-bytes.ts';

/** A message by name, as `emit` takes it. */
export interface HostileMessage {
  name: string;
  message: unknown;
}

/** Changes one to three bytes, or cuts the end off. */
export function mutated(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  if (random.chance(0.1)) return bytes.slice(0, random.below(bytes.length + 1));
  const changed = Uint8Array.from(bytes);
  for (let times = 1 + random.below(3); times > 0 && changed.length > 0; times -= 1) {
    changed[random.below(changed.length)] = random.below(256);
  }
  return changed;
}

/** Writes real edits of its own, so that the next wrong one is wrong by little. */
export class HostileWriter {
  readonly doc = new Y.Doc();
  readonly #random: SeededRandom;
  /** The last right update. */
  #right: Uint8Array = new Uint8Array();
  #edits = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.doc.clientID = random.below(2 ** 32);
    this.doc.on('update', (update: Uint8Array) => {
      this.#right = update;
    });
  }

  /** An update as nobody's client would make it; now and then a right one. */
  update(): Uint8Array {
    const random = this.#random;
    const kind = random.weighted({ mutated: 12, right: 4, second: 0.5, noise: 1, built: 4 });
    if (kind === 'mutated') return mutated(this.#right, random);
    if (kind === 'second') return Y.encodeStateAsUpdateV2(this.doc);
    if (kind === 'noise') return Uint8Array.from({ length: random.below(80) }, () => random.below(256));
    if (kind === 'built') return this.#built();
    editAtRandom(this.doc, random, `<${this.#edits}>`);
    this.#edits += 1;
    return this.#right;
  }

  /** Shapes that are known to have broken somebody (source: the advisories on Yjs servers named in THREATS.md). */
  #built(): Uint8Array {
    const random = this.#random;
    const client = random.chance(0.5) ? this.doc.clientID : random.below(2 ** 32);
    const clock = random.below(2 ** 20);
    const one = (...structs: Parameters<typeof updateOf>[0][number]['structs']) =>
      updateOf([{ client, clock, structs }]);
    const shapes = [
      () => one(garbage(2 ** 40)),
      () => one(skip(2 ** 30), textItem('x')),
      () => one(textItem('x', { parent: [client, 2 ** 40] })),
      () => one(textItem('x', { origin: [random.below(2 ** 32), random.below(100)] })),
      () => one(anyItem([JSON.parse('{"__proto__":{"role":"owner"}}')], { root: 'map', key: '__proto__' })),
      () => one(docItem('x')),
      () => one(typeItem(5)),
      () => updateOf([{ client, clock, structs: [textItem('x')], claims: 33_000_000 }]),
      () => updateOf([], [[client, 0, 2 ** 45]]),
      () => one(...Array.from({ length: 200 }, (_, at) => typeItem(1, { parent: [client, clock + at - 1] }))),
    ];
    return random.pick(shapes)();
  }
}

const junk: readonly unknown[] = [
  null,
  0,
  -1,
  Number.NaN,
  2 ** 53,
  '',
  'x'.repeat(5_000),
  [],
  [[[[[[[]]]]]]],
  {},
  { $ne: null },
  new Uint8Array(3),
  Array.from({ length: 500 }, (_, at) => at),
  true,
];

/** A message whose shape is wrong somewhere, about a document. */
export function wrongMessage(document: string, random: SeededRandom): HostileMessage {
  const name = random.pick(['join', 'push', 'presence', 'leave', 'patch', 'updates', 'nothing', '']);
  if (random.chance(0.05)) return { name, message: undefined };
  if (random.chance(0.3)) return { name, message: random.pick(junk) };
  const right: Record<string, unknown> = {
    document,
    version: 1,
    clientId: random.below(2 ** 32),
    update: new Uint8Array(2),
    place: { row: 1 },
    seq: random.below(100),
    epoch: 'x',
  };
  const fields = Object.keys(right).filter(() => random.chance(0.7));
  const message = Object.fromEntries(fields.map((field) => [field, right[field]]));
  message[random.pick(Object.keys(right))] = random.pick(junk);
  return { name, message };
}

/** A whole frame that is nearly one of ours. */
export function wrongFrame(document: string, random: SeededRandom): Uint8Array {
  const { name, message } = wrongMessage(document, random);
  const { connect, disconnect, event, ack } = packetKinds;
  const type = random.pick([event, event, event, connect, disconnect, ack, 5, 200]);
  const data = random.chance(0.05) ? JSON.parse('["push",{"__proto__":{"mayWrite":true}}]') : [name, message];
  return mutated(encodeFrame({ type, nsp: '/', id: random.below(10), data }), random);
}

/** Bytes that are no WebSocket frame a client may send (source: RFC 6455, 5). */
export function wrongSocketBytes(random: SeededRandom): Buffer {
  const shapes = [
    // Unmasked, with reserved bits, of unknown kinds, a control frame in pieces, text.
    [0x82, 0x02, 1, 2],
    [0xf2, 0x82, 0, 0, 0, 0, 1, 2],
    [0x83, 0x80, 0, 0, 0, 0],
    [0x09, 0x80, 0, 0, 0, 0],
    [0x81, 0x81, 0, 0, 0, 0, 0x34],
    // A length of half of all there is.
    [0x82, 0xff, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
    Array.from({ length: 64 }, () => random.below(256)),
  ];
  return Buffer.from(random.pick(shapes));
}
