/** A live grid's cells: places, values, limits, and why one is not taken; the grammar is PROTOCOL.md, "Grids". */
import type { ErrorCode } from '#shared/base/errors.ts';

/** A number, a short text, or null for an emptied cell. A cell never written has no value; neither is 0. */
export type CellValue = number | string | null;

/** Limits of a grid; both ends keep them. */
export const gridLimits = {
  /** Rows and buckets are numbers the room gives out, from 0 and below these. */
  rows: 32_768,
  buckets: 65_536,
  cellsPerPatch: 4_096,
  patchBytes: 64 * 1024,
  /** UTF-16 units of a text in a cell. */
  textLength: 64,
  /** Cells a grid has room for, counted in pages of `pageCells` along a row; the patch that fills it is still taken. */
  cells: 262_144,
  pageCells: 16,
  /** Steps of a cell's past in one answer. */
  historySteps: 20,
} as const;

/** Why a cell is refused; the other cells of its patch stand, unless it is to be taken as a whole. */
export type GridRefusal = Extract<ErrorCode, `grid.${string}`>;

/** Every reason, in the order in which the wire numbers them: only ever added to. */
export const gridRefusals: readonly GridRefusal[] = [
  'grid.cellUnknown',
  'grid.rowForeign',
  'grid.bucketClosed',
  'grid.valueRefused',
  'grid.full',
];

/** A cell as a person writes it. */
export interface WrittenCell {
  row: number;
  bucket: number;
  value: CellValue;
  /** Revision of the cell as the writer saw it, which is the number of the patch that set it; 0 for never set. */
  base: number;
}

/** A cell as the log has it. */
export interface StoredCell {
  row: number;
  bucket: number;
  value: CellValue;
  /** Number of the patch that set the cell before; 0 for none. Following these is a cell's history. */
  previous: number;
  /** True when it was written over another person's value that its writer had not seen. */
  isOver: boolean;
}

/** A cell that was not taken, and why. */
export interface RefusedCell {
  row: number;
  bucket: number;
  code: GridRefusal;
}

/** A cell's place as one number, for maps. */
export function cellKey(row: number, bucket: number): number {
  return row * gridLimits.buckets + bucket;
}
