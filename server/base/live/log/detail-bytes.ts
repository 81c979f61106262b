/** Depths and deletions of a snapshot as bytes, so that the first push to a large document decodes none of its text. */
import { ClockRuns, ClockSet } from '#server/base/live/admission/clock-ranges.ts';
import type { StoredDetails } from '#server/base/live/admission/stored-structs.ts';
import { ByteWriter } from '#server/base/live/log/byte-writer.ts';
import { ByteReader, BytesError } from '#shared/base/byte-reader.ts';

/** Raised when the layout changes; bytes of another one are read from the update instead. */
const layout = 1;

/** Writes what `readStored` found. */
export function encodeDetails({ depths, deleted }: StoredDetails): Uint8Array {
  const runs = [...depths.all()];
  const sets = [...deleted.all()];
  const writer = new ByteWriter(64 + 4 * sets.reduce((sum, [, flat]) => sum + flat.length, 0));
  writer.byte(layout);
  writer.uint(runs.length);
  for (const [client, { starts, values }] of runs) {
    writer.uint(client);
    writeRising(writer, starts);
    for (const value of values) writer.uint(value);
  }
  writer.uint(sets.length);
  for (const [client, flat] of sets) {
    writer.uint(client);
    writeRising(writer, flat);
  }
  return writer.finish();
}

/** @returns null for bytes of another layout. @throws BytesError for anything else */
export function decodeDetails(bytes: Uint8Array): StoredDetails | null {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== layout) return null;
  const details: StoredDetails = { depths: new ClockRuns(), deleted: new ClockSet() };
  for (let left = reader.count(3); left > 0; left -= 1) {
    const client = reader.uint();
    const starts = readRising(reader);
    details.depths.adopt(client, { starts, values: starts.map(() => reader.uint()) });
  }
  for (let left = reader.count(3); left > 0; left -= 1)
    details.deleted.adopt(reader.uint(), readRising(reader));
  if (reader.remaining > 0) throw new BytesError('bytes after the details');
  return details;
}

function writeRising(writer: ByteWriter, numbers: readonly number[]): void {
  writer.uint(numbers.length);
  let before = 0;
  for (const number of numbers) {
    writer.uint(number - before);
    before = number;
  }
}

function readRising(reader: ByteReader): number[] {
  const numbers: number[] = [];
  let number = 0;
  for (let left = reader.count(1); left > 0; left -= 1) {
    number += reader.uint();
    numbers.push(number);
  }
  return numbers;
}
