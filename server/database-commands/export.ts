/** Writes a database to a folder, by way of the driver, so that any MongoDB can give its data and any can take them. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Collection, Db } from 'mongodb';
import { type Content, ContentDigest } from '#server/database-commands/digest.ts';
import {
  type CollectionShape,
  writeDocuments,
  writeList,
  writeShape,
} from '#server/database-commands/dump-files.ts';

/** Told of every so many documents and of every finished collection. */
export interface Watcher {
  /** Stops the work when it is aborted. */
  signal: AbortSignal;
  progress(collection: string, documents: number): void;
  finished(collection: string, content: Content): void;
}

const reportEvery = 1_000;
/** Documents asked for at a time: enough for speed, few enough for a small memory. */
const perBatch = 500;
const exactly = {
  promoteValues: false,
  promoteBuffers: false,
  promoteLongs: false,
  bsonRegExp: true,
} as const;

/** Every document of a collection as stored bytes, added to a digest on the way. */
export async function* storedDocuments(
  collection: Collection,
  digest: ContentDigest,
  watcher: Pick<Watcher, 'signal' | 'progress'>,
): AsyncGenerator<Uint8Array> {
  for await (const each of collection.find({}, { raw: true, batchSize: perBatch })) {
    watcher.signal.throwIfAborted();
    const bytes = each as unknown as Uint8Array;
    digest.add(bytes);
    if (digest.content.documents % reportEvery === 0) {
      watcher.progress(collection.collectionName, digest.content.documents);
    }
    yield bytes;
  }
}

/** Collections and views, those of the server itself left out; by name. */
async function shapesOf(db: Db): Promise<CollectionShape[]> {
  const listed = await db.listCollections({}, { nameOnly: false, ...exactly }).toArray();
  const shapes: CollectionShape[] = [];
  for (const { name, type = 'collection', options = {}, info } of listed as unknown as Listed[]) {
    if (name.startsWith('system.')) continue;
    if (type === 'timeseries')
      throw new Error(`${name} is a time-series collection, which cannot be exported.`);
    const indexes =
      type === 'view'
        ? []
        : await db
            .collection(name)
            .listIndexes({ ...exactly })
            .toArray();
    const uuid = info?.uuid?.toString('hex').replaceAll('-', '');
    shapes.push({ collectionName: name, type, options, indexes, ...(uuid ? { uuid } : {}) });
  }
  return shapes.sort((a, b) => (a.collectionName < b.collectionName ? -1 : 1));
}

interface Listed {
  name: string;
  type?: string;
  options?: Record<string, unknown>;
  info?: { uuid?: { toString(encoding: 'hex'): string } };
}

/**
 * Exports one database into a new folder, which appears when it is whole.
 * @returns contents by collection
 * @throws Error in readable words when the folder is not empty or there is nothing to export
 */
export async function exportDatabase(db: Db, to: string, watcher: Watcher): Promise<Map<string, Content>> {
  const target = resolve(to);
  if (existsSync(target)) {
    await rmdir(target).catch((error: unknown) => {
      throw new Error(`${target} exists already and is no empty folder.`, { cause: error });
    });
  }
  // A name nobody can have taken before, and of this user alone.
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const part = await mkdtemp(join(dirname(target), '.part-of-export-'));
  const folder = join(part, db.databaseName);
  const contents = new Map<string, Content>();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const shapes = await shapesOf(db);
    if (shapes.length === 0) throw new Error(`The database ${db.databaseName} holds no collections.`);
    for (const shape of shapes) {
      const name = shape.collectionName;
      const digest = new ContentDigest();
      if (shape.type === 'collection') {
        await writeDocuments(folder, name, storedDocuments(db.collection(name), digest, watcher));
        contents.set(name, digest.content);
      }
      await writeShape(folder, shape);
      watcher.finished(name, digest.content);
    }
    await writeList(part, db.databaseName, contents);
    await rename(part, target);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return contents;
}
