// What the embedded database must reach, with client and server on the same two cores.

/** One bar: a figure is ok up to (`low`) or from (`high`) the limit. */
export interface Bar {
  readonly what: string;
  readonly limit: number;
  readonly unit: 'ms' | 'MB' | '/s';
  readonly wanted: 'low' | 'high';
}

/** One measured bar; `detail` holds the other quantiles for the reader. */
export interface Figure {
  readonly bar: keyof typeof BARS;
  readonly value: number;
  readonly detail: string;
  /** The same share of the times a bare echo or commit took in the same minutes; missing where there is none. */
  readonly floor?: number;
}

function atMost(limit: number, unit: Bar['unit'], what: string): Bar {
  return { what, limit, unit, wanted: 'low' };
}

/** All bars in the order of the table. */
export const BARS = {
  start: atMost(200, 'ms', 'start, until the first ping is answered'),
  findById: atMost(0.1, 'ms', 'find by _id, p50'),
  findByIndex: atMost(0.3, 'ms', 'find one by a unique index, p50'),
  findSorted: atMost(0.3, 'ms', 'find 20 by a compound index, sorted, p50'),
  besideScan: atMost(20, 'ms', 'find by _id beside scans, p99'),
  besideGroup: atMost(20, 'ms', 'find by _id beside $group, p99'),
  besideSort: atMost(20, 'ms', 'find by _id beside sorts, p99'),
  group: atMost(500, 'ms', '$group over all documents, p50'),
  insertAlone: atMost(0.5, 'ms', 'durable insert alone, p50'),
  insertTogether: { what: 'durable inserts of 64 connections', limit: 5_000, unit: '/s', wanted: 'high' },
  memoryFill: atMost(250, 'MB', 'memory, file filled'),
  memoryOpen: atMost(250, 'MB', 'memory, file opened'),
  memoryScan: atMost(250, 'MB', 'memory, file scanned'),
  memorySort: atMost(250, 'MB', 'memory, file sorted with a limit'),
  memoryGroup: atMost(250, 'MB', 'memory, file grouped'),
} as const satisfies Record<string, Bar>;

/** True when the figure reaches its bar. */
export function isReached({ bar, value }: Figure): boolean {
  const { limit, wanted } = BARS[bar];
  return wanted === 'low' ? value <= limit : value >= limit;
}

/** The table as text, one line a figure: what was measured, its bar, its value, the verdict, how many times its
 *  floor that is, and the other quantiles. */
export function table(figures: readonly Figure[]): string {
  const sign = { low: '≤', high: '≥' } as const;
  const lines = figures.map((figure) => {
    const { what, limit, unit, wanted } = BARS[figure.bar];
    const value = `${figure.value.toFixed(figure.value < 10 ? 3 : 0)} ${unit}`;
    const verdict = isReached(figure) ? 'ok    ' : 'MISSED';
    const ratio = figure.floor
      ? `${(figure.value / figure.floor).toFixed(1)} × ${figure.floor.toFixed(3)}`
      : '';
    return `${what.padEnd(42)} ${`${sign[wanted]} ${limit} ${unit}`.padStart(10)} ${value.padStart(12)}  ${verdict} ${ratio.padStart(14)}  ${figure.detail}`;
  });
  return `${lines.join('\n')}\n`;
}
