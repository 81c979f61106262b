/** Reads back what admission needs of stored updates: how deep each struct lies and what is deleted. */
import type { ClockRuns, ClockSet } from '#server/base/live/admission/clock-ranges.ts';
import { type PlacedStruct, type StructId, UpdateCursor } from '#server/base/live/admission/update-cursor.ts';

/** What is read of the stored updates of one document. */
export interface StoredDetails {
  depths: ClockRuns;
  deleted: ClockSet;
}

interface WaitingStruct extends PlacedStruct {
  clock: number;
  length: number;
}

/** The structs of one client from the first on that refers to what comes later in the bytes. */
interface Line {
  client: number;
  structs: WaitingStruct[];
  next: number;
  /** True while others in front of it are followed for its sake. */
  isOpen: boolean;
  /** The last id others were followed for. */
  asked: StructId | null;
}

/**
 * Depth of a struct: 1 in a root, one more than its parent inside a type, as its neighbour
 * when it has one, 0 for collected structs.
 */
export function depthOfStruct(struct: PlacedStruct, depthOf: (id: StructId) => number): number {
  if (struct.isGarbage) return 0;
  if (struct.parent !== null) return depthOf(struct.parent) + 1;
  const beside = struct.origin === null ? 0 : depthOf(struct.origin);
  if (beside > 0) return beside;
  return struct.rightOrigin === null ? 1 : Math.max(1, depthOf(struct.rightOrigin));
}

/**
 * Reads updates that were admitted once, so only what their structs tell and not whether they may. Merged updates
 * list client after client, so a struct may stand before what it refers to: then that is read first.
 * @param clocks - state vector of what `details` holds already
 */
export function readStored(
  updates: readonly Uint8Array[],
  details: StoredDetails,
  clocks: ReadonlyMap<number, number> = new Map(),
): void {
  const reading = new StoredReading(details, clocks);
  for (const update of updates) reading.read(update);
}

class StoredReading {
  #details: StoredDetails;
  /** Next clock of each client. */
  #clocks: Map<number, number>;
  #lines = new Map<number, Line>();

  constructor(details: StoredDetails, clocks: ReadonlyMap<number, number>) {
    this.#details = details;
    this.#clocks = new Map(clocks);
  }

  read(update: Uint8Array): void {
    const { deleted } = this.#details;
    const cursor = new UpdateCursor(update);
    while (cursor.nextStruct()) this.#take(cursor);
    while (cursor.nextDelete()) deleted.add(cursor.client, cursor.clock, cursor.clock + cursor.length);
    for (const line of this.#lines.values()) this.#follow(line);
    this.#lines.clear();
  }

  #take(cursor: UpdateCursor): void {
    const { client, clock, length, isGarbage, origin, rightOrigin, parent } = cursor;
    if (clock + length <= this.#clockOf(client)) return;
    const line = this.#lines.get(client);
    const struct = { clock, length, isGarbage, origin, rightOrigin, parent };
    if (line !== undefined) line.structs.push(struct);
    else if (this.#missingOf(client, cursor) === null) this.#place(client, cursor);
    else this.#lines.set(client, { client, structs: [struct], next: 0, isOpen: false, asked: null });
  }

  /** Places a line to its end, and before each struct as much of others as it refers to. */
  #follow(first: Line): void {
    // Not by recursion: two people who typed in turn refer to each other thousands of times.
    const stack = [{ line: first, end: Number.POSITIVE_INFINITY }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { line, end } = top;
      line.isOpen = true;
      const missing = this.#placeUntil(line, end);
      const bringer = missing === null ? undefined : this.#lines.get(missing.client);
      if (missing === null) {
        line.isOpen = false;
        stack.pop();
      } else if (bringer === undefined || bringer.isOpen || missing === line.asked) {
        // A circle, or nobody has it: admission rules out both, and neither may keep a document from being read.
        this.#placeNext(line);
      } else {
        line.asked = missing;
        stack.push({ line: bringer, end: missing.clock });
      }
    }
  }

  /** @returns what is missing; null once the clock `end` is placed, or the line is at its end */
  #placeUntil(line: Line, end: number): StructId | null {
    for (let struct = line.structs[line.next]; struct !== undefined; struct = line.structs[line.next]) {
      if (this.#clockOf(line.client) > end) return null;
      const missing = this.#missingOf(line.client, struct);
      if (missing !== null) return missing;
      this.#placeNext(line);
    }
    return null;
  }

  #placeNext(line: Line): void {
    const struct = line.structs[line.next];
    line.next += 1;
    if (struct !== undefined) this.#place(line.client, struct);
  }

  /** What a struct refers to that has not been placed yet; its own client's clocks come before it in any case. */
  #missingOf(client: number, { origin, rightOrigin, parent }: PlacedStruct): StructId | null {
    for (const id of [origin, rightOrigin, parent]) {
      if (id !== null && id.client !== client && id.clock >= this.#clockOf(id.client)) return id;
    }
    return null;
  }

  #place(client: number, struct: WaitingStruct): void {
    const { depths } = this.#details;
    const depth = depthOfStruct(struct, (id) => depths.at(id.client, id.clock));
    depths.append(client, Math.max(struct.clock, this.#clockOf(client)), depth);
    this.#clocks.set(client, struct.clock + struct.length);
  }

  #clockOf(client: number): number {
    return this.#clocks.get(client) ?? 0;
  }
}
