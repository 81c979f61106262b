/** The contract of live storage on both adapters: in memory, and on the database the hub would use. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe } from 'vitest';
import { createMemoryStorage } from '#server/base/live/memory-storage.ts';
import { LiveDocumentModel, LiveLogModel } from '#server/base/live/model.ts';
import { createMongoStorage } from '#server/base/live/mongo-storage.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '#server/embedded-db/start.ts';
import { liveStorageSuite } from '#tests/contract/live-storage-suite.ts';
import { takeDatabasePlace } from '#tests/support/database-place.ts';
import { createHandTime } from '#tests/support/hand-time.ts';

let dataDir: string;
let embedded: EmbeddedDatabase | null = null;
const place = takeDatabasePlace();

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tandem-live-'));
  const server = place.settings['MONGODB_URI'];
  embedded = server === undefined ? await startEmbeddedDatabase({ dataDir }) : null;
  const dbName = server === undefined ? { dbName: 'tandem' } : {};
  await mongoose.connect(server ?? embedded?.uri ?? '', { ...dbName, autoIndex: false, autoCreate: false });
  for (const model of [LiveDocumentModel, LiveLogModel]) {
    await model.createCollection();
    await model.createIndexes();
  }
});

afterAll(async () => {
  await mongoose.disconnect();
  await place.drop();
  await embedded?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const time = createHandTime();
const memory = createMemoryStorage(time.now);
describe('[LV28] [LV80] one contract for both', () => {
  liveStorageSuite('memory', async () => memory, time);
  liveStorageSuite('MongoDB', async () => createMongoStorage(time.now), time);
});
