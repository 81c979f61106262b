/** Sets and runs over the clocks of clients: what is deleted, and how deep each struct lies. */

/** For each client, clocks in sorted ranges that do not touch: [from, to, from, to, …], `to` exclusive. */
export class ClockSet {
  #ranges = new Map<number, number[]>();

  /** Whether every clock from `from` up to `to` (exclusive) is in the set. */
  covers(client: number, from: number, to: number): boolean {
    const flat = this.#ranges.get(client);
    if (flat === undefined) return false;
    const at = firstEndingAt(flat, from + 1);
    const start = flat[at];
    const end = flat[at + 1];
    return start !== undefined && end !== undefined && start <= from && end >= to;
  }

  /** Every client's ranges; not to be changed. */
  all(): Iterable<[client: number, flat: readonly number[]]> {
    return this.#ranges;
  }

  /** Takes over ranges as `all` gave them. */
  adopt(client: number, flat: number[]): void {
    this.#ranges.set(client, flat);
  }

  /** Adds the clocks from `from` up to `to` (exclusive), joining what touches. */
  add(client: number, from: number, to: number): void {
    const flat = this.#ranges.get(client);
    if (flat === undefined) {
      this.#ranges.set(client, [from, to]);
      return;
    }
    const first = firstEndingAt(flat, from);
    let past = first;
    let low = from;
    let high = to;
    while (past < flat.length && (flat[past] ?? 0) <= to) {
      low = Math.min(low, flat[past] ?? low);
      high = Math.max(high, flat[past + 1] ?? high);
      past += 2;
    }
    flat.splice(first, past - first, low, high);
  }
}

/** Index of the first range whose end is at or after `clock`. */
function firstEndingAt(flat: readonly number[], clock: number): number {
  let low = 0;
  let high = flat.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((flat[middle * 2 + 1] ?? 0) < clock) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

/** Values of one client's clocks, each from its start on. */
export interface Runs {
  starts: number[];
  values: number[];
}

/** For each client, one number a clock, kept as runs; clocks are added in order, without holes. */
export class ClockRuns {
  #runs = new Map<number, Runs>();

  /** Says that the clocks from `from` on have this value, until the next call says otherwise. */
  append(client: number, from: number, value: number): void {
    const runs = this.#runs.get(client);
    if (runs === undefined) {
      this.#runs.set(client, { starts: [from], values: [value] });
    } else if (runs.values.at(-1) !== value) {
      runs.starts.push(from);
      runs.values.push(value);
    }
  }

  /** Every client's runs; not to be changed. */
  all(): Iterable<[client: number, runs: Readonly<Runs>]> {
    return this.#runs;
  }

  /** Takes over runs as `all` gave them. */
  adopt(client: number, runs: Runs): void {
    this.#runs.set(client, runs);
  }

  /** @returns 0 for a client never seen */
  at(client: number, clock: number): number {
    const runs = this.#runs.get(client);
    if (runs === undefined) return 0;
    let low = 0;
    let high = runs.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((runs.starts[middle] ?? 0) <= clock) low = middle + 1;
      else high = middle;
    }
    return runs.values[low - 1] ?? 0;
  }
}
