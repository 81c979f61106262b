/** Who deleted what first: later deletions of the same clocks change nothing. */
import type { OwnedRange } from '#server/history/owned-range.ts';

/** A deletion, and the place of the stretch of the log it came in. */
export interface DatedDelete extends OwnedRange {
  stretch: number;
}

/** All deletions of one document, in the order of its log. */
export class DeletePast {
  /** By client, in order of the log. */
  #told = new Map<number, DatedDelete[]>();
  /** By client, sorted and without overlaps: each clock with its first deletion. Made when asked for. */
  #first = new Map<number, DatedDelete[]>();

  /** Adds what was deleted next. */
  add(range: DatedDelete): void {
    const told = this.#told.get(range.client);
    if (told === undefined) this.#told.set(range.client, [range]);
    else told.push(range);
    this.#first.delete(range.client);
  }

  /**
   * What was deleted by the first so many stretches, sorted by client and clock; each range of its first deletion.
   * @param pause - awaited now and then, so that others go on
   */
  async upTo(stretches: number, pause: () => Promise<void>): Promise<DatedDelete[]> {
    const found: DatedDelete[] = [];
    for (const client of [...this.#told.keys()].sort((one, two) => one - two)) {
      for (const range of await this.#firstOf(client, pause)) {
        // Whatever is first among all is first among those up to a moment, or did not happen by then.
        if (range.stretch < stretches) found.push(range);
      }
    }
    return found;
  }

  async #firstOf(client: number, pause: () => Promise<void>): Promise<DatedDelete[]> {
    const known = this.#first.get(client);
    if (known !== undefined) return known;
    const told = [...(this.#told.get(client) ?? [])];
    const first = await firstDeletes(told, pause);
    // More may have been told while this was worked out.
    if (this.#told.get(client)?.length === told.length) this.#first.set(client, first);
    return first;
  }
}

/** Deletions gone through in one turn. */
const perTurn = 10_000;

/** Paints the deletions in order over the spans between all their ends; a span once painted is stepped over. */
async function firstDeletes(
  told: readonly DatedDelete[],
  pause: () => Promise<void>,
): Promise<DatedDelete[]> {
  const ends = sortedEnds(told);
  await pause();
  const painted: (DatedDelete | undefined)[] = Array.from({ length: ends.length });
  const unpainted = new NextPlaces(ends.length);
  for (const [count, range] of told.entries()) {
    if (count % perTurn === perTurn - 1) await pause();
    const end = placeOf(ends, range.to);
    for (let at = unpainted.from(placeOf(ends, range.from)); at < end; at = unpainted.from(at)) {
      painted[at] = range;
      unpainted.leave(at);
    }
  }
  const first: DatedDelete[] = [];
  for (const [at, range] of painted.entries()) {
    if (at % perTurn === perTurn - 1) await pause();
    const [from, to] = [ends[at], ends[at + 1]];
    if (range === undefined || from === undefined || to === undefined) continue;
    const { client, writer, atMs, stretch } = range;
    first.push({ client, from, to, writer, atMs, stretch });
  }
  return first;
}

function sortedEnds(told: readonly DatedDelete[]): Float64Array {
  const all = new Float64Array(told.length * 2);
  for (const [at, { from, to }] of told.entries()) {
    all[at * 2] = from;
    all[at * 2 + 1] = to;
  }
  all.sort();
  return all.filter((clock, at) => clock !== all[at - 1]);
}

/** Where a clock stands in the sorted list that holds it. */
function placeOf(ends: Float64Array, clock: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) < clock) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Places of a list that are left one by one; finds the next that has not been. */
class NextPlaces {
  #next: Int32Array;

  constructor(length: number) {
    this.#next = Int32Array.from({ length }, (_, place) => place);
  }

  leave(place: number): void {
    this.#next[place] = place + 1;
  }

  /** The place itself, or the next one that has not been left. */
  from(start: number): number {
    const next = this.#next;
    let place = start;
    while ((next[place] ?? place) !== place) {
      // Halving the way keeps later walks short.
      next[place] = next[next[place] ?? place] ?? next[place] ?? place;
      place = next[place] ?? place;
    }
    return place;
  }
}
