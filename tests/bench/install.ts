/** Installs those we are measured against, in a folder of their own, when they are not there. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('peers', import.meta.url));

/** Runs `npm ci` in `peers/` unless what is installed is what the lock asks for. @throws Error when that fails */
export function installPeers(): void {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && versionOf('yjs') === lockedVersionOf('yjs')) return;
  process.stderr.write('installing the peers …\n');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const done = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.status !== 0) throw new Error('npm ci has failed in tests/bench/peers');
}

/** The installed version of a package of `peers/`; '' when it is not there. */
export function versionOf(name: string): string {
  const path = join(folder, 'node_modules', name, 'package.json');
  if (name === '' || !existsSync(path)) return '';
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return version;
}

function lockedVersionOf(name: string): string {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string }>;
  };
  return lock.packages[`node_modules/${name}`]?.version ?? '';
}
