/** Starts, kills and starts again the hub of `fault-hub.ts`, on one port and one database directory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figures } from '#tests/live/faults/fault-hub.ts';
import { projectRoot } from '#tests/support/project-files.ts';
import { freePort } from '#tests/support/proxy.ts';
import { until } from '#tests/support/until.ts';

/** A hub that may be killed. */
export interface FaultProcess {
  address: string;
  port: number;
  /** How often it ended without being told to. */
  exits(): number;
  /** Whether it says that it is ready; false also when nothing answers. */
  isReady(): Promise<boolean>;
  figures(): Promise<Figures>;
  /** Everything it has printed: nothing, unless something went wrong. */
  printed(): string;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again and waits until it is ready. @returns milliseconds that took */
  start(): Promise<number>;
  remove(): Promise<void>;
}

const startLimitMs = 30_000;

/** Starts one. @param settings - environment of the process, over its own defaults */
export async function startFaultProcess(
  settings: Readonly<Record<string, string>> = {},
): Promise<FaultProcess> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-fault-'));
  const printed: string[] = [];
  let child: ChildProcess | null = null;
  let isWanted = true;
  let exits = 0;

  const isReady = async (): Promise<boolean> => {
    try {
      return (await fetch(`${address}/readyz`)).ok;
    } catch {
      return false;
    }
  };
  const start = async (): Promise<number> => {
    const begun = performance.now();
    isWanted = true;
    const started = spawn(process.execPath, ['--expose-gc', 'tests/live/faults/fault-hub.ts'], {
      cwd: projectRoot,
      env: { PATH: process.env['PATH'], PORT: String(port), DATA_DIR: dataDir, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
    }
    started.once('exit', () => {
      if (isWanted && child === started) exits += 1;
    });
    await until('the hub to be ready', isReady, startLimitMs).catch((error: Error) => {
      throw new Error(`${error.message}\n${printed.join('')}`);
    });
    return performance.now() - begun;
  };
  const kill = async (): Promise<void> => {
    isWanted = false;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    address,
    port,
    exits: () => exits,
    isReady,
    figures: async () => (await (await fetch(`${address}/figures`)).json()) as Figures,
    printed: () => printed.join(''),
    kill,
    start,
    async remove() {
      await kill();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
