/** The contract of live storage on both adapters: in memory, and on the database the hub starts by itself. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll } from 'vitest';
import { createMemoryStorage } from '#server/base/live/memory-storage.ts';
import { LiveDocumentModel, LiveLogModel } from '#server/base/live/model.ts';
import { createMongoStorage } from '#server/base/live/mongo-storage.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '#server/embedded-db/start.ts';
import { liveStorageSuite } from '#tests/contract/live-storage-suite.ts';
import { createHandTime } from '#tests/support/hand-time.ts';

let dataDir: string;
let database: EmbeddedDatabase;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tandem-live-'));
  database = await startEmbeddedDatabase({ dataDir });
  await mongoose.connect(database.uri, { dbName: 'tandem', autoIndex: false, autoCreate: false });
  for (const model of [LiveDocumentModel, LiveLogModel]) {
    await model.createCollection();
    await model.createIndexes();
  }
});

afterAll(async () => {
  await mongoose.disconnect();
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

const time = createHandTime();
const memory = createMemoryStorage(time.now);
liveStorageSuite('memory', async () => memory, time);
liveStorageSuite('MongoDB', async () => createMongoStorage(time.now), time);
