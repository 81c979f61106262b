/** Files of the data folder that only the hub's own account may read, also when the folder was made wider by hand. */
import { chmodSync, statSync } from 'node:fs';

/** Takes a file away from everybody but its owner; does nothing when it is not there or already closed. */
export function closeToOthers(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && (found.mode & 0o077) !== 0) chmodSync(path, 0o600);
}
