/** A cell's value as bytes: small whole numbers, which most are, take one. */
import * as encoding from 'lib0/encoding';
import { type ByteReader, BytesError } from '#shared/base/byte-reader.ts';
import { type CellValue, gridLimits } from '#shared/base/grid/grid-shape.ts';

const tags = { null: 0, text: 1, float: 2, uint: 3, negative: 4 } as const;
/** Whole numbers below this stand in the tag itself. */
const firstInline = 5;
const inlineNumbers = 256 - firstInline;

/** Whether a value may stand in a cell at all; rooms are stricter. */
export function isCellValue(value: unknown): value is CellValue {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return value.length <= gridLimits.textLength && value.isWellFormed();
  return value === null;
}

/** Writes a value that `isCellValue`; -0 becomes 0. */
export function writeValue(encoder: encoding.Encoder, value: CellValue): void {
  if (value === null) {
    encoding.writeUint8(encoder, tags.null);
  } else if (typeof value === 'string') {
    encoding.writeUint8(encoder, tags.text);
    encoding.writeVarString(encoder, value);
  } else if (!Number.isSafeInteger(value)) {
    encoding.writeUint8(encoder, tags.float);
    encoding.writeFloat64(encoder, value);
  } else if (value >= 0 && value < inlineNumbers) {
    encoding.writeUint8(encoder, firstInline + value);
  } else {
    encoding.writeUint8(encoder, value < 0 ? tags.negative : tags.uint);
    encoding.writeVarUint(encoder, Math.abs(value));
  }
}

/** Reads a value back. @throws BytesError for what is none: not a finite number, or a text too long */
export function readValue(reader: ByteReader): CellValue {
  const tag = reader.byte();
  if (tag >= firstInline) return tag - firstInline;
  if (tag === tags.null) return null;
  if (tag === tags.uint) return reader.uint();
  // Never -0, which would be another value than 0 to some and the same to others.
  if (tag === tags.negative) return 0 - reader.uint();
  const value = tag === tags.text ? reader.text() : reader.float64() + 0;
  if (!isCellValue(value)) throw new BytesError('not a value of a cell');
  return value;
}
