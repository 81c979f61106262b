// A database in a temporary directory with a connected driver, for the tests of this folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'bson';
import { type Db, MongoClient } from 'mongodb';
import { Login } from '../access/login.ts';
import { decodeDoc } from '../bson/decode.ts';
import type { Doc } from '../bson/value.ts';
import type { Client } from '../commands/context.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../start.ts';

/** What a test works with. */
export interface TestDatabase {
  readonly client: MongoClient;
  readonly db: Db;
  readonly uri: string;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** A new, empty directory. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'edb-test-'));
}

/** Starts a database in a new directory. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const dataDir = temporaryDirectory();
  const server: EmbeddedDatabase = await startEmbeddedDatabase({ dataDir });
  const client = new MongoClient(server.uri);
  return {
    client,
    db: client.db('test'),
    uri: server.uri,
    dataDir,
    close: async () => {
      await client.close();
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A client on a private socket, for commands run without one. */
export function localClient(): Client {
  return { id: 1, address: 'test', peer: 'test', appName: '', login: new Login(null, false) };
}

/** A document of the engine from a plain object, by way of real BSON. */
export function docOf(source: object): Doc {
  return decodeDoc(Buffer.from(serialize(source)));
}

/** The error a promise ends with.
 *  @throws Error when it ends well */
export async function failureOf(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure instanceof Error) return failure as Error & Record<string, unknown>;
  throw new Error('expected a failure');
}

/** A seeded source of numbers in [0, 1) (mulberry32), so that a failing run can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
