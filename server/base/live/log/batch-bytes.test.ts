import { describe, expect, test } from 'vitest';
import { decodeEntries, encodeEntries } from '#server/base/live/log/batch-bytes.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { BytesError } from '#shared/base/byte-reader.ts';

function typed(seq: number, more: Partial<LogEntry> = {}): LogEntry {
  const at = new Date(Date.UTC(2026, 4, 4) + seq * 137);
  const clocks = [{ client: 0xfedcba98, from: seq, to: seq + 1 }];
  const update = new Uint8Array(27).fill(seq % 256);
  return { seq, first: seq, update, memberId: 'm'.repeat(20), side: 'buyer', at, since: at, clocks, ...more };
}

const bo = { memberId: 'bo', side: 'supplier' } as const;

describe('the bytes of a log record', () => {
  test('[LV82] entries come back exactly: authors, sides, moments, clocks and merged ones', () => {
    const merged = { first: 8, since: new Date(5) };
    const entries = [
      typed(8, merged),
      typed(9, { ...merged, ...bo, seq: 9, clocks: [] }),
      typed(10, bo),
      typed(11, { at: new Date(3), since: new Date(3), update: new Uint8Array() }),
      typed(12, {
        clocks: [
          { client: 7, from: 900, to: 4_000_000 },
          { client: 0xffffffff, from: 0, to: 2 ** 40 },
          { client: 7, from: 3, to: 4 },
        ],
      }),
      typed(13, { memberId: 'm'.repeat(20), side: 'supplier', update: new Uint8Array(300_000).fill(9) }),
    ];
    expect(decodeEntries(encodeEntries(entries), 8)).toEqual(entries);
  });

  test('[LV82] an entry of one keystroke adds at most ten bytes to its update', () => {
    const entries = Array.from({ length: 1_000 }, (_, index) => typed(index + 1));
    expect(encodeEntries(entries).length / entries.length).toBeLessThan(27 + 10);
    expect(encodeEntries(entries.slice(0, 1)).length).toBeLessThan(27 + 60);
  });

  test('[LV82] bytes cut short, changed or of another layout are refused, never read past their end', () => {
    const whole = encodeEntries([typed(1), typed(2, bo)]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => decodeEntries(whole.slice(0, length), 1)).toThrow(BytesError);
    }
    expect(() => decodeEntries(Uint8Array.of(...whole, 0), 1)).toThrow(BytesError);
    expect(() => decodeEntries(Uint8Array.of(9, ...whole.slice(1)), 1)).toThrow(BytesError);
    const huge = Uint8Array.of(1, 0xff, 0xff, 0xff, 0xff, 0x7f);
    expect(() => decodeEntries(huge, 1)).toThrow(BytesError);
  });
});
