/** The database that contracts are run on: the embedded one, or that of `MONGODB_URI`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose, { type Model } from 'mongoose';
import { afterAll, beforeAll } from 'vitest';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '#server/embedded-db/start.ts';
import { takeDatabasePlace } from '#tests/support/database-place.ts';

/** Connects mongoose for the tests of a file, makes the collections of these models, and takes all away after. */
export function provideDatabase(
  models: readonly Pick<Model<never>, 'createCollection' | 'createIndexes'>[],
): void {
  const place = takeDatabasePlace();
  let dataDir: string;
  let embedded: EmbeddedDatabase | null = null;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tandem-live-'));
    const server = place.settings['MONGODB_URI'];
    embedded = server === undefined ? await startEmbeddedDatabase({ dataDir }) : null;
    const dbName = server === undefined ? { dbName: 'tandem' } : {};
    await mongoose.connect(server ?? embedded?.uri ?? '', { ...dbName, autoIndex: false, autoCreate: false });
    for (const model of models) {
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
}
