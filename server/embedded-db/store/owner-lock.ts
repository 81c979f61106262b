// One process owns a data directory: an operating-system lock, and a note of who has it and where it serves.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { closeToOthers, makePrivate } from './private-file.ts';

/** Who has a directory open, as the owner wrote it beside its lock. */
export interface Owner {
  readonly pid: number;
  /** `mongodb://…`; null until it listens. */
  readonly uri: string | null;
}

/** The lock while it is held. */
export interface OwnerLock {
  /** Tells other processes where this one serves. */
  publish(uri: string): void;
  release(): void;
}

/** Another process, or another database of this one, has the directory open. */
export class DirectoryInUse extends Error {}

function ownerFile(dataDir: string): string {
  return join(dataDir, 'owner.json');
}

function write(dataDir: string, owner: Owner): void {
  const path = ownerFile(dataDir);
  // Readers never see half of it; the name needs no process id, as only the owner writes.
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(owner)}\n`, { flag: 'wx', mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Who owned the directory last; null when nobody has written it, or is just writing.
 *  Only a held lock says that the owner still runs. */
export function readOwner(dataDir: string): Owner | null {
  try {
    return JSON.parse(readFileSync(ownerFile(dataDir), 'utf8')) as Owner;
  } catch {
    // Absent or from another version: nothing is known.
    return null;
  }
}

function inUse(dataDir: string): DirectoryInUse {
  const owner = readOwner(dataDir);
  const who = owner === null ? 'unknown process' : `process ${owner.pid}`;
  return new DirectoryInUse(
    `The database in ${dataDir} is already open in another process (${who}). Stop that process first, or choose another data directory.`,
  );
}

/** Takes a lock that ends with the process, however it ends; of two at once exactly one gets it.
 *  @throws DirectoryInUse naming the owner's process when another one has it */
export function takeDirectory(dataDir: string): OwnerLock {
  const path = join(dataDir, 'owner.lock');
  makePrivate(path);
  closeToOthers(`${path}-journal`);
  const held = new DatabaseSync(path, { timeout: 0 });
  try {
    held.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    held.close();
    if (!/locked|busy/i.test((error as Error).message)) throw error;
    throw inUse(dataDir);
  }
  try {
    write(dataDir, { pid: process.pid, uri: null });
  } catch (error) {
    held.close();
    throw error;
  }
  return {
    publish: (uri) => write(dataDir, { pid: process.pid, uri }),
    release: () => held.close(),
  };
}
