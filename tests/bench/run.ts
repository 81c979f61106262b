/** Measures the live engine side by side with its peers: `npm run bench -- --quick --scenario s1 --peer hub`. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { unfitness } from '#tests/bench/measure/machine.ts';
import { readOptions } from '#tests/bench/options.ts';
import { loadCore } from '#tests/bench/servers/server-process.ts';
import { type Trial, trialsFor } from '#tests/bench/trials.ts';

const missing = unfitness();
if (missing.length > 0) {
  process.stderr.write(`${missing.join('\n')}\n`);
  process.exit(1);
}
const options = readOptions(process.argv.slice(2));
const trials = trialsFor(options.quick).filter(({ scenario }) => options.scenarios.includes(scenario));
for (let run = 1; run <= options.runs; run += 1) {
  for (const trial of trials) {
    for (const peer of options.peers) {
      const figures = await play(trial, peer);
      process.stdout.write(`run ${run}  ${trial.id}  ${peer}  ${JSON.stringify(figures.figures)}\n`);
    }
  }
}

/** Plays one trial in a process of its own. */
async function play({ scenario, order }: Trial, peer: string): Promise<Record<string, unknown>> {
  const path = fileURLToPath(new URL('load/main.ts', import.meta.url));
  const args = ['-c', String(loadCore), process.execPath, path, peer, scenario, JSON.stringify(order)];
  const child = spawn('taskset', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  const last = text.trim().split('\n').at(-1) ?? '';
  return JSON.parse(last);
}
