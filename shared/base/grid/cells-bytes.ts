/** All cells of a grid as bytes: the snapshot of its log. Costs time with size, so it goes step by step. */
import * as encoding from 'lib0/encoding';
import { type ByteReader, BytesError } from '#shared/base/byte-reader.ts';
import { readRun } from '#shared/base/grid/cell-runs.ts';
import { CellTable, type SetCell } from '#shared/base/grid/cell-table.ts';
import { decodeStored, gridBytes, readerOf } from '#shared/base/grid/patch-bytes.ts';
import { readValue, writeValue } from '#shared/base/grid/value-bytes.ts';

type PlacedCell = SetCell & { row: number; bucket: number };

/** About so many cells are read or written in a step: a millisecond or two. */
const stepCells = 8_192;

/** Writes all cells. Yields between steps. */
export function* encodeCells(table: CellTable): Generator<void, Uint8Array> {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, gridBytes.cells);
  encoding.writeVarUint(encoder, table.seq);
  const members = new Map<string, number>();
  let run: PlacedCell[] = [];
  let count = 0;
  for (const cell of table.cells()) {
    const last = run.at(-1);
    if (last !== undefined && (cell.row !== last.row || cell.bucket !== last.bucket + 1)) {
      writeRun(encoder, run, members);
      run = [];
    }
    run.push(cell);
    count += 1;
    if (count % stepCells === 0) yield;
  }
  if (run.length > 0) writeRun(encoder, run, members);
  return encoding.toUint8Array(encoder);
}

/** Takes bytes of a log into a table: all cells, or one stored patch. Yields between steps. @throws BytesError */
export function* readInto(table: CellTable, bytes: Uint8Array): Generator<void, void> {
  if (bytes[0] === gridBytes.stored) {
    table.apply(decodeStored(bytes));
    return;
  }
  const reader = readerOf(bytes, gridBytes.cells);
  const seq = reader.uint();
  const members: string[] = [];
  let count = 0;
  while (reader.remaining > 0) {
    count += readRunInto(table, reader, members);
    if (count < stepCells) continue;
    count = 0;
    yield;
  }
  table.seq = Math.max(table.seq, seq);
}

/** All that these bytes of a log come to, in one go. @throws BytesError */
export function readCells(parts: readonly Uint8Array[], table = new CellTable()): CellTable {
  for (const bytes of parts) for (const _step of readInto(table, bytes));
  return table;
}

/** The same cells in fewer bytes, in one go. @throws BytesError */
export function mergeCells(parts: readonly Uint8Array[]): Uint8Array {
  const steps = encodeCells(readCells(parts));
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Place and length, values, then each revision with how many cells in a row have it and whose it is. */
function writeRun(encoder: encoding.Encoder, run: readonly PlacedCell[], members: Map<string, number>): void {
  const [first] = run;
  if (first === undefined) return;
  encoding.writeVarUint(encoder, first.row);
  encoding.writeVarUint(encoder, first.bucket);
  encoding.writeVarUint(encoder, run.length);
  for (const cell of run) writeValue(encoder, cell.value);
  for (let at = 0; at < run.length; ) {
    const { revision, memberId } = run[at] ?? first;
    let length = 1;
    while (run[at + length]?.revision === revision) length += 1;
    encoding.writeVarUint(encoder, length);
    encoding.writeVarUint(encoder, revision);
    writeMember(encoder, memberId, members);
    at += length;
  }
}

/** A member is written out the first time, and after that by a number. */
function writeMember(encoder: encoding.Encoder, memberId: string, members: Map<string, number>): void {
  const known = members.get(memberId);
  encoding.writeVarUint(encoder, known ?? members.size);
  if (known !== undefined) return;
  members.set(memberId, members.size);
  encoding.writeVarString(encoder, memberId);
}

/** @returns how many cells there were */
function readRunInto(table: CellTable, reader: ByteReader, members: string[]): number {
  const [row, bucket, length] = readRun(reader);
  const values = Array.from({ length }, () => readValue(reader));
  for (let at = 0; at < length; ) {
    const same = reader.uint();
    const revision = reader.uint();
    const memberId = readMember(reader, members);
    if (same === 0 || at + same > length) throw new BytesError('revisions of no cell');
    for (const end = at + same; at < end; at += 1) {
      table.set(row, bucket + at, { value: values[at] ?? null, revision, memberId });
    }
  }
  return length;
}

function readMember(reader: ByteReader, members: string[]): string {
  const index = reader.uint();
  const known = members[index];
  if (known !== undefined) return known;
  if (index !== members.length) throw new BytesError('unknown member');
  const memberId = reader.text();
  members.push(memberId);
  return memberId;
}
