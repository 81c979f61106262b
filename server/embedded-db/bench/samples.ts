// Times taken and what they say.

/** The value below which a share of the samples lies; NaN without samples. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

/** Median, tail and worst in words. */
export function spread(samples: readonly number[]): string {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => quantile(samples, share).toFixed(3));
  return `p50 ${p50}  p99 ${p99}  max ${max} ms  (${samples.length} times)`;
}

/** Milliseconds of each of `count` runs, one after another. */
export async function timed(count: number, run: (i: number) => Promise<unknown>): Promise<number[]> {
  const out: number[] = [];
  for (let i = 0; i < count; i++) {
    const before = performance.now();
    await run(i);
    out.push(performance.now() - before);
  }
  return out;
}

/** Times of something, and of the least the machine takes for its kind, taken in turn: both meet the same load. */
export interface Paired {
  readonly samples: readonly number[];
  readonly floors: readonly number[];
}

/** Milliseconds of each of `count` runs and of their floors. */
export async function timedOverFloor(
  count: number,
  run: (i: number) => Promise<unknown>,
  floor: () => Promise<unknown>,
): Promise<Paired> {
  const samples: number[] = [];
  const floors: number[] = [];
  for (let i = 0; i < count; i++) {
    samples.push(...(await timed(1, () => run(i))));
    floors.push(...(await timed(1, floor)));
  }
  return { samples, floors };
}
