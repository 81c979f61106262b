/** A measured server in a process of its own, on a core of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Peer, type PeerId, peers } from '#tests/bench/peers.ts';
import type { Question, ServerWord } from '#tests/bench/servers/host.ts';
import { plainDocuments, type SeededDocument, type SeedOrder } from '#tests/bench/servers/seed-order.ts';
import { startFlags } from '#tests/support/start-flags.ts';

/** The core of the servers; the load runs on the other one. */
export const serverCore = 0;
export const loadCore = 1;

const startLimitMs = 300_000;

/** A server that answers. */
export interface ServerProcess {
  pid: number;
  port: number;
  /** From the start of the process to its being ready. */
  startMs: number;
  ask(question: Exclude<Question, 'stop'>): Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts a program of `servers/` on a core, and waits for its first word. */
async function launch(
  program: string,
  core: number,
  args: readonly string[],
): Promise<[ChildProcess, unknown]> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const flags = program === peers.hub.program ? startFlags() : [];
  const node = [process.execPath, '--expose-gc', ...flags, ...profiling(program), path, ...args];
  const child = spawn('taskset', ['-c', String(core), ...node], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${program} ended with ${code} before it was ready`);
  });
  ended.catch(() => undefined);
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`${program} was not ready in time`)), startLimitMs).unref();
  });
  const [word] = await Promise.race([once(child, 'message'), ended, late]).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return [child, word];
}

/** `BENCH_PROFILE=<folder>` writes a CPU profile of each server there when it stops. */
function profiling(program: string): string[] {
  const folder = process.env['BENCH_PROFILE'];
  return folder === undefined || program.includes('seed') ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

/** Starts a peer on a data folder, which it may find filled by an earlier start. */
export async function startServer(
  peer: Peer,
  dataDir: string,
  args: readonly string[] = [],
): Promise<ServerProcess> {
  const begun = performance.now();
  const [child, word] = await launch(peer.program, serverCore, [dataDir, ...args]);
  const startMs = performance.now() - begun;
  const { ready } = word as Extract<ServerWord, { ready: number }>;
  return {
    pid: child.pid ?? 0,
    port: ready,
    startMs,
    async ask(question) {
      child.send(question);
      const [reply] = await once(child, 'message');
      return (reply as Extract<ServerWord, { answer: number | null }>).answer;
    },
    async stop() {
      if (!child.connected) throw new Error(`${peer.name} has ended by itself`);
      const gone = once(child, 'exit');
      child.send('stop' satisfies Question);
      const patience = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await gone;
      clearTimeout(patience);
    },
  };
}

/** Makes documents and people in a data folder, before the server that is measured starts. */
export async function seedDocuments(
  id: PeerId,
  dataDir: string,
  order: SeedOrder,
): Promise<SeededDocument[]> {
  if (peers[id] !== peers.hub) return plainDocuments(order);
  const [, documents] = await launch('hub-seed.ts', serverCore, [dataDir, JSON.stringify(order)]);
  return documents as SeededDocument[];
}
