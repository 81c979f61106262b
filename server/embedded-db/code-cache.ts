// Stripped modules kept in the data directory, so that the next start need not strip them again.
import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Module text by URL. */
export type Sources = Readonly<Record<string, string>>;

interface Kept {
  readonly key: string;
  readonly sources: Sources;
}

const NAME = 'engine-code.json';

/** What is kept is run, so it is taken only from a file nobody but this user can have written. */
function readOwn(path: string): string | null {
  const user = process.getuid?.();
  if (user === undefined) return null;
  const file = openSync(path, 'r');
  try {
    const { uid, mode } = fstatSync(file);
    return uid === user && (mode & 0o077) === 0 ? readFileSync(file, 'utf8') : null;
  } finally {
    closeSync(file);
  }
}

/** The key for one directory as it was made on this machine: what somebody has packed elsewhere, to be unpacked
 *  here, cannot name it. */
function keyIn(dataDir: string, key: string): string {
  const { dev, ino, birthtimeNs } = statSync(dataDir, { bigint: true });
  return createHash('sha256').update(`${key} ${dev} ${ino} ${birthtimeNs}`).digest('hex');
}

/** The modules kept under a key; null when there are none, or others, or the file is not this user's
 *  alone or was kept in another directory. */
export function keptSources(dataDir: string, key: string): Sources | null {
  try {
    const text = readOwn(join(dataDir, NAME));
    const kept = text === null ? null : (JSON.parse(text) as Kept);
    return kept?.key === keyIn(dataDir, key) ? kept.sources : null;
  } catch {
    // Whatever is wrong with it, stripping makes it anew.
    return null;
  }
}

/** Keeps modules for the next start; where they cannot be written it only takes longer. */
export function keepSources(dataDir: string, key: string, sources: Sources): void {
  if (process.getuid === undefined) return;
  const path = join(dataDir, NAME);
  const made = `${path}.${process.pid}`;
  try {
    writeFileSync(made, JSON.stringify({ key: keyIn(dataDir, key), sources } satisfies Kept), {
      flag: 'wx',
      mode: 0o600,
    });
    renameSync(made, path);
  } catch {
    // A full or read-only disk is found and told by who needs it.
    rmSync(made, { force: true });
  }
}
