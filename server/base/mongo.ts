/** The database: mongoose on a MongoDB, or on the embedded engine when none is given; transactions and readiness. */
import mongoose, { type ClientSession, mongo } from 'mongoose';
import type { Logger } from 'pino';
import type { Environment } from '#server/base/env.ts';
import { endsWithin } from '#server/base/in-time.ts';
import { startEmbeddedDatabase } from '#server/embedded-db/start.ts';
import { secondMs } from '#shared/base/units.ts';

// Set before any model is made: unknown fields throw, and an object in a filter is a value unless `trusted`.
mongoose.set({
  strict: 'throw',
  strictQuery: 'throw',
  sanitizeFilter: true,
  autoIndex: false,
  autoCreate: false,
  bufferCommands: false,
});

/** Every write is acknowledged by a majority and on disk; anything less may be lost after the answer. */
const writeConcern = { w: 'majority', journal: true } as const;

/** The open database of a running hub. */
export interface Database {
  /** Whether it answers within a second. */
  isReady(): Promise<boolean>;
  /** Closes connections, then the embedded engine. */
  close(): Promise<void>;
}

/**
 * Connects, or starts the embedded engine in `DATA_DIR`, and makes collections and indexes.
 * @param onFatal - told when the embedded engine can no longer serve; nothing can be stored from then on
 */
export async function openDatabase(
  env: Pick<Environment, 'mongodbUri' | 'dataDir'> & Partial<Pick<Environment, 'allowNetworkDrive'>>,
  log: Logger,
  onFatal: (error: Error) => void,
): Promise<Database> {
  const { dataDir, allowNetworkDrive = false } = env;
  const embedded =
    env.mongodbUri === null ? await startEmbeddedDatabase({ dataDir, onFatal, allowNetworkDrive }) : null;
  const uri = env.mongodbUri ?? embedded?.uri ?? '';
  try {
    await mongoose.connect(uri, {
      ...(namesDatabase(uri) ? {} : { dbName: 'tandem' }),
      writeConcern,
      readConcern: { level: 'majority' },
      retryWrites: true,
      serverSelectionTimeoutMS: 5 * secondMs,
      // A line that has gone silent is noticed within seven seconds, and what waits on it is told.
      heartbeatFrequencyMS: 2 * secondMs,
      connectTimeoutMS: 5 * secondMs,
      monitorCommands: false,
    });
    await ensureCollections();
  } catch (error) {
    await mongoose.disconnect();
    await embedded?.close();
    throw error;
  }
  log.info({ embedded: embedded !== null }, 'database open');
  return {
    isReady,
    async close() {
      await mongoose.disconnect();
      await embedded?.close();
    },
  };
}

/**
 * Runs work in one transaction: all of it is stored, or nothing. Work may run again after a conflict, so it
 * must not touch anything outside the session; signals are sent after this returns.
 */
export async function withTransaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
  const session = await mongoose.startSession();
  try {
    return await session.withTransaction(() => work(session), {
      readConcern: { level: 'snapshot' },
      writeConcern,
      readPreference: 'primary',
    });
  } finally {
    await session.endSession();
  }
}

/** Whether a write was refused by a unique index. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 11000;
}

/** Whether an address names its database after the hosts, as in `mongodb://a,b/tandem?…`. */
function namesDatabase(uri: string): boolean {
  return /^mongodb(\+srv)?:\/\/[^/]+\/[^?]/.test(uri);
}

/** Collections are made beforehand, because a transaction cannot make one everywhere. */
async function ensureCollections(): Promise<void> {
  for (const name of mongoose.modelNames()) {
    const model = mongoose.model(name);
    await model.createCollection();
    await model.createIndexes();
  }
}

async function isReady(): Promise<boolean> {
  const { db, readyState } = mongoose.connection;
  if (db === undefined || readyState !== mongoose.ConnectionStates.connected) return false;
  try {
    // Counted here: over a silent line the driver's own limit ends no earlier than the line is given up.
    return await endsWithin(secondMs, db.command({ ping: 1 }));
  } catch {
    // Not ready is the answer, whatever the reason; the driver logs and retries by itself.
    return false;
  }
}
