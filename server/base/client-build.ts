/** Builds the client with Vite when it is missing or older than its sources, so that `npm start` is the only step. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import { createId } from '#shared/base/ids.ts';

/** What the client is made of, relative to the project. */
const sources = ['client', 'shared', 'vite.config.ts', 'package-lock.json'];

const run = promisify(execFile);

/** Path of the built client. */
export function clientFolder(root: string): string {
  return join(root, 'dist', 'client');
}

/**
 * Builds when needed, in a process of its own so that its memory is given back. When the build fails and an older
 * client is there, that one goes on being served and the failure is logged.
 * @param root - the project's folder
 * @returns whether a build was made
 * @throws Error with Vite's own words when the build fails and there is nothing to serve
 */
export async function buildClientIfStale(root: string, log: Logger): Promise<boolean> {
  const target = clientFolder(root);
  if (!isStale(root, join(target, 'index.html'))) return false;
  // Built beside and moved over, so that a failed build, or two at once, never leave half a client.
  const fresh = join(root, 'dist', `client-${createId()}`);
  mkdirSync(join(root, 'dist'), { recursive: true });
  try {
    await runVite(root, fresh);
    moveOver(fresh, target);
    return true;
  } catch (error) {
    if (!existsSync(target)) throw new Error(`the client could not be built\n${wordsOf(error)}`);
    log.error(`the client could not be built, an older one is served\n${wordsOf(error)}`);
    return false;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function runVite(root: string, outDir: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const options = ['build', '--logLevel', 'error', '--emptyOutDir', '--outDir', outDir];
  await run(process.execPath, [vite, ...options], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: '0' },
  });
}

/** Vite's own words without the stack behind them. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return text
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .slice(0, 20)
    .join('\n');
}

/** Whether any source, or any folder of sources (it changes when a file goes), is newer than the built page. */
function isStale(root: string, builtPage: string): boolean {
  if (!existsSync(builtPage)) return true;
  const builtAt = statSync(builtPage).mtimeMs;
  return sources.some((source) => isNewer(join(root, source), builtAt));
}

function isNewer(path: string, than: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (found.mtimeMs > than) return true;
  return found.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), than));
}

/** When another process has put its build there meanwhile, that one stays: both were made of the same sources. */
function moveOver(fresh: string, target: string): void {
  const old = `${fresh}-old`;
  ignoring(['ENOENT'], () => renameSync(target, old));
  ignoring(['ENOTEMPTY', 'EEXIST', 'EPERM'], () => renameSync(fresh, target));
  rmSync(old, { recursive: true, force: true });
}

function ignoring(codes: readonly string[], work: () => void): void {
  try {
    work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string' || !codes.includes(code)) throw error;
  }
}
