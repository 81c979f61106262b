/** Cells the hub did not take, as they are kept aside on the device: what was typed, where, and why not. */
import type { RefusedEdit } from '#client/base/live/device-store.ts';
import { BytesError } from '#shared/base/byte-reader.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import { cellKey, type RefusedCell, type WrittenCell } from '#shared/base/grid/grid-shape.ts';
import { decodeWritten, type WrittenPatch } from '#shared/base/grid/patch-bytes.ts';

/** Cells refused together for one reason. */
export interface RefusedCells {
  /** By which they are dropped. */
  id: number;
  code: ErrorCode;
  /** Milliseconds since 1970. */
  at: number;
  cells: WrittenCell[];
}

/** The cells of a refused edit; none for one that is no patch. */
export function cellsOf({ id, code, at, update }: RefusedEdit): RefusedCells[] {
  try {
    return [{ id, code, at, cells: decodeWritten(update).cells }];
  } catch (error) {
    if (error instanceof BytesError) return [];
    throw error;
  }
}

/** What is to be kept aside of an answered patch, by reason; of one to be taken as a whole, all cells for the first. */
export function refusalsOf(
  patch: WrittenPatch,
  refused: readonly RefusedCell[],
): { code: ErrorCode; cells: WrittenCell[] }[] {
  const [first] = refused;
  if (first === undefined) return [];
  if (patch.isWhole) return [{ code: first.code, cells: patch.cells }];
  const cells = new Map(patch.cells.map((cell) => [cellKey(cell.row, cell.bucket), cell]));
  const byCode = Map.groupBy(refused, ({ code }) => code);
  return Array.from(byCode, ([code, places]) => {
    return { code, cells: places.flatMap(({ row, bucket }) => cells.get(cellKey(row, bucket)) ?? []) };
  });
}
