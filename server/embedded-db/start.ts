// The door: starts the embedded database in a worker thread and tells where it listens.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { startOrJoin } from './join.ts';
import { DirectoryInUse } from './store/owner-lock.ts';
import type { Address } from './wire/listener.ts';
import type { WorkerInput, WorkerNote } from './worker.ts';
import { BOOTSTRAP, engineSources } from './worker-code.ts';

/** Socket paths have a limit of about 104 bytes on the narrowest system. */
const MAX_SOCKET_PATH = 100;

/** How to start. */
export interface EmbeddedDatabaseOptions {
  /** Directory of the database; made when it does not exist. */
  readonly dataDir: string;
  /** Told once when the database can no longer serve; not called by `close`. */
  readonly onFatal?: (error: Error) => void;
  /** When another process has the directory open: refuse, or use its database through its socket, which is for
   *  tools beside an application that wants to be the only one. Default: refuse. */
  readonly whenOpenElsewhere?: 'refuse' | 'join';
  /** Dangerous: takes a directory on a network drive, where stored data can be lost. Default: false. */
  readonly allowNetworkDrive?: boolean;
}

/** A running database. */
export interface EmbeddedDatabase {
  /** `mongodb://…`, for any MongoDB driver. */
  readonly uri: string;
  /** Finishes what is running, then closes file and socket. */
  close(): Promise<void>;
}

interface Place {
  readonly address: Address;
  readonly cleanUp: () => void;
}

/** A Unix socket in the data directory, or for a long path in a private temporary one (file permissions
 *  are the access control), else loopback TCP. */
function choosePlace(dataDir: string): Place {
  const nothing = () => undefined;
  const tcp = { address: { host: '127.0.0.1', port: 0 }, cleanUp: nothing };
  if (process.platform === 'win32') return tcp;
  const path = join(dataDir, 'database.sock');
  if (Buffer.byteLength(path) < MAX_SOCKET_PATH) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return { address: { path }, cleanUp: nothing };
  }
  const directory = mkdtempSync(join(tmpdir(), 'embedded-db-'));
  const shortPath = join(directory, 'database.sock');
  const cleanUp = () => rmSync(directory, { recursive: true, force: true });
  if (Buffer.byteLength(shortPath) < MAX_SOCKET_PATH) return { address: { path: shortPath }, cleanUp };
  cleanUp();
  return tcp;
}

/** Starts the database of a directory; takes about 0.1 s.
 *  @throws Error in readable words when another process has the directory open (unless it is to be joined), when
 *    it is on a network drive, and when the file is damaged or not ours */
export function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const dataDir = resolve(options.dataDir);
  const start = () => startOwner(dataDir, options);
  return options.whenOpenElsewhere === 'join' ? startOrJoin(dataDir, start, options.onFatal) : start();
}

function startOwner(dataDir: string, options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { address, cleanUp } = choosePlace(dataDir);
  const input: WorkerInput = { dataDir, address, allowNetworkDrive: options.allowNetworkDrive === true };
  const worker = new Worker(BOOTSTRAP, {
    eval: true,
    execArgv: [],
    name: 'embedded-db',
    workerData: { ...input, sources: engineSources(), entry: new URL('./worker.ts', import.meta.url).href },
  });
  let state: 'starting' | 'running' | 'closing' | 'gone' = 'starting';
  const closed = new Promise<void>((settle) => worker.once('exit', () => settle()));

  const close = async (): Promise<void> => {
    if (state === 'running') {
      state = 'closing';
      worker.postMessage('close');
    } else if (state === 'gone') await worker.terminate();
    await closed;
    cleanUp();
  };

  return new Promise((resolveStart, rejectStart) => {
    const fail = (error: Error) => {
      if (state === 'starting') {
        cleanUp();
        rejectStart(error);
      } else if (state === 'running') options.onFatal?.(error);
      if (state !== 'closing') state = 'gone';
    };
    worker.on('message', (note: WorkerNote) => {
      if (note.kind === 'ready') {
        state = 'running';
        resolveStart({ uri: note.uri, close });
      } else if (note.kind === 'in-use') fail(new DirectoryInUse(note.message));
      else if (note.kind !== 'closed') fail(new Error(note.message));
    });
    worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => fail(new Error(`The embedded database has stopped (exit code ${code}).`)));
  });
}
