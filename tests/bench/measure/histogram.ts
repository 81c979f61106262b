/** Delays counted in fine steps, so that millions of them cost a few kilobytes. */

const stepsPerMs = 50;
/** Longer delays count as this one. */
const longestMs = 10_000;

/** Percentiles in ms, exact to 1/50 ms. */
export class Histogram {
  #counts = new Uint32Array(longestMs * stepsPerMs + 1);
  count = 0;

  /** @param times - how many edits had this delay */
  add(ms: number, times = 1): void {
    const step = Math.min(Math.max(Math.round(ms * stepsPerMs), 0), longestMs * stepsPerMs);
    this.#counts[step] = (this.#counts[step] ?? 0) + times;
    this.count += times;
  }

  /** The delay that `share` of all do not exceed (nearest rank); 0 when there is none. */
  percentile(share: number): number {
    let left = Math.max(Math.ceil(this.count * share), 1);
    if (this.count === 0) return 0;
    for (let step = 0; step < this.#counts.length; step += 1) {
      left -= this.#counts[step] ?? 0;
      if (left <= 0) return step / stepsPerMs;
    }
    return longestMs;
  }

  clear(): void {
    this.#counts.fill(0);
    this.count = 0;
  }
}

/** What a table shows of delays, ms. */
export interface Delays {
  p50: number;
  p95: number;
  p99: number;
}

/** Reads the three figures. */
export function delaysOf(histogram: Histogram): Delays {
  return {
    p50: histogram.percentile(0.5),
    p95: histogram.percentile(0.95),
    p99: histogram.percentile(0.99),
  };
}
