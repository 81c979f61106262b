/** Puts the new structs of an update into an order in which each refers only to what is there before it. */
import { ClockRuns } from '#server/base/live/admission/clock-ranges.ts';
import type { DepthStart, DocumentIndex } from '#server/base/live/admission/document-index.ts';
import { depthOfStruct } from '#server/base/live/admission/stored-structs.ts';
import type { PlacedStruct, StructId } from '#server/base/live/admission/update-cursor.ts';
import { fail } from '#shared/base/errors.ts';
import { liveLimits } from '#shared/base/live.ts';

/** A struct the document does not have yet, or not all of it. */
export interface NewStruct extends PlacedStruct {
  client: number;
  clock: number;
  length: number;
}

interface Ordering {
  index: DocumentIndex;
  /** Clock each client has reached inside the update. */
  reached: Map<number, number>;
  runs: ClockRuns;
  depths: DepthStart[];
}

/**
 * Walks each client's structs as far as their references allow, again and again until all are placed.
 * An update is one client's in nearly every case, and then this is one walk.
 * @param added - new structs of each client, in order
 * @returns where the depth changes, in order
 * @throws live.unknownReference when something refers to what is not there, or in a circle; live.tooDeep
 */
export function orderStructs(index: DocumentIndex, added: ReadonlyMap<number, NewStruct[]>): DepthStart[] {
  const ordering: Ordering = { index, reached: new Map(), runs: new ClockRuns(), depths: [] };
  let waiting = Array.from(added.values(), (structs) => ({ structs, next: 0 }));
  while (waiting.length > 0) {
    let placed = 0;
    for (const line of waiting) {
      const before = line.next;
      line.next = placeFrom(ordering, line.structs, line.next);
      placed += line.next - before;
    }
    if (placed === 0) fail('live.unknownReference');
    waiting = waiting.filter((line) => line.next < line.structs.length);
  }
  return ordering.depths;
}

function placeFrom(ordering: Ordering, structs: readonly NewStruct[], from: number): number {
  let next = from;
  for (
    let struct = structs[next];
    struct !== undefined && mayStand(ordering, struct);
    struct = structs[next]
  ) {
    place(ordering, struct);
    next += 1;
  }
  return next;
}

function mayStand(ordering: Ordering, struct: NewStruct): boolean {
  return (
    isThere(ordering, struct, struct.origin) &&
    isThere(ordering, struct, struct.rightOrigin) &&
    isThere(ordering, struct, struct.parent)
  );
}

/**
 * Yjs looks up a later struct of the same client without asking whether it is there, and throws: so the same client
 * counts only before the struct itself.
 */
function isThere(ordering: Ordering, struct: NewStruct, id: StructId | null): boolean {
  if (id === null) return true;
  if (id.client === struct.client) return id.clock < struct.clock;
  return id.clock < (ordering.reached.get(id.client) ?? ordering.index.clockOf(id.client));
}

function place(ordering: Ordering, struct: NewStruct): void {
  const known = ordering.index.clockOf(struct.client);
  const depth = depthOfStruct(struct, (id) =>
    id.clock < ordering.index.clockOf(id.client)
      ? ordering.index.depthOf(id)
      : ordering.runs.at(id.client, id.clock),
  );
  if (depth > liveLimits.nestingDepth) fail('live.tooDeep');
  const from = Math.max(struct.clock, known);
  ordering.reached.set(struct.client, struct.clock + struct.length);
  ordering.runs.append(struct.client, from, depth);
  const last = ordering.depths.at(-1);
  if (last === undefined || last.client !== struct.client || last.depth !== depth) {
    ordering.depths.push({ client: struct.client, from, depth });
  }
}
