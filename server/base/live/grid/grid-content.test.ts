/** What a grid takes, refuses and remembers, cell by cell. */
import { describe, expect, test } from 'vitest';
import { makeGridContent } from '#server/base/live/grid/grid-content.ts';
import type { Judgement } from '#server/base/live/kind.ts';
import { DocumentLog } from '#server/base/live/log/document-log.ts';
import type { StoredDocument } from '#server/base/live/log/storage.ts';
import type { Side } from '#shared/base/audience.ts';
import { AppError } from '#shared/base/errors.ts';
import { CellTable, type Overwriting } from '#shared/base/grid/cell-table.ts';
import { encodeCells, readCells } from '#shared/base/grid/cells-bytes.ts';
import { gridLimits, type WrittenCell } from '#shared/base/grid/grid-shape.ts';
import {
  decodeReceipt,
  decodeStored,
  encodeWritten,
  type WrittenPatch,
} from '#shared/base/grid/patch-bytes.ts';
import { SeededRandom } from '#tests/live/seeded-random.ts';
import { makeBenchRules } from '#tests/support/bench-grid.ts';

const rules = makeBenchRules({ rows: 500, buckets: 208, closedBuckets: 4 });
/** Another one at each call, because a log takes it over. */
function storedWith(snapshot: StoredDocument['snapshot']): StoredDocument {
  return { epoch: 'e', snapshot, tail: [], owners: new Map() };
}

/** A log of a grid whose commits a test makes by hand. */
class GridBench {
  log: DocumentLog;
  #clocks = new Map<number, number>();

  constructor(stored = storedWith(null)) {
    this.log = new DocumentLog('grid/x', stored, makeGridContent(rules));
  }

  patch(cells: WrittenCell[], more: Partial<WrittenPatch> = {}): Uint8Array {
    const { client = 1 } = more;
    const clock = this.#clocks.get(client) ?? 0;
    this.#clocks.set(client, clock + 1);
    return encodeWritten({ client, clock, after: null, isWhole: false, cells, ...more });
  }

  push(bytes: Uint8Array, memberId = 'ada', side: Side = 'buyer') {
    const judgement: Judgement = { mayWrite: true, side, relationshipId: 'r' };
    const taken = this.log.push(bytes, { memberId, side, at: new Date(0) }, judgement);
    const receipt = decodeReceipt(taken.receipt ?? new Uint8Array([0]));
    const stored = receipt.stored.length === 0 ? null : decodeStored(receipt.stored);
    return { ...taken, stored, refused: receipt.refused };
  }

  commit(): Uint8Array[] {
    const batch = this.log.take()?.batch;
    if (batch === undefined || batch === null) return [];
    this.log.committed(batch);
    return batch.entries.map((entry) => entry.update);
  }
}

function cell(row: number, bucket: number, value: WrittenCell['value'], base = 0): WrittenCell {
  return { row, bucket, value, base };
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'taken';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('cells', () => {
  test('[LV100] each cell is judged by itself: foreign row, closed period, shape, unknown place; the others stand', () => {
    const bench = new GridBench();
    const { stored, refused } = bench.push(
      bench.patch([
        cell(0, 10, 5),
        cell(1, 10, 5),
        cell(2, 3, 5),
        cell(2, 10, 'five'),
        cell(600, 10, 5),
        cell(8, 10, 'by sea'),
        cell(4, 11, null),
      ]),
    );
    expect(stored?.cells.map(({ row, bucket, value }) => [row, bucket, value])).toEqual([
      [0, 10, 5],
      [8, 10, 'by sea'],
      [4, 11, null],
    ]);
    expect(refused).toEqual([
      { row: 1, bucket: 10, code: 'grid.rowForeign' },
      { row: 2, bucket: 3, code: 'grid.bucketClosed' },
      { row: 2, bucket: 10, code: 'grid.valueRefused' },
      { row: 600, bucket: 10, code: 'grid.cellUnknown' },
    ]);
    expect(bench.push(bench.patch([cell(1, 10, 5)], { client: 2 }), 'bo', 'supplier').refused).toEqual([]);
  });

  test('[LV101] a patch to be taken as a whole is taken wholly or not at all', () => {
    const bench = new GridBench();
    const cells = [cell(0, 10, 5), cell(1, 10, 5)];
    const { stored, refused, isNew } = bench.push(bench.patch(cells, { isWhole: true }));
    expect({ stored, isNew, codes: refused.map(({ code }) => code) }).toEqual({
      stored: null,
      isNew: false,
      codes: ['grid.rowForeign'],
    });
    expect(bench.commit()).toEqual([]);
    expect(
      bench.push(bench.patch([cell(0, 10, 5), cell(2, 10, 6)], { isWhole: true })).stored?.cells,
    ).toHaveLength(2);
  });

  test('[LV103] the last writer wins, and a revision is the number of the patch that set the cell', () => {
    const bench = new GridBench();
    bench.push(bench.patch([cell(0, 10, 5)]));
    const second = bench.push(bench.patch([cell(0, 10, 6)], { client: 2 }), 'bo');
    expect(second.stored?.cells).toEqual([{ row: 0, bucket: 10, value: 6, previous: 1, isOver: true }]);
    const table = readCells(bench.commit());
    expect(table.find(0, 10)).toEqual({ value: 6, revision: 2, memberId: 'bo' });
  });

  test('[LV104] writing over a newer value than one saw is told to all who had it, with what was there', () => {
    const bench = new GridBench();
    bench.push(bench.patch([cell(0, 10, 5), cell(0, 11, 5), cell(0, 12, 5)]));
    bench.push(bench.patch([cell(0, 10, 6, 1), cell(0, 11, 5), cell(0, 12, 7)], { client: 2 }), 'bo');
    bench.push(bench.patch([cell(0, 12, 8, 1)], { client: 2, clock: 5 }), 'bo');
    const told: Overwriting[] = [];
    const table = new CellTable();
    for (const bytes of bench.commit())
      table.apply(decodeStored(bytes), (overwriting) => told.push(overwriting));
    // Seen before: no conflict. The same value: none either. One's own: none.
    expect(told).toEqual([
      {
        row: 0,
        bucket: 12,
        was: { value: 5, revision: 1, memberId: 'ada' },
        now: { value: 7, revision: 2, memberId: 'bo' },
      },
    ]);
  });

  test('[LV106] a patch pushed again is taken once, and its sender is told again what was refused', () => {
    const bench = new GridBench();
    const bytes = bench.patch([cell(0, 10, 5), cell(1, 10, 5)]);
    bench.push(bytes);
    bench.push(bench.patch([cell(0, 10, 6)], { client: 2 }), 'bo');
    const again = bench.push(bytes);
    expect(again).toMatchObject({ isNew: false, seq: 2, stored: null });
    expect(again.refused).toEqual([{ row: 1, bucket: 10, code: 'grid.rowForeign' }]);
    expect(readCells(bench.commit()).valueOf(0, 10)).toBe(6);
  });

  test('[LV106] a patch that follows one that was never judged is refused, so that this one is not lost', () => {
    const bench = new GridBench();
    const [first, second] = [bench.patch([cell(0, 10, 5)]), bench.patch([cell(0, 10, 6)], { after: 0 })];
    expect(codeOf(() => bench.push(second))).toBe('live.clockGap');
    expect([codeOf(() => bench.push(first)), codeOf(() => bench.push(second))]).toEqual(['taken', 'taken']);
    // One of which nothing is taken counts as judged.
    expect(codeOf(() => bench.push(bench.patch([cell(1, 10, 5)])))).toBe('taken');
    expect(codeOf(() => bench.push(bench.patch([cell(0, 10, 7)], { after: 2 })))).toBe('taken');
    expect(readCells(bench.commit()).valueOf(0, 10)).toBe(7);
  });

  test('[LV100] patches stand under client ids of their author, and nowhere without a judgement', () => {
    const bench = new GridBench();
    bench.push(bench.patch([cell(0, 10, 5)]));
    expect(codeOf(() => bench.push(bench.patch([cell(0, 10, 6)]), 'bo'))).toBe('live.foreignClient');
    const author = { memberId: 'ada', side: 'buyer', at: new Date(0) } as const;
    expect(codeOf(() => bench.log.push(bench.patch([cell(0, 10, 6)]), author))).toBe('live.readOnly');
  });

  test('[LV115] a full grid takes no new cells, and goes on with those it has', () => {
    const table = new CellTable();
    const pages = gridLimits.cells / gridLimits.pageCells;
    for (let at = 0; at < pages; at += 1) {
      const row = Math.floor(at / 1_000);
      table.set(row, (at % 1_000) * gridLimits.pageCells, { value: 1, revision: 1, memberId: 'ada' });
    }
    const [clocks, owners] = [new Map([[9, 1]]), new Map([[9, 'ada']])];
    const snapshot = { seq: 1, update: bytesOf(table), clocks, owners, details: null, at: new Date(0) };
    const bench = new GridBench(storedWith(snapshot));
    const { stored, refused } = bench.push(bench.patch([cell(0, 16, 5), cell(40, 10, 5)]));
    expect(stored?.cells).toEqual([{ row: 0, bucket: 16, value: 5, previous: 1, isOver: false }]);
    expect(refused).toEqual([{ row: 40, bucket: 10, code: 'grid.full' }]);
  });
});

describe('bytes', () => {
  test('[LV102] 10,000 damaged patches are taken or refused by name, and change nothing when refused', () => {
    const random = new SeededRandom(7);
    const bench = new GridBench();
    const counts = new Map<string, number>();
    for (let round = 0; round < 10_000; round += 1) {
      const cells = [cell(0, 10, random.below(1e6)), cell(8, 20, 'words'), cell(2, 9, 0.5, round)];
      const bytes = damage(bench.patch(cells), random);
      const code = codeOf(() => bench.push(bytes));
      counts.set(code, (counts.get(code) ?? 0) + 1);
      if (code !== 'taken') expect(bench.log.hasWaiting).toBe(false);
      for (const update of bench.commit()) decodeStored(update);
    }
    expect([...counts.keys()].sort()).toEqual(['live.malformed', 'taken']);
    expect(counts.get('live.malformed')).toBeGreaterThan(2_000);
  });

  test('[LV102] too many cells, too many bytes, a cell twice, none, and values no cell has are refused', () => {
    const bench = new GridBench();
    const row = Array.from({ length: 4_097 }, (_, at) => cell(0, 10 + at, 1));
    const codes = [
      bench.patch(row),
      bench.patch(row.slice(0, 4_096)),
      bench.patch([]),
      bench.patch([cell(0, 10, 1), cell(0, 10, 2)]),
      bench.patch([cell(0, 10, Number.NaN)]),
      bench.patch([cell(0, 10, Number.POSITIVE_INFINITY)]),
      bench.patch([cell(8, 10, 'x'.repeat(65))]),
      bench.patch([cell(gridLimits.rows, 10, 1)]),
      bench.patch([cell(0, 10, 1)], { client: 2 ** 32 }),
      new Uint8Array(gridLimits.patchBytes + 1).fill(3),
      new Uint8Array(),
    ].map((bytes) => codeOf(() => bench.push(bytes)));
    expect(codes).toEqual([
      'live.malformed',
      'taken',
      ...Array.from({ length: 7 }, () => 'live.malformed'),
      'live.tooLarge',
      'live.malformed',
    ]);
  });

  test('[LV107] a snapshot holds exactly what the log comes to, whatever was snapshot before', async () => {
    const random = new SeededRandom(3);
    const bench = new GridBench();
    const values = [0, 250, 251, 123_456, 0.25, null, -0];
    const all: Uint8Array[] = [];
    for (let round = 0; round < 400; round += 1) {
      const cells = Array.from({ length: 1 + random.below(30) }, (_, at) =>
        cell(random.below(40) * 2, 10 + at, random.pick(values)),
      );
      const text = cell(8, 100 + random.below(50), `${random.below(9)} weeks`);
      bench.push(bench.patch([...cells.filter(({ row }) => row % 10 !== 8), text]));
      all.push(...bench.commit());
      if (round % 90 === 0)
        bench.log.adoptSnapshot(await bench.log.makeSnapshot({ pause: () => Promise.resolve() }));
    }
    const cells = [...readCells(all).cells()];
    expect([...readCells(bench.log.everything().updates).cells()]).toEqual(cells);
    const snapshot = await bench.log.makeSnapshot({ pause: () => Promise.resolve() });
    expect([...readCells([snapshot.update]).cells()]).toEqual(cells);
    const reopened = new GridBench(storedWith(snapshot));
    const [first] = cells.filter(({ value }) => typeof value === 'number');
    if (first === undefined) throw new Error('no cell');
    const { row, bucket, revision } = first;
    const written = reopened.patch([cell(row, bucket, 77, revision)], { client: 5 });
    expect(reopened.push(written).stored?.cells[0]).toMatchObject({ previous: revision, isOver: false });
  });
});

function bytesOf(table: CellTable): Uint8Array {
  const steps = encodeCells(table);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  for (let times = random.below(4); times >= 0; times -= 1) {
    bytes[random.below(bytes.length)] = random.below(256);
  }
  return random.chance(0.2) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
}
