/** Measures the live engine side by side with its peers: `npm run bench -- --quick --scenario s1 --peer hub`. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPeers, versionOf } from '#tests/bench/install.ts';
import { machineWords, othersLimit, unfitness } from '#tests/bench/measure/machine.ts';
import { ratiosOf } from '#tests/bench/measure/ratios.ts';
import { Results } from '#tests/bench/measure/results.ts';
import { type Column, replaceFigures, tableOf, wrongLines } from '#tests/bench/measure/table.ts';
import { type Options, readOptions } from '#tests/bench/options.ts';
import { peers } from '#tests/bench/peers.ts';
import { percent, play, playQuietly } from '#tests/bench/play.ts';
import { prepareTrace } from '#tests/bench/scenarios/opening.ts';
import { type Trial, trialsFor } from '#tests/bench/trials.ts';
import { projectRoot } from '#tests/support/project-files.ts';

const missing = unfitness();
if (missing.length > 0) {
  process.stderr.write(`${missing.join('\n')}\n`);
  process.exit(1);
}
const options = readOptions(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const results = new Results();
let busiest = 0;
try {
  installPeers();
  const trials = trialsFor(options.quick, folder).filter(({ scenario }) =>
    options.scenarios.includes(scenario),
  );
  if (trials.some(({ scenario }) => scenario === 's4')) await prepare(options);
  for (let run = 1; run <= options.runs; run += 1) await playAll(run, trials);
  report(options);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Makes the long document of S4 once, as each peer stores it. */
async function prepare({ tracePath, peers: asked }: Options): Promise<void> {
  const edits = await prepareTrace(tracePath, folder);
  const source = existsSync(tracePath) ? 'the real trace' : `a stand-in, for there is no ${tracePath}`;
  process.stdout.write(`S4: a document of ${edits} edits: ${source}\n`);
  // Together, because nothing is timed: most of it is waiting until a document is let go.
  const prepared = asked.map((peer) =>
    play(peer, 's4-prepare', { folder }).catch((error: unknown) =>
      process.stdout.write(`${String(error)}\n`),
    ),
  );
  await Promise.all(prepared);
}

/** One run: every trial against every peer in turn. */
async function playAll(run: number, trials: readonly Trial[]): Promise<void> {
  for (const trial of trials) {
    for (const peer of options.peers) {
      if (trial.only !== undefined && peer !== trial.only) continue;
      const line = await playOne(trial, peer).catch(String);
      process.stdout.write(`run ${run}  ${trial.id}  ${peer}  ${line}\n`);
    }
  }
}

/** One trial, taken into the results. @returns what it found, for the terminal */
async function playOne({ id, scenario, order }: Trial, peer: string): Promise<string> {
  const times = options.quick || options.busy ? 1 : 3;
  const { figures, others } = await playQuietly(peer, scenario, order, times);
  results.add(id, peer, figures);
  busiest = Math.max(busiest, others);
  const note = others > othersLimit ? ` (others used ${percent(others)} of a core)` : '';
  return JSON.stringify(figures) + note;
}

function report({ quick, runs, write, peers: asked }: Options): void {
  const columns = asked.map((peer): Column => {
    const version = versionOf(peers[peer].package);
    return { peer, heading: `${peers[peer].name}${version === '' ? '' : ` ${version}`}` };
  });
  const day = new Date().toISOString().slice(0, 10);
  const head = `${day}; medians (least–greatest) of ${runs}${quick ? ' in the sizes of `--quick`' : ''}; yjs ${versionOf('yjs')}; ${machineWords()}; others used at most ${percent(busiest)} of a core.`;
  const figures = [head, tableOf(results, columns), ...wrongLines(results, columns)].join('\n\n');
  process.stdout.write(`\n${figures}\n\n`);
  if (write) {
    const page = join(projectRoot, 'docs/performance.md');
    writeFileSync(page, replaceFigures(readFileSync(page, 'utf8'), figures));
  }
  const others = asked.filter((peer) => peer !== 'hub' && peers[peer].isServer);
  const ratios = ratiosOf(
    (peer, trial, figure) => results.spread(trial, peer, figure)?.median ?? null,
    others,
  );
  if (quick || write) process.stdout.write(`${JSON.stringify(ratios)}\n`);
}
