// The bench itself: a run shrunk to almost nothing names every bar.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { BARS, isReached, table } from './bars.ts';
import { quantile, timedOverFloor } from './samples.ts';

// Ten processes one after another take their time on a machine under load.
vi.setConfig({ testTimeout: 120_000 });

function run(...args: string[]) {
  const file = fileURLToPath(new URL('./run.ts', import.meta.url));
  return spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
}

describe('bench', () => {
  test('[DB30] a run reports every bar with its figure', () => {
    const { stdout, stderr } = run('--scale', '0.001');
    expect(stderr).toBe('');
    for (const { what } of Object.values(BARS)) expect(stdout).toContain(what);
    expect(stdout).toContain(` of ${Object.keys(BARS).length} bars reached`);
    expect(stdout).not.toContain('NaN');
  });

  test('[DB34] a latency is told with its ratio to the floor of the same run', () => {
    const { stdout, stderr } = run('--scale', '0.001', '--scenario', 'read', '--scenario', 'write');
    expect(stderr).toBe('');
    const compared = stdout.split('\n').filter((line) => / \d+\.\d × \d+\.\d{3} /.test(line));
    const names = [
      'findById',
      'findByIndex',
      'findSorted',
      'besideScan',
      'besideGroup',
      'besideSort',
    ] as const;
    for (const bar of [...names, 'insertAlone'] as const) {
      expect(compared.filter((line) => line.startsWith(BARS[bar].what))).not.toEqual([]);
    }
  });

  test('[DB34] a floor is taken after each sample, so that a slower machine slows both', async () => {
    const order: string[] = [];
    const { samples, floors } = await timedOverFloor(
      3,
      async (i) => order.push(`run ${i}`),
      async () => order.push('floor'),
    );
    expect(order).toEqual(['run 0', 'floor', 'run 1', 'floor', 'run 2', 'floor']);
    expect([samples.length, floors.length]).toEqual([3, 3]);
  });

  test('[DB30] one scenario runs alone, an unknown one is refused', () => {
    expect(run('--scale', '0.001', '--scenario', 'none').stderr).toContain("no scenario 'none'");
  });

  test('[DB30] a figure is judged by the side its bar has', () => {
    const figures = [
      { bar: 'findById', value: 0.1, detail: '' },
      { bar: 'findById', value: 0.11, detail: '' },
      { bar: 'insertTogether', value: 5_000, detail: '' },
      { bar: 'insertTogether', value: 4_999, detail: '' },
    ] as const;
    expect(figures.map(isReached)).toEqual([true, false, true, false]);
    const verdicts = table(figures)
      .split('\n')
      .map((line) => /ok|MISSED/.exec(line)?.[0]);
    expect(verdicts.slice(0, 4)).toEqual(['ok', 'MISSED', 'ok', 'MISSED']);
  });

  test('[DB30] quantiles are samples, the last one included', () => {
    expect([0, 0.5, 0.99, 1].map((share) => quantile([4, 1, 3, 2], share))).toEqual([1, 3, 4, 4]);
  });
});
