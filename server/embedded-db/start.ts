// The door: starts the embedded database in a worker thread and tells where it listens.
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { deriveCredentials } from './access/credentials.ts';
import { startOrJoin } from './join.ts';
import { privatePlace, refuseExposed } from './place.ts';
import { DirectoryInUse } from './store/owner-lock.ts';
import type { Address } from './wire/listener.ts';
import type { WorkerInput, WorkerNote } from './worker.ts';
import { BOOTSTRAP, engineSources } from './worker-code.ts';

/** Where new objects of the engine live; V8 would take up to 192 MB. */
const YOUNG_GENERATION_MB = 24;

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
  /** Addresses besides the private one. */
  readonly listen?: readonly Address[];
  /** Who may use the further addresses, by SCRAM-SHA-256; without it, whoever can connect. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Allows further addresses that other machines reach; they need a user, too. */
  readonly beyondLoopback?: boolean;
  /** For tests of drivers and applications: clients may make commands fail (configureFailPoint). Default: false. */
  readonly testCommands?: boolean;
}

/** A running database. */
export interface EmbeddedDatabase {
  /** `mongodb://…` of the private place, for any MongoDB driver. */
  readonly uri: string;
  /** The URIs of the further addresses, in their order; a password is to be given besides. */
  readonly furtherUris: readonly string[];
  /** Finishes what is running, then closes file and socket. */
  close(): Promise<void>;
}

/** Starts the database of a directory; takes about 0.1 s. A joined one serves no further addresses.
 *  @throws Error in readable words when another process has the directory open (unless it is to be joined), when
 *    it is on a network drive, when the file is damaged or not ours, and when an address is refused */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  for (const each of options.listen ?? []) {
    refuseExposed(each, options.beyondLoopback === true, options.user !== undefined);
  }
  const dataDir = resolve(options.dataDir);
  const start = () => startOwner(dataDir, options);
  return options.whenOpenElsewhere === 'join' ? startOrJoin(dataDir, start, options.onFatal) : start();
}

function startOwner(dataDir: string, options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { listen = [], user } = options;
  const credentials = user ? deriveCredentials(user.name, user.password) : null;
  const { address, cleanUp } = privatePlace(dataDir);
  const further = listen.map((each) => ({ address: each, isGuarded: credentials !== null }));
  const input: WorkerInput = {
    dataDir,
    addresses: [{ address, isGuarded: false }, ...further],
    credentials,
    allowNetworkDrive: options.allowNetworkDrive === true,
    isForTests: options.testCommands === true,
  };
  const worker = new Worker(BOOTSTRAP, {
    eval: true,
    execArgv: [],
    // Rows live for moments: a small nursery costs a tenth of the time and saves 40 MB and more while much is read.
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    name: 'embedded-db',
    workerData: {
      ...input,
      sources: engineSources(dataDir),
      entry: new URL('./worker.ts', import.meta.url).href,
    },
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
        const [uri = '', ...furtherUris] = note.uris;
        resolveStart({ uri, furtherUris, close });
      } else if (note.kind === 'in-use') fail(new DirectoryInUse(note.message));
      else if (note.kind !== 'closed') fail(new Error(note.message));
    });
    worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => fail(new Error(`The embedded database has stopped (exit code ${code}).`)));
  });
}
