/** Ours to the best peer, from medians of one run. */

/** One figure a ratio is made of: where it stands, and whether less is better. */
export interface Comparison {
  /** Name in the printed object. */
  name: string;
  trial: string;
  /** Path into the trial's figures. */
  figure: string;
  better: 'less' | 'more';
}

/** What the last line of `npm run bench -- --quick` holds. */
export const comparisons: readonly Comparison[] = [
  { name: 'fanoutCpu', trial: 's1-100', figure: 'cpuUsPerDelivery', better: 'less' },
  { name: 'saturation', trial: 's2', figure: 'deliveriesPerSecond', better: 'more' },
  { name: 'memory', trial: 's3', figure: 'growthMb', better: 'less' },
  { name: 'openCold', trial: 's4', figure: 'coldMs', better: 'less' },
  { name: 'reconnect', trial: 's5', figure: 'allSyncedMs', better: 'less' },
];

/** Ours divided by the best of the others; null when either side has nothing. */
export function ratioOf(
  ours: number | null,
  others: readonly (number | null)[],
  better: Comparison['better'],
): number | null {
  const known = others.filter((value) => value !== null);
  if (ours === null || known.length === 0) return null;
  const best = better === 'less' ? Math.min(...known) : Math.max(...known);
  return best === 0 ? null : Math.round((ours / best) * 1_000) / 1_000;
}

/**
 * The object of ratios.
 * @param find - the median of a figure of a trial, for `hub` and for each peer; null where it was not measured
 */
export function ratiosOf(
  find: (peer: string, trial: string, figure: string) => number | null,
  others: readonly string[],
): Record<string, number | null> {
  return Object.fromEntries(
    comparisons.map(({ name, trial, figure, better }) => {
      const values = others.map((peer) => find(peer, trial, figure));
      return [name, ratioOf(find('hub', trial, figure), values, better)];
    }),
  );
}
