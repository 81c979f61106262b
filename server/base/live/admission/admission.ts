/** Decides whether an update may enter a document, on its V1 bytes alone. Rules LV10 to LV19. */
import * as Y from 'yjs';
import type { ClockRange, DocumentIndex, IndexChange } from '#server/base/live/admission/document-index.ts';
import { type NewStruct, orderStructs } from '#server/base/live/admission/struct-order.ts';
import { UpdateCursor } from '#server/base/live/admission/update-cursor.ts';
import { BytesError } from '#shared/base/byte-reader.ts';
import { fail } from '#shared/base/errors.ts';
import { liveLimits } from '#shared/base/live.ts';

/** What an update is to a document: nothing new, or bytes to store and the change they make. */
export type Admission = { kind: 'known' } | { kind: 'new'; update: Uint8Array; change: IndexChange };

/** What has been read of an update so far. */
interface Reading {
  index: DocumentIndex;
  memberId: string;
  /** New structs of each client, in order and without holes. */
  added: Map<number, NewStruct[]>;
  deletes: ClockRange[];
  hasKnown: boolean;
}

/**
 * Judges one update of one person. Changes nothing: `index.apply(admission.change)` does.
 * @throws live.malformed, live.encodingRefused, live.tooLarge, live.tooDeep, live.documentFull, live.foreignClient,
 *   live.clockGap, live.unknownReference
 */
export function admit(index: DocumentIndex, update: Uint8Array, memberId: string): Admission {
  if (update.length > liveLimits.updateBytes) fail('live.tooLarge');
  const reading: Reading = { index, memberId, added: new Map(), deletes: [], hasKnown: false };
  readAll(reading, update);
  if (reading.added.size === 0 && reading.deletes.length === 0) return { kind: 'known' };
  const depths = orderStructs(index, reading.added);
  const bytes = reading.hasKnown ? Y.diffUpdate(update, Y.encodeStateVector(index.clocks)) : update;
  // Deletions make room with the next snapshot, so a little more is let in of them than of anything else.
  const roomBytes = liveLimits.documentBytes + (reading.added.size === 0 ? liveLimits.deletionBytes : 0);
  if (index.bytes + bytes.length > roomBytes) fail('live.documentFull');
  const clocks = Array.from(reading.added, ([client]) => rangeOf(reading, client));
  return {
    kind: 'new',
    update: bytes,
    change: { clocks, depths, deletes: reading.deletes, bytes: bytes.length },
  };
}

function readAll(reading: Reading, update: Uint8Array): void {
  try {
    const cursor = new UpdateCursor(update, { structs: liveLimits.structsPerUpdate });
    while (cursor.nextStruct()) takeStruct(reading, cursor);
    const ranges: ClockRange[] = [];
    while (cursor.nextDelete()) {
      ranges.push({ client: cursor.client, from: cursor.clock, to: cursor.clock + cursor.length });
    }
    // Judged when the bytes are read to their end, so that another encoding is told from a wrong reference.
    for (const range of ranges) takeDelete(reading, range);
  } catch (error) {
    if (!(error instanceof BytesError)) throw error;
    fail(looksLikeV2(update) ? 'live.encodingRefused' : 'live.malformed');
  }
}

/** V2 begins with a feature flag 0, which in V1 means an update of deletions only; those are read as V1 first. */
function looksLikeV2(update: Uint8Array): boolean {
  return update[0] === 0 && update.length > 2;
}

function takeStruct(reading: Reading, cursor: UpdateCursor): void {
  const { client, clock } = cursor;
  const known = clockAfter(reading, client);
  if (clock + cursor.length <= known) {
    reading.hasKnown = true;
    return;
  }
  if (reading.index.owners.get(client) !== reading.memberId) fail('live.foreignClient');
  if (clock > known) fail('live.clockGap');
  if (clock < known) reading.hasKnown = true;
  const { length, isGarbage, origin, rightOrigin, parent } = cursor;
  const struct = { client, clock, length, isGarbage, origin, rightOrigin, parent };
  const list = reading.added.get(client);
  if (list !== undefined) list.push(struct);
  else if (reading.added.size === liveLimits.clientsPerUpdate) fail('live.tooLarge');
  else reading.added.set(client, [struct]);
  if (clock + length - reading.index.clockOf(client) > liveLimits.clocksPerUpdate) fail('live.clockGap');
}

/** Deletions come after all structs, so what this update adds counts as known. */
function takeDelete(reading: Reading, range: ClockRange): void {
  if (range.to > clockAfter(reading, range.client)) fail('live.unknownReference');
  if (!reading.index.isDeleted(range.client, range.from, range.to)) reading.deletes.push(range);
}

function clockAfter(reading: Reading, client: number): number {
  const last = reading.added.get(client)?.at(-1);
  return last === undefined ? reading.index.clockOf(client) : last.clock + last.length;
}

function rangeOf(reading: Reading, client: number): ClockRange {
  return { client, from: reading.index.clockOf(client), to: clockAfter(reading, client) };
}
