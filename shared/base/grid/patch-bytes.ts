/** A patch as bytes, as it is pushed and as it is stored, and the receipt its sender gets. Bounded when read. */
import * as encoding from 'lib0/encoding';
import { ByteReader, BytesError } from '#shared/base/byte-reader.ts';
import { readRuns, writeRuns } from '#shared/base/grid/cell-runs.ts';
import {
  cellKey,
  gridLimits,
  gridRefusals,
  type RefusedCell,
  type StoredCell,
  type WrittenCell,
} from '#shared/base/grid/grid-shape.ts';
import { readValue, writeValue } from '#shared/base/grid/value-bytes.ts';

/** First byte of whatever a grid's log holds or is sent. */
export const gridBytes = { cells: 1, stored: 2, written: 3 } as const;

/** A patch as its writer sends it. */
export interface WrittenPatch {
  /** The client id it is written under, as a Yjs update is. */
  client: number;
  /** Grows with each patch of a client id; what the hub has taken in under it is not taken in again. */
  clock: number;
  /**
   * Clock of the patch of this client id that is on its way before it: taken only if that was judged. Null when nothing
   * is, and what came before is settled.
   */
  after: number | null;
  /** All of its cells or none. */
  isWhole: boolean;
  /** Each at most once; not empty. */
  cells: WrittenCell[];
}

/** A patch as the log has it: what was taken of it. Its number is the revision of its cells. */
export interface StoredPatch {
  seq: number;
  client: number;
  clock: number;
  memberId: string;
  cells: StoredCell[];
}

/** What a patch came to; told to its sender alone. */
export interface Receipt {
  /** The stored patch's bytes; empty when nothing was stored now. */
  stored: Uint8Array;
  refused: RefusedCell[];
}

/** Greatest clock: clocks stay exact, and end. */
const maxClock = 2 ** 32;
const flags = { whole: 1, follows: 2 } as const;
const allFlags = flags.whole + flags.follows;

/** Writes a patch to be pushed. */
export function encodeWritten(patch: WrittenPatch): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, gridBytes.written);
  encoding.writeVarUint(encoder, patch.client);
  encoding.writeVarUint(encoder, patch.clock);
  const follows = patch.after === null ? 0 : flags.follows;
  encoding.writeUint8(encoder, (patch.isWhole ? flags.whole : 0) + follows);
  if (patch.after !== null) encoding.writeVarUint(encoder, patch.after);
  writeRuns(encoder, patch.cells, (cell) => {
    writeValue(encoder, cell.value);
    encoding.writeVarUint(encoder, cell.base);
  });
  return encoding.toUint8Array(encoder);
}

/** Reads what somebody pushed. @throws BytesError for anything but a patch within `gridLimits` */
export function decodeWritten(bytes: Uint8Array): WrittenPatch {
  const reader = readerOf(bytes, gridBytes.written);
  const client = reader.uint();
  const clock = reader.uint();
  const flag = reader.byte();
  if (client > 0xffffffff || clock >= maxClock || flag > allFlags) throw new BytesError('not a patch');
  const after = flag >= flags.follows ? reader.uint() : null;
  const seen = new Set<number>();
  const cells = readRuns(reader, gridLimits.cellsPerPatch, (row, bucket): WrittenCell => {
    seen.add(cellKey(row, bucket));
    return { row, bucket, value: readValue(reader), base: reader.uint() };
  });
  if (cells.length === 0 || seen.size !== cells.length) throw new BytesError('no cell, or one twice');
  return { client, clock, after, isWhole: flag % 2 === flags.whole, cells };
}

/** Writes a patch as it is stored and shown to everybody. */
export function encodeStored(patch: StoredPatch): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, gridBytes.stored);
  encoding.writeVarUint(encoder, patch.seq);
  encoding.writeVarUint(encoder, patch.client);
  encoding.writeVarUint(encoder, patch.clock);
  encoding.writeVarString(encoder, patch.memberId);
  writeRuns(encoder, patch.cells, (cell) => {
    writeValue(encoder, cell.value);
    encoding.writeVarUint(encoder, cell.previous * 2 + (cell.isOver ? 1 : 0));
  });
  return encoding.toUint8Array(encoder);
}

/** Reads a stored patch. @throws BytesError */
export function decodeStored(bytes: Uint8Array): StoredPatch {
  const reader = readerOf(bytes, gridBytes.stored);
  const patch = { seq: reader.uint(), client: reader.uint(), clock: reader.uint(), memberId: reader.text() };
  const cells = readRuns(reader, gridLimits.cellsPerPatch, (row, bucket): StoredCell => {
    const value = readValue(reader);
    const link = reader.uint();
    return { row, bucket, value, previous: Math.floor(link / 2), isOver: link % 2 === 1 };
  });
  return { ...patch, cells };
}

/** Writes a receipt. */
export function encodeReceipt({ stored, refused }: Receipt): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint8Array(encoder, stored);
  writeRuns(encoder, refused, ({ code }) => encoding.writeVarUint(encoder, gridRefusals.indexOf(code)));
  return encoding.toUint8Array(encoder);
}

/** Reads a receipt. @throws BytesError, also for a reason this end does not know */
export function decodeReceipt(bytes: Uint8Array): Receipt {
  const reader = new ByteReader(bytes);
  const stored = reader.blob();
  const refused = readRuns(reader, gridLimits.cellsPerPatch, (row, bucket): RefusedCell => {
    const code = gridRefusals[reader.uint()];
    if (code === undefined) throw new BytesError('unknown reason');
    return { row, bucket, code };
  });
  return { stored, refused };
}

/** A reader behind the first byte. @throws BytesError when that is another one */
export function readerOf(bytes: Uint8Array, kind: number): ByteReader {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== kind) throw new BytesError('bytes of another kind');
  return reader;
}
