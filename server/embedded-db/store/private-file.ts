// Files that only their owner reads and writes, also in a directory that everybody may enter.
import { chmodSync, statSync, writeFileSync } from 'node:fs';

/** Makes an empty file of the owner, or takes a file that stands there away from everybody else.
 *  It is never opened when it exists: closing it would end the locks this process has on it. */
export function makePrivate(path: string): void {
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    closeToOthers(path);
  }
}

/** Takes an existing file away from everybody but its owner; a file that is not there is none of anybody's. */
export function closeToOthers(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && (found.mode & 0o077) !== 0) chmodSync(path, 0o600);
}
