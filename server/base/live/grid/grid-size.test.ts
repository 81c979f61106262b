/** What a full forecast costs: 500 rows and 208 buckets, every cell set by a patch of its own. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { CellTable } from '#shared/base/grid/cell-table.ts';
import { encodeCells, readCells } from '#shared/base/grid/cells-bytes.ts';

const rows = 500;
const buckets = 208;

function bytesOf(table: CellTable): Uint8Array {
  const steps = encodeCells(table);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Amounts as people write them, the revisions as scattered as they can be. */
function fill(table: CellTable): CellTable {
  for (let at = 0; at < rows * buckets; at += 1) {
    const cell = (at * 7_919) % (rows * buckets);
    const value = { value: (cell * 37) % 20_000, revision: 900_000 + at, memberId: `member${at % 40}` };
    table.set(Math.floor(cell / buckets), cell % buckets, value);
  }
  return table;
}

test('[LV109] 104,000 cells take at most 10 MB in memory and 1.5 MB on the wire, at the worst', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const table = fill(new CellTable());
  const memory = used() - before;
  const bytes = bytesOf(table);
  expect(bytes.length).toBeLessThanOrEqual(1.5 * 1024 * 1024);
  expect(memory).toBeLessThanOrEqual(10 * 1024 * 1024);
  expect([...readCells([bytes]).cells()]).toEqual([...table.cells()]);
});
