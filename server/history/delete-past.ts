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

  /** What was deleted by the first so many stretches, sorted by client and clock; each range of its first deletion. */
  upTo(stretches: number): DatedDelete[] {
    const clients = [...this.#told.keys()].sort((one, two) => one - two);
    // Whatever is first among all is first among those up to a moment, or did not happen by then.
    return clients.flatMap((client) => this.#firstOf(client).filter(({ stretch }) => stretch < stretches));
  }

  #firstOf(client: number): DatedDelete[] {
    const known = this.#first.get(client);
    if (known !== undefined) return known;
    const told = this.#told.get(client) ?? [];
    const first = firstDeletes(told);
    this.#first.set(client, first);
    return first;
  }
}

/** Paints the deletions in order over the spans between all their ends; a span once painted is stepped over. */
function firstDeletes(told: readonly DatedDelete[]): DatedDelete[] {
  const ends = Float64Array.from(new Set(told.flatMap(({ from, to }) => [from, to]))).sort();
  const placeAt = new Map(Array.from(ends, (clock, place) => [clock, place]));
  const painted: (DatedDelete | undefined)[] = Array.from({ length: ends.length });
  const next = Int32Array.from(ends.keys());
  const unpainted = (from: number): number => {
    let place = from;
    while ((next[place] ?? place) !== place) {
      // Halving the way keeps later walks short.
      next[place] = next[next[place] ?? place] ?? place;
      place = next[place] ?? place;
    }
    return place;
  };
  for (const range of told) {
    const end = placeAt.get(range.to) ?? 0;
    for (let place = unpainted(placeAt.get(range.from) ?? 0); place < end; place = unpainted(place)) {
      painted[place] = range;
      next[place] = place + 1;
    }
  }
  const first: DatedDelete[] = [];
  for (const [place, range] of painted.entries()) {
    const [from, to] = [ends[place], ends[place + 1]];
    if (range !== undefined && from !== undefined && to !== undefined) first.push({ ...range, from, to });
  }
  return first;
}
