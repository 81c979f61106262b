/** What the database commands have in common: settings, progress, Ctrl+C, and an end in plain words. */
import { MongoClient } from 'mongodb';
import { type DataPlace, readDataPlace } from '#server/base/env.ts';
import { startEmbeddedDatabase } from '#server/embedded-db/start.ts';
import { secondMs } from '#shared/base/units.ts';

/** What a running command works with. */
export interface CommandLine {
  place: DataPlace;
  /** Aborted by Ctrl+C. */
  signal: AbortSignal;
  /** A line that stays. */
  say(line: string): void;
  /** A line that the next one replaces; shown on a terminal only. */
  show(line: string): void;
}

/** Ends the line of a progress so that the next text stands by itself. */
const clearLine = '\r\u001b[K';

/**
 * Runs a command: 0 when it succeeds, 1 with its error's words, 130 after Ctrl+C.
 * @param work - returns false for a failure it has told itself
 * @param stopped - what Ctrl+C says; null where it ends the process at once, as for work that only reads
 */
export async function runCommand(
  work: (line: CommandLine) => Promise<boolean | undefined>,
  stopped: string | null = 'Stopped; nothing was left half done.',
): Promise<void> {
  const cancel = new AbortController();
  const isTerminal = process.stdout.isTTY === true;
  const say = (text: string) => void process.stdout.write(`${isTerminal ? clearLine : ''}${text}\n`);
  const show = (text: string) => void (isTerminal && process.stdout.write(clearLine + text));
  if (stopped !== null) process.once('SIGINT', () => cancel.abort(new Error(stopped)));
  try {
    const found = readDataPlace(process.env);
    if ('problems' in found) throw new Error(found.problems.join('\n'));
    const isFine = await work({ place: found.place, signal: cancel.signal, say, show });
    process.exitCode = isFine === false ? 1 : 0;
  } catch (error) {
    if (isTerminal) process.stderr.write(clearLine);
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = cancel.signal.aborted ? 130 : 1;
  }
}

/** The folder of the embedded database. @throws Error when the hub's data are on a server of their own */
export function embeddedFolder(place: DataPlace): string {
  if (place.mongodbUri === null) return place.dataDir;
  throw new Error(
    'MONGODB_URI is set, so the data are on that server, not in DATA_DIR. Use its own tools, or npm run db:export.',
  );
}

/** A connection to the hub's database, wherever it is; `whenServed` says what to do beside a running hub. */
export async function connectTo(
  place: DataPlace,
  whenServed: 'join' | 'refuse',
): Promise<{ client: MongoClient; close(): Promise<void> }> {
  const embedded =
    place.mongodbUri === null
      ? await startEmbeddedDatabase({ dataDir: place.dataDir, whenOpenElsewhere: whenServed })
      : null;
  const client = new MongoClient(place.mongodbUri ?? embedded?.uri ?? '', {
    serverSelectionTimeoutMS: 10 * secondMs,
    readPreference: 'primary',
    readConcern: { level: 'majority' },
  });
  const close = async () => {
    await client.close();
    await embedded?.close();
  };
  return { client, close };
}

/** The database the hub uses at an address: the one it names, else `tandem`. */
export function databaseName(place: DataPlace, given: string | undefined): string {
  const named = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(place.mongodbUri ?? '')?.[1];
  return given ?? (named === undefined ? 'tandem' : decodeURIComponent(named));
}
