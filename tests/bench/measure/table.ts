/** The table of docs/performance.md, made of results and put between its markers. */
import type { Results } from '#tests/bench/measure/results.ts';
import type { Spread } from '#tests/bench/measure/statistics.ts';

/** One row: a figure of a trial in words, and how many digits behind the point it deserves. */
interface Row {
  words: string;
  trial: string;
  figure: string;
  digits: number;
}

const typingRows = (trial: string, words: string): Row[] => [
  { words: `S1, ${words}: CPU µs per delivery`, trial, figure: 'cpuUsPerDelivery', digits: 2 },
  { words: `S1, ${words}: p50 ms`, trial, figure: 'delays.p50', digits: 2 },
  { words: `S1, ${words}: p99 ms`, trial, figure: 'delays.p99', digits: 2 },
  { words: `S1, ${words}: bytes per delivery`, trial, figure: 'bytesPerDelivery', digits: 0 },
];

const rows: readonly Row[] = [
  ...typingRows('s1-10', '10 people'),
  ...typingRows('s1-50', '50 people'),
  ...typingRows('s1-100', '100 people'),
  ...typingRows('s1-50-carets', '50 people with carets'),
  {
    words: 'Durable acknowledgement, 100 people: p95 ms',
    trial: 's1-100',
    figure: 'ackDelays.p95',
    digits: 1,
  },
  {
    words: 'Durable acknowledgement, 200 people: p50 ms',
    trial: 's1-200',
    figure: 'ackDelays.p50',
    digits: 1,
  },
  {
    words: 'Durable acknowledgement, 200 people: p95 ms',
    trial: 's1-200',
    figure: 'ackDelays.p95',
    digits: 1,
  },
  {
    words: 'Durable acknowledgement, 200 people: p99 ms',
    trial: 's1-200',
    figure: 'ackDelays.p99',
    digits: 1,
  },
  { words: 'S2: deliveries a second', trial: 's2', figure: 'deliveriesPerSecond', digits: 0 },
  { words: 'S2: edits a second', trial: 's2', figure: 'editsPerSecond', digits: 0 },
  {
    words: 'S2, a push for each edit: deliveries a second',
    trial: 's2-alone',
    figure: 'deliveriesPerSecond',
    digits: 0,
  },
  { words: 'S2b: people', trial: 's2b', figure: 'people', digits: 0 },
  { words: 'S2b: CPU of the server, % of its core', trial: 's2b', figure: 'cpuPct', digits: 0 },
  { words: 'S2b: CPU of the load, % of its core', trial: 's2b', figure: 'loadPct', digits: 0 },
  { words: 'S3: RSS growth MB', trial: 's3', figure: 'growthMb', digits: 0 },
  { words: 'S3: heap growth MB, garbage collected', trial: 's3', figure: 'liveGrowthMb', digits: 0 },
  { words: 'S3: CPU µs per delivery', trial: 's3', figure: 'cpuUsPerDelivery', digits: 0 },
  { words: 'S3: documents left after 60 s', trial: 's3', figure: 'left', digits: 0 },
  { words: 'S4: cold ms', trial: 's4', figure: 'coldMs', digits: 1 },
  { words: 'S4: warm ms', trial: 's4', figure: 'warmMs', digits: 1 },
  { words: 'S4: CPU ms of a cold opening', trial: 's4', figure: 'coldCpuMs', digits: 0 },
  { words: 'S4: bytes', trial: 's4', figure: 'bytes', digits: 0 },
  { words: 'S5: all synced ms', trial: 's5', figure: 'allSyncedMs', digits: 0 },
  { words: 'S5: CPU ms per person', trial: 's5', figure: 'cpuMsPerPerson', digits: 2 },
  { words: 'S5: bytes per person', trial: 's5', figure: 'bytesPerPerson', digits: 0 },
  { words: 'S6: first synced ms', trial: 's6', figure: 'firstSyncedMs', digits: 0 },
  { words: 'S6: RSS MB', trial: 's6', figure: 'rssMb', digits: 0 },
];

/** A column: a peer as results name it, and its heading. */
export interface Column {
  peer: string;
  heading: string;
}

/** The table in Markdown; rows nobody has a figure for are left out. `*` marks a trial in which something was wrong. */
export function tableOf(results: Results, columns: readonly Column[]): string {
  const lines = rows.flatMap(({ words, trial, figure, digits }) => {
    const cells = columns.map(({ peer }) => {
      const mark = results.wrong(trial, peer).length > 0 ? ' \\*' : '';
      return cellOf(results.spread(trial, peer, figure), digits) + mark;
    });
    return cells.every((cell) => cell.startsWith('–')) ? [] : [`| ${words} | ${cells.join(' | ')} |`];
  });
  const head = `| | ${columns.map(({ heading }) => heading).join(' | ')} |`;
  return [head, `|---|${columns.map(() => '---').join('|')}|`, ...lines].join('\n');
}

/** What was wrong, a line for each trial and peer; [] when all was as it has to be. */
export function wrongLines(results: Results, columns: readonly Column[]): string[] {
  const trials = [...new Set(rows.map(({ trial }) => trial))];
  return trials.flatMap((trial) =>
    columns.flatMap(({ peer, heading }) => {
      const wrong = results.wrong(trial, peer);
      return wrong.length === 0 ? [] : [`- \\* ${trial}, ${heading}: ${wrong.join('; ')}`];
    }),
  );
}

function cellOf(spread: Spread | null, digits: number): string {
  if (spread === null) return '–';
  const [middle, min, max] = [spread.median, spread.min, spread.max].map((value) => value.toFixed(digits));
  return min === max ? `${middle}` : `${middle} (${min}–${max})`;
}

const begin = '<!-- figures: written by npm run bench -->';
const end = '<!-- end of figures -->';

/** Puts new figures between the markers of a page. @throws Error when it has none */
export function replaceFigures(page: string, figures: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error('the page has no place for figures');
  return `${page.slice(0, from + begin.length)}\n\n${figures}\n\n${page.slice(to)}`;
}
