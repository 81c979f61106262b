/** Cells as bytes, neighbours along a row together: the row and the first bucket are written once for all of them. */
import * as encoding from 'lib0/encoding';
import { type ByteReader, BytesError } from '#shared/base/byte-reader.ts';
import { gridLimits } from '#shared/base/grid/grid-shape.ts';

/** Where a cell is. */
export interface CellPlace {
  row: number;
  bucket: number;
}

/** Writes cells in their order. @param write - writes what a cell has besides its place */
export function writeRuns<Cell extends CellPlace>(
  encoder: encoding.Encoder,
  cells: readonly Cell[],
  write: (cell: Cell) => void,
): void {
  for (let at = 0; at < cells.length; ) {
    const first = cells[at];
    if (first === undefined) return;
    let length = 1;
    while (follows(first, cells[at + length], length)) length += 1;
    encoding.writeVarUint(encoder, first.row);
    encoding.writeVarUint(encoder, first.bucket);
    encoding.writeVarUint(encoder, length);
    for (const cell of cells.slice(at, at + length)) write(cell);
    at += length;
  }
}

/**
 * Reads cells to the end of the bytes.
 * @param read - reads what a cell has besides its place, at least one byte
 * @throws BytesError for too many cells, and places no grid has
 */
export function readRuns<Cell>(
  reader: ByteReader,
  most: number,
  read: (row: number, bucket: number) => Cell,
): Cell[] {
  const cells: Cell[] = [];
  while (reader.remaining > 0) {
    const [row, bucket, length] = readRun(reader);
    if (cells.length + length > most) throw new BytesError('too many cells');
    for (let at = 0; at < length; at += 1) cells.push(read(row, bucket + at));
  }
  return cells;
}

/** Reads where a run is and how many cells it has, one or more. @throws BytesError */
export function readRun(reader: ByteReader): [row: number, bucket: number, length: number] {
  const row = reader.uint();
  const bucket = reader.uint();
  const length = reader.count(1);
  if (length === 0) throw new BytesError('a run of no cells');
  if (!isPlace(row, bucket) || !isPlace(row, bucket + length - 1)) throw new BytesError('no such cell');
  return [row, bucket, length];
}

/** Whether there can be such a cell at all. */
export function isPlace(row: number, bucket: number): boolean {
  return (
    Number.isInteger(row) &&
    Number.isInteger(bucket) &&
    row >= 0 &&
    bucket >= 0 &&
    row < gridLimits.rows &&
    bucket < gridLimits.buckets
  );
}

function follows(first: CellPlace, cell: CellPlace | undefined, length: number): boolean {
  return cell !== undefined && cell.row === first.row && cell.bucket === first.bucket + length;
}
