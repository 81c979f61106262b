// The engine and other clients, each in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process that has said its first line. */
export interface Started {
  readonly pid: number;
  readonly line: string;
  /** Ends it and waits for its exit. */
  stop(): Promise<void>;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no output to read');
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a process of the bench ended with ${code}`);
  });
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  // An exit after the first line is the normal end.
  ended.catch(() => undefined);
  return String(line);
}

/** Runs a file of the engine, given relative to this folder, and waits for its first line. */
export async function startProcess(file: string, args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [pathOf(file), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const line = await firstLine(child);
  return {
    pid: child.pid as number,
    line,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Serves a directory; `line` is its URI. */
export function serveDatabase(dataDir: string): Promise<Started> {
  return startProcess('../serve.ts', ['--data', dataDir]);
}

/** Another client that keeps a kind of work going until it is stopped. */
export function startLoad(uri: string, kind: string): Promise<Started> {
  return startProcess('./load.ts', [uri, kind]);
}

/** Largest memory of a process since the last call, in MB.
 *  @throws Error on systems other than Linux */
export function takePeakMemory(pid: number): number {
  if (process.platform !== 'linux') throw new Error('the memory of another process is read on Linux only');
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  // 5 resets the peak to the present size: proc(5), clear_refs.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return Number(peak) / 1024;
}
