// A database served by a process of its own, to be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SERVE = fileURLToPath(new URL('../serve.ts', import.meta.url));

/** Serves a directory in a child process.
 *  @param env - more of the environment, for a library loaded into it
 *  @param stderr - `pipe` for those who read it
 *  @throws Error when it ends before it serves, with what it said when that is read */
export async function serveInChild(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
  stderr: 'inherit' | 'pipe' = 'inherit',
): Promise<{ child: ChildProcess; uri: string }> {
  const child = spawn(process.execPath, [SERVE, '--data', dataDir], {
    stdio: ['ignore', 'pipe', stderr],
    env: { ...process.env, ...env },
  });
  const output = child.stdout as NonNullable<typeof child.stdout>;
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  const first = await Promise.race([once(output, 'data'), once(child, 'close').then(() => null)]);
  if (first === null)
    throw new Error(`the database ended with code ${child.exitCode} before it served: ${said}`);
  return { child, uri: String(first[0]).trim() };
}
