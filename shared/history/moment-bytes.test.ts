/** Moments and ranges as bytes: exact, and bounded when they are damaged. */
import { describe, expect, test } from 'vitest';
import { BytesError } from '#shared/base/byte-reader.ts';
import {
  decodeMoment,
  decodeRange,
  encodeMoment,
  encodeRange,
  type Moment,
  type Range,
} from '#shared/history/moment-bytes.ts';

const atMs = Date.parse('2026-11-23T15:00:00.000Z');
const authors = [
  { memberId: 'm1', memberName: 'Eleni Doukas', companyName: 'Aegean Marine', side: 'buyer' as const },
  { memberId: 'm2', memberName: 'Łukasz 🛠', companyName: 'Gdansk Pumps', side: 'supplier' as const },
];
const moment: Moment = {
  atMs,
  authors,
  documents: [
    {
      document: 'plan/0123456789abcdefghjk/shared',
      seq: 7,
      editedAtMs: atMs - 5,
      update: Uint8Array.of(0, 0),
      written: [
        { client: 3, from: 0, to: 10, author: 0, atMs: atMs - 9 },
        { client: 3, from: 10, to: 12, author: 1, atMs: atMs - 90_000 },
        { client: 0xffffffff, from: 2, to: 2 ** 40, author: 1, atMs },
      ],
      deleted: [{ client: 3, from: 4, to: 5, author: 1, atMs }],
    },
    {
      document: 'plan/x/buyer',
      seq: 0,
      editedAtMs: 0,
      update: Uint8Array.of(0, 0),
      written: [],
      deleted: [],
    },
  ],
  omitted: ['plan-note/a/b'],
};
const range: Range = {
  untilMs: atMs,
  authors,
  documents: ['plan/x/buyer', 'plan/x/shared'],
  steps: [
    { document: 1, first: 1, last: 4, author: 0, sinceMs: 5, atMs: 9, update: Uint8Array.of(1, 2, 3) },
    { document: 0, first: 1, last: 1, author: 1, sinceMs: 9, atMs: 9, update: Uint8Array.of() },
  ],
};

describe('history as bytes', () => {
  test('[HI1] a moment and a range are read back exactly', () => {
    expect(decodeMoment(encodeMoment(moment))).toEqual(moment);
    expect(decodeRange(encodeRange(range))).toEqual(range);
  });

  test('[HI1] what is cut, longer, or of another format is refused', () => {
    for (const [bytes, decode] of [
      [encodeMoment(moment), decodeMoment],
      [encodeRange(range), decodeRange],
    ] as const) {
      for (let end = 0; end < bytes.length; end += 1) {
        expect(() => decode(bytes.subarray(0, end))).toThrow(BytesError);
      }
      expect(() => decode(Uint8Array.of(...bytes, 0))).toThrow(BytesError);
      expect(() => decode(Uint8Array.of(9, ...bytes.subarray(1)))).toThrow(BytesError);
    }
  });

  test('[HI1] an author or document outside its list is refused', () => {
    const strange = { ...moment, authors: authors.slice(0, 1) };
    expect(() => decodeMoment(encodeMoment(strange))).toThrow('place outside its list');
    expect(() => decodeRange(encodeRange({ ...range, documents: ['plan/x/buyer'] }))).toThrow(BytesError);
  });

  test('[HI1] changed bytes are read as something or refused, never anything else', () => {
    for (const [bytes, decode] of [
      [encodeMoment(moment), decodeMoment],
      [encodeRange(range), decodeRange],
    ] as const) {
      for (let at = 0; at < bytes.length; at += 1) {
        for (const value of [0, 1, 127, 128, 255]) {
          const changed = Uint8Array.from(bytes);
          changed[at] = value;
          expect(outcomeOf(() => decode(changed))).toMatch(/^(read|refused)$/);
        }
      }
    }
  });
});

function outcomeOf(decode: () => unknown): string {
  try {
    decode();
    return 'read';
  } catch (error) {
    return error instanceof BytesError ? 'refused' : String(error);
  }
}
