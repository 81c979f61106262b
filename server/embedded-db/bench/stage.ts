// What a scenario works with: sizes, a place on the disk, a served database with a connected client.
import { type Collection, MongoClient } from 'mongodb';
import { type Floor, startFloor } from './floor.ts';
import { type Started, serveDatabase } from './processes.ts';

/** How much of everything. */
export interface Size {
  readonly documents: number;
  readonly reads: number;
  readonly besideReads: number;
  readonly groups: number;
  readonly inserts: number;
  readonly starts: number;
  readonly fileMb: number;
}

/** The place of one run. */
export interface Bench {
  readonly size: Size;
  /** A directory for one scenario, removed after the run. */
  dataDir(scenario: string): string;
}

/** A connected client of the official driver, and the collection all scenarios use. */
interface Client {
  readonly client: MongoClient;
  readonly orders: Collection;
}

/** All sizes, shrunk by a factor; at least one of everything.
 *  @param scale - 1 for the sizes the bars speak of */
export function sizeOf(scale: number): Size {
  const of = (full: number) => Math.max(1, Math.round(full * scale));
  return {
    documents: of(100_000),
    reads: of(8_000),
    besideReads: of(2_000),
    groups: of(5),
    inserts: of(20_000),
    starts: of(5),
    fileMb: of(1_024),
  };
}

async function connected(uri: string): Promise<Client> {
  const client = await new MongoClient(uri).connect();
  return { client, orders: client.db('bench').collection('orders') };
}

/** What a scenario runs with. */
interface Stage extends Client {
  readonly uri: string;
  readonly server: Started;
  readonly floor: Floor;
}

/** Serves the directory of a scenario, gives it a client, and starts the floor beside it. */
export async function withDatabase<T>(
  bench: Bench,
  scenario: string,
  run: (on: Stage) => Promise<T>,
): Promise<T> {
  const server = await serveDatabase(bench.dataDir(scenario));
  try {
    const on = await connected(server.line);
    const floor = await startFloor(bench.dataDir(`${scenario}-floor-`));
    try {
      return await run({ ...on, uri: server.line, server, floor });
    } finally {
      await floor.stop();
      await on.client.close();
    }
  } finally {
    await server.stop();
  }
}
