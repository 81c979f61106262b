/** The statistics of a few runs. */

/** The middle value; the mean of the two middle ones of an even number. @throws RangeError without any value */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return (low + high) / 2;
}

/** Median, least and greatest of some runs. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** @throws RangeError without any value */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}
