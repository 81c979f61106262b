/** Takes a Yjs V1 update apart without reading its content, and puts many together: what was admitted continues exactly. */
import * as encoding from 'lib0/encoding';
import type { ClockRange } from '#server/base/live/admission/document-index.ts';
import { UpdateCursor } from '#server/base/live/admission/update-cursor.ts';

/** The structs of one client in one update. */
export interface Section extends ClockRange {
  /** How many structs. */
  count: number;
  /** Their bytes, a view on the update's. */
  bytes: Uint8Array;
}

/** An update taken apart. */
export interface UpdateParts {
  sections: Section[];
  /** In the order they stand in it; may name what was deleted before. */
  deletes: ClockRange[];
}

/** @throws BytesError, live.malformed and the like for bytes that are no update; those of a log are */
export function takeApart(update: Uint8Array): UpdateParts {
  const cursor = new UpdateCursor(update);
  const sections: Section[] = [];
  let open: Section | undefined;
  let begin = 0;
  while (cursor.nextStruct()) {
    const { client, clock, length, position } = cursor;
    if (open?.client !== client) {
      begin = cursor.begin;
      open = { client, from: clock, to: clock, count: 0, bytes: update };
      sections.push(open);
    }
    open.to = clock + length;
    open.count += 1;
    open.bytes = update.subarray(begin, position);
  }
  const deletes: ClockRange[] = [];
  while (cursor.nextDelete()) {
    deletes.push({ client: cursor.client, from: cursor.clock, to: cursor.clock + cursor.length });
  }
  return { sections, deletes };
}

/** Sections of one client that follow one another, in order; not empty. */
export type SectionRow = readonly Section[];

/**
 * Writes one update.
 * @param rows - one for each client
 * @param deletes - sorted by client and clock, without overlaps
 */
export function putTogether(rows: readonly SectionRow[], deletes: readonly ClockRange[]): Uint8Array {
  const encoder = encoding.createEncoder();
  // Yjs writes the highest client first, and merges what is in this order only.
  const sorted = rows.toSorted((one, two) => (two[0]?.client ?? 0) - (one[0]?.client ?? 0));
  encoding.writeVarUint(encoder, sorted.length);
  for (const row of sorted) {
    encoding.writeVarUint(
      encoder,
      row.reduce((sum, { count }) => sum + count, 0),
    );
    encoding.writeVarUint(encoder, row[0]?.client ?? 0);
    encoding.writeVarUint(encoder, row[0]?.from ?? 0);
    for (const { bytes } of row) encoding.writeUint8Array(encoder, bytes);
  }
  writeDeletes(encoder, deletes);
  return encoding.toUint8Array(encoder);
}

function writeDeletes(encoder: encoding.Encoder, deletes: readonly ClockRange[]): void {
  const byClient = Map.groupBy(deletes, ({ client }) => client);
  const clients = [...byClient.keys()].sort((one, two) => two - one);
  encoding.writeVarUint(encoder, clients.length);
  for (const client of clients) {
    const ranges = byClient.get(client) ?? [];
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, ranges.length);
    for (const { from, to } of ranges) {
      encoding.writeVarUint(encoder, from);
      encoding.writeVarUint(encoder, to - from);
    }
  }
}
