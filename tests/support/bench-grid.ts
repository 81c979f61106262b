/** A made-up room with a grid of two sides, for tests and the test bench: items with a line of each side. */
import type { GridRules } from '#server/base/live/kind.ts';
import type { Side } from '#shared/base/audience.ts';

/** Lines and weeks of the made-up grid. */
export const benchGrid = { rows: 500, buckets: 104, closedBuckets: 4, textEvery: 10 } as const;

/** Whose line a row is: forecast and commit take turns. */
export function sideOfRow(row: number): Side {
  return row % 2 === 0 ? 'buyer' : 'supplier';
}

/** Whether a row takes words instead of amounts. */
export function isTextRow(row: number): boolean {
  return row % benchGrid.textEvery >= benchGrid.textEvery - 2;
}

/** Rules of a grid of so many rows and buckets; the first buckets are closed. */
export function makeBenchRules(
  size: { rows: number; buckets: number; closedBuckets: number } = benchGrid,
): GridRules {
  return {
    refuseCell(judgement, row, bucket) {
      if (row >= size.rows || bucket >= size.buckets) return 'grid.cellUnknown';
      if (judgement.side !== sideOfRow(row)) return 'grid.rowForeign';
      return bucket < size.closedBuckets ? 'grid.bucketClosed' : null;
    },
    acceptsValue(_judgement, row, value) {
      if (value === null) return true;
      return isTextRow(row) ? typeof value === 'string' : typeof value === 'number' && value >= 0;
    },
  };
}
