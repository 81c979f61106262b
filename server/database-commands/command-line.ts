/** What the database commands have in common: settings, progress, Ctrl+C, and an end in plain words. */
import { existsSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { type DataPlace, readDataPlace } from '#server/base/env.ts';
import { inWords } from '#server/database-commands/words.ts';
import { startEmbeddedDatabase } from '#server/embedded-db/start.ts';
import { databasePath } from '#server/embedded-db/store/database-file.ts';
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

/** How a command is called. */
export interface Call<T extends Options> {
  /** The whole call, as people type it. */
  usage: string;
  options: T;
  /** What Ctrl+C leaves, said at the end; null for a command that only reads and may end at any moment. */
  whenStopped: string | null;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

function readValues<T extends Options>({ usage, options }: Call<T>): Values<T> {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new Error(`${inWords(error)}. The command is: ${usage}`, { cause: error });
  }
}

function readPlace(): DataPlace {
  const found = readDataPlace(process.env);
  if ('problems' in found) throw new Error(found.problems.join('\n'));
  return found.place;
}

/** Aborted by Ctrl+C and by what else asks a process to end. A second one changes nothing: what the first began to
 *  tidy up has to be finished. */
function untilStopped(whenStopped: string): AbortSignal {
  const cancel = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => cancel.abort(new Error(whenStopped)));
  }
  return cancel.signal;
}

/**
 * Runs a command, or says how it is called (`--help`): 0 when it succeeds, 1 with its error's words, 130 after Ctrl+C.
 * @param work - returns false for a failure it has told itself
 */
export async function runCommand<T extends Options>(
  call: Call<T>,
  work: (line: CommandLine, values: Values<T>) => Promise<boolean | undefined>,
): Promise<void> {
  const isTerminal = process.stdout.isTTY === true;
  const say = (text: string) => void process.stdout.write(`${isTerminal ? clearLine : ''}${text}\n`);
  const show = (text: string) => void (isTerminal && process.stdout.write(clearLine + text));
  if (process.argv.includes('--help')) return say(call.usage);
  const signal = call.whenStopped === null ? new AbortController().signal : untilStopped(call.whenStopped);
  try {
    const values = readValues(call);
    const isFine = await work({ place: readPlace(), signal, say, show }, values);
    process.exitCode = isFine === false ? 1 : 0;
  } catch (error) {
    if (isTerminal) process.stderr.write(clearLine);
    process.stderr.write(`${inWords(signal.aborted ? signal.reason : error)}\n`);
    process.exitCode = signal.aborted ? 130 : 1;
  }
}

/** The folder of the embedded database. @throws Error when the hub's data are on a server of their own */
export function embeddedFolder(place: DataPlace): string {
  if (place.mongodbUri === null) return place.dataDir;
  throw new Error(
    'MONGODB_URI is set, so the data are on that server, not in DATA_DIR. Use its own tools, or npm run db:export.',
  );
}

/** A connection to the hub's database, wherever it is: to read what is there, also beside a running hub, or to
 *  fill it alone. */
export async function connectTo(
  place: DataPlace,
  purpose: 'read' | 'fill',
  signal: AbortSignal,
): Promise<{ client: MongoClient; close(): Promise<void> }> {
  const { dataDir, mongodbUri } = place;
  if (mongodbUri === null && purpose === 'read' && !existsSync(databasePath(dataDir)))
    throw new Error(`There is no database in ${dataDir}.`);
  const whenOpenElsewhere = purpose === 'read' ? 'join' : 'refuse';
  const embedded = mongodbUri === null ? await startEmbeddedDatabase({ dataDir, whenOpenElsewhere }) : null;
  const client = new MongoClient(mongodbUri ?? embedded?.uri ?? '', {
    serverSelectionTimeoutMS: 10 * secondMs,
    connectTimeoutMS: 10 * secondMs,
    readPreference: 'primary',
    readConcern: { level: 'majority' },
  });
  // Whoever stops does not wait for a server that is silent.
  signal.addEventListener('abort', () => void client.close());
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
