/** Plays one trial in a process of its own on the core of the load, and throws it away when others used the cores. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { lookAtCores, othersLimit, othersShare } from '#tests/bench/measure/machine.ts';
import type { Figures } from '#tests/bench/measure/results.ts';
import { loadCore } from '#tests/bench/servers/server-process.ts';

/** A trial's figures, and the share of a core that others used meanwhile. */
export interface Played {
  figures: Figures;
  others: number;
}

/** Far above what any trial takes; one that hangs must not hold up the others. */
const trialLimitMs = 8 * 60_000;

/** @param scenario - as `load/main.ts` knows it. @throws Error when the trial could not be played */
export async function play(peer: string, scenario: string, order: object): Promise<Played> {
  const path = fileURLToPath(new URL('load/main.ts', import.meta.url));
  const args = ['-c', String(loadCore), process.execPath, path, peer, scenario, JSON.stringify(order)];
  const before = lookAtCores();
  const child = spawn('taskset', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const patience = setTimeout(() => child.kill('SIGKILL'), trialLimitMs);
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  clearTimeout(patience);
  const last = text.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`${scenario} could not be played against ${peer}`);
  const { figures, ownMs } = JSON.parse(last) as { figures: Figures; ownMs: number };
  return { figures, others: othersShare(before, lookAtCores(), ownMs) };
}

/**
 * Plays until nobody else used the cores, at most so many times.
 * @returns the quietest one
 */
export async function playQuietly(
  peer: string,
  scenario: string,
  order: object,
  times: number,
): Promise<Played> {
  let best: Played | null = null;
  for (let time = 0; time < times; time += 1) {
    const played = await play(peer, scenario, order);
    if (best === null || played.others < best.others) best = played;
    if (played.others <= othersLimit) break;
    if (time + 1 < times)
      process.stdout.write(`  thrown away: others used ${percent(played.others)} of a core\n`);
  }
  if (best === null) throw new Error('nothing was played');
  return best;
}

/** `0.123` as `12 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
