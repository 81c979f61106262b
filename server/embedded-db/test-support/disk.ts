// A disk under a database process that can be watched, made to fail, and rebuilt as a power cut could leave it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SHIM = fileURLToPath(new URL('./disk-shim.c', import.meta.url));
const SECTOR = 512;

/** What can be made to happen; see disk-shim.c. */
export type DiskRule = 'full' | 'full-file' | 'quota' | 'eio-write' | 'eio-sync' | 'no-sync';

/** A library can be put before libc only where there is a GNU libc. */
export const CAN_WATCH_DISK =
  process.platform === 'linux' &&
  (process.report.getReport() as { header?: { glibcVersionRuntime?: string } }).header
    ?.glibcVersionRuntime !== undefined;

function succeeds(program: string, args: readonly string[]): string | null {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  return done.status === 0 ? null : `${done.error?.message ?? ''}${done.stderr ?? ''}`;
}

/** Compiles the shim; on Debian as root the system's own package brings a missing compiler.
 *  @throws Error with the compiler's words */
function compileShim(library: string): void {
  const args = ['-O1', '-shared', '-fPIC', '-o', library, SHIM, '-ldl'];
  let failure = succeeds('cc', args);
  if (failure !== null && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    succeeds('apt-get', ['update']);
    succeeds('apt-get', ['install', '-y', 'gcc', 'libc6-dev']);
    failure = succeeds('cc', args);
  }
  if (failure !== null) throw new Error(`No disk can be simulated without a C compiler (cc): ${failure}`);
}

let compiled: Buffer | null = null;

/** Compiles once a process. */
function writeShim(library: string): void {
  if (compiled) writeFileSync(library, compiled);
  else compileShim(library);
  compiled ??= readFileSync(library);
}

/** A watched directory. */
export class WatchedDisk {
  /** The directory of the database. */
  readonly dataDir: string;
  readonly #log: string;
  readonly #rules: string;
  readonly #library: string;

  /** @param root - an empty directory for everything this needs */
  constructor(root: string) {
    this.dataDir = join(root, 'data');
    this.#log = join(root, 'disk.log');
    this.#rules = join(root, 'rules');
    this.#library = join(root, 'disk-shim.so');
    mkdirSync(this.#rules);
    writeShim(this.#library);
  }

  /** The environment of the process to watch. */
  get env(): Record<string, string> {
    return {
      LD_PRELOAD: this.#library,
      DISK_ROOT: this.dataDir,
      DISK_LOG: this.#log,
      DISK_RULES: this.#rules,
    };
  }

  /** Makes something happen from now on. */
  begin(rule: DiskRule): void {
    writeFileSync(join(this.#rules, rule), '');
  }

  /** Ends it. */
  end(rule: DiskRule): void {
    rmSync(join(this.#rules, rule), { force: true });
  }

  /** Bytes logged so far: a moment between two changes of the disk, or in the middle of one. */
  get position(): number {
    return statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Everything that happened, in order. */
  changes(): DiskChange[] {
    return parseLog(readFileSync(this.#log));
  }
}

/** One change of the disk. */
export interface DiskChange {
  readonly kind: string;
  readonly path: string;
  readonly number: number;
  readonly bytes: Buffer;
  /** Position in the log after it. */
  readonly end: number;
}

function parseLog(log: Buffer): DiskChange[] {
  const changes: DiskChange[] = [];
  for (let at = 0; at + 9 <= log.length; ) {
    const kind = String.fromCharCode(log[at] as number);
    const pathEnd = at + 9 + Number(log.readBigInt64LE(at + 1));
    if (pathEnd + 16 > log.length) break;
    const end = pathEnd + 16 + Number(log.readBigInt64LE(pathEnd + 8));
    if (end > log.length) break;
    const path = log.toString('utf8', at + 9, pathEnd);
    const number = Number(log.readBigInt64LE(pathEnd));
    changes.push({ kind, path, number, bytes: log.subarray(pathEnd + 16, end), end });
    at = end;
  }
  return changes;
}

/** Bytes that grow in place. */
class Content {
  #room = Buffer.alloc(0);
  #length = 0;

  resize(length: number): void {
    if (length > this.#room.length) {
      const wider = Buffer.alloc(length * 2);
      this.#room.copy(wider, 0, 0, this.#length);
      this.#room = wider;
    }
    if (length < this.#length) this.#room.fill(0, length, this.#length);
    this.#length = length;
  }

  write(bytes: Buffer, offset: number): void {
    if (offset + bytes.length > this.#length) this.resize(offset + bytes.length);
    bytes.copy(this.#room, offset);
  }

  /** Takes a change as far as the disk took it: whole for 1, else each sector with this probability. */
  take({ kind, number, bytes }: DiskChange, random: () => number, share: number): void {
    if (kind === 'T') {
      if (random() < share) this.resize(number);
      return;
    }
    for (let from = 0; from < bytes.length; ) {
      const to = Math.min(bytes.length, from + SECTOR - ((number + from) % SECTOR));
      if (random() < share) this.write(bytes.subarray(from, to), number + from);
      from = to;
    }
  }

  copy(): Content {
    const made = new Content();
    made.write(this.bytes, 0);
    return made;
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }
}

interface File {
  /** At the last sync. */
  readonly synced: Content;
  /** Changes since. */
  pending: DiskChange[];
}

/** What a disk holds for sure, and what it may hold. A name is sure once its directory was synced. */
export class DiskModel {
  /** By name; null for one that is removed. */
  #sure = new Map<string, File | null>();
  #now = new Map<string, File | null>();

  /** Takes the next change in. */
  take(change: DiskChange): void {
    const { kind, path } = change;
    const name = basename(path);
    if (kind === 'D') this.#sure = new Map(this.#now);
    else if (kind === 'C') this.#now.set(name, { synced: new Content(), pending: [] });
    else if (kind === 'U') this.#now.set(name, null);
    else {
      const file = this.#now.get(name);
      if (!file) throw new Error(`${kind} of ${name}, which is not there`);
      if (kind !== 'S') file.pending.push(change);
      else {
        for (const each of file.pending) file.synced.take(each, () => 0, 1);
        file.pending = [];
      }
    }
  }

  /** One of the many states after a power cut at this moment: of what was not synced any sectors and names may be
   *  there. @param share - how much of it, from 0 to 1 */
  afterCut(random: () => number, share: number): Map<string, Buffer> {
    const found = new Map<string, Buffer>();
    for (const [name, latest] of this.#now) {
      const file = random() < share ? latest : (this.#sure.get(name) ?? null);
      if (!file) continue;
      const content = file.synced.copy();
      for (const each of file.pending) content.take(each, random, share);
      found.set(name, content.bytes);
    }
    return found;
  }
}
