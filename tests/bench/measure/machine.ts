/** The machine a run is made on: fit for it or not, and what it is called. */
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { type CoreTimes, coreTimes } from '#tests/bench/measure/process-meter.ts';

/** What is missing to measure here; [] when nothing is. */
export function unfitness(): string[] {
  if (process.platform !== 'linux') return ['The benchmark reads /proc and pins processes: it needs Linux.'];
  const missing: string[] = [];
  if (cpus().length < 2) missing.push('It needs two cores: one for the server, one for the load.');
  if (spawnSync('taskset', ['-V']).status !== 0) missing.push('It needs `taskset` (package util-linux).');
  return missing;
}

/** For the head of a table. */
export function machineWords(): string {
  const { model = 'unknown processor' } = cpus()[0] ?? {};
  const gigabytes = Math.round(totalmem() / 1_000_000_000);
  return `${model.trim()}, ${cpus().length} cores, ${gigabytes} GB, Node ${process.version.slice(1)}`;
}

/** Share of a core that others may use in a trial before it is thrown away. */
export const othersLimit = 0.1;

/**
 * The share of the two cores that something else used, as a part of one core.
 * @param ownMs - CPU time of the trial's own processes between the two looks
 */
export function othersShare(
  before: readonly CoreTimes[],
  after: readonly CoreTimes[],
  ownMs: number,
): number {
  let busyMs = 0;
  let passedMs = 0;
  for (const [core, then] of before.entries()) {
    const now = after[core] ?? then;
    busyMs += now.busyMs - then.busyMs;
    passedMs += now.busyMs - then.busyMs + now.idleMs - then.idleMs;
  }
  if (passedMs === 0) return 0;
  return Math.max(busyMs - ownMs, 0) / (passedMs / before.length);
}

/** @see othersShare */
export function lookAtCores(): CoreTimes[] {
  return coreTimes();
}
