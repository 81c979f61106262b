/** A real hub in a process of its own, on a free port with its own data folder, that tests may kill and start again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeDatabasePlace } from '#tests/support/database-place.ts';
import { projectRoot } from '#tests/support/project-files.ts';
import { freePort } from '#tests/support/proxy.ts';
import { startFlags } from '#tests/support/start-flags.ts';
import { until } from '#tests/support/until.ts';

const startLimitMs = 30_000;

/** Settings of the hub that a test wants otherwise; names as in README. */
export type HubSettings = Readonly<Record<string, string>>;

/** A hub that runs, or was killed and may run again on the same port and data. */
export interface HubProcess {
  port: number;
  /** The address browsers open; the same before and after a restart. */
  url: string;
  /** Everything the hub has printed since the first start. */
  printed(): string;
  /** Ends the process with a signal and waits until it is gone. @returns its exit code, null after SIGKILL */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** Starts it again after `end`. @returns milliseconds until it said it was ready */
  start(): Promise<number>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Starts a hub and waits until it is ready. @throws with everything it printed when it ends or is not ready in time */
export async function startHub(settings: HubSettings = {}): Promise<HubProcess> {
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-hub-'));
  const place = takeDatabasePlace();
  const url = `http://localhost:${port}`;
  const lines: string[] = [];
  let child: ChildProcess | null = null;

  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null)
      return ending?.exitCode ?? null;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    await gone;
    return ending.exitCode;
  };
  const start = async (): Promise<number> => {
    const begun = performance.now();
    const started = launch({ ...place.settings, ...settings, PORT: String(port), DATA_DIR: dataDir }, lines);
    child = started;
    await until(
      'the hub to be ready',
      async () => {
        if (started.exitCode !== null) return 'ended';
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
        return answer.ok && 'ready';
      },
      startLimitMs,
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${lines.join('')}`);
    });
    if (started.exitCode !== null) throw new Error(`The hub ended at its start:\n${lines.join('')}`);
    return performance.now() - begun;
  };
  await start();
  return {
    port,
    url,
    printed: () => lines.join(''),
    end,
    start,
    async remove() {
      await end('SIGKILL');
      await place.drop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Starts `node server/main.ts` as `npm start` does, and keeps what it prints. */
function launch(settings: HubSettings, lines: string[]): ChildProcess {
  const child = spawn(process.execPath, [...startFlags(), 'server/main.ts'], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'development',
      // All browsers of a test come from one address; the limits themselves have tests of their own.
      LIMIT_STRICT_PER_IP: '100000',
      LIMIT_CALLS_PER_IP: '1000000',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  return child;
}
