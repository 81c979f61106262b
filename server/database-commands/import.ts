/** Reads a folder of `export.ts` or mongodump into a database, and compares what is there afterwards. */
import { basename, join, resolve } from 'node:path';
import type { Db } from 'mongodb';
import { type Content, ContentDigest } from '#server/database-commands/digest.ts';
import {
  type CollectionShape,
  type ContentList,
  readDocuments,
  readList,
  readShapes,
} from '#server/database-commands/dump-files.ts';
import { exactDocument } from '#server/database-commands/exact-bson.ts';
import { storedDocuments, type Watcher } from '#server/database-commands/export.ts';

/** One insert holds at most this much, but always one document. */
const batchBytes = 1024 * 1024;
const batchDocuments = 500;

/** What stays out of the way of the present content. */
export interface ImportOptions {
  /** Folder of the export. */
  from: string;
  /** The database of the dump, when it is not called as in the list of contents or as the target. */
  sourceName?: string;
  /** Drops the collections of the same names first. */
  drop?: boolean;
}

/** Refuses a target that holds documents; empty collections of the same names make room. */
async function makeRoom(db: Db, shapes: readonly CollectionShape[], drop: boolean): Promise<void> {
  const ours = new Set(shapes.map((shape) => shape.collectionName));
  const present = await db.listCollections({}, { nameOnly: true }).toArray();
  for (const { name, type } of present) {
    if (drop || name.startsWith('system.') || type === 'view') continue;
    if ((await db.collection(name).findOne({}, { projection: { _id: 1 } })) === null) continue;
    throw new Error(
      `The database ${db.databaseName} is not empty (${name}). Empty it, choose another one, or give --drop to replace the collections of the same names.`,
    );
  }
  for (const { name } of present) if (ours.has(name)) await db.dropCollection(name);
}

async function insertAll(db: Db, folder: string, name: string, watcher: Watcher): Promise<Content> {
  const digest = new ContentDigest();
  let batch: Map<string, unknown>[] = [];
  let size = 0;
  const send = async () => {
    if (batch.length > 0) {
      const safely = {
        ordered: true,
        bypassDocumentValidation: true,
        writeConcern: { w: 'majority', j: true },
      };
      const reply = await db.command({ insert: name, documents: batch, ...safely });
      const failed = reply['writeErrors']?.[0] ?? reply['writeConcernError'];
      if (failed) throw new Error(`${name}: a document was refused: ${failed.errmsg}`);
    }
    watcher.progress(name, digest.content.documents);
    batch = [];
    size = 0;
  };
  for await (const bytes of readDocuments(folder, name)) {
    watcher.signal.throwIfAborted();
    if (batch.length === batchDocuments || size + bytes.length > batchBytes) await send();
    digest.add(bytes);
    batch.push(exactDocument(bytes));
    size += bytes.length;
  }
  await send();
  return digest.content;
}

/** What a collection holds now. */
async function contentOf(db: Db, name: string, watcher: Watcher): Promise<Content> {
  const digest = new ContentDigest();
  const documents = storedDocuments(db.collection(name), digest, { ...watcher, progress: () => undefined });
  for await (const _ of documents);
  return digest.content;
}

function mustEqual(name: string, what: string, found: Content, expected: Content): void {
  if (found.sha256 === expected.sha256 && found.documents === expected.documents) return;
  throw new Error(
    `${name}: ${what} differs: ${found.documents} documents with hash ${found.sha256} instead of ${expected.documents} with ${expected.sha256}.`,
  );
}

/** `_id_` comes with the collection; `ns` is of old servers, and new ones refuse it. An index that says nothing of a
 *  collation has the simple one, but when it is made it would inherit its collection's. */
async function makeIndexes(db: Db, shape: CollectionShape): Promise<void> {
  const inherited = shape.options['collation'] === undefined ? {} : { collation: { locale: 'simple' } };
  const indexes = shape.indexes
    .filter((each) => each['name'] !== '_id_')
    .map(({ ns: _, ...spec }) => ({ ...inherited, ...spec }));
  if (indexes.length > 0) await db.command({ createIndexes: shape.collectionName, indexes });
}

/** Indexes come after the comparison: one with a time to live could remove what is to be compared. */
async function importCollection(
  db: Db,
  folder: string,
  shape: CollectionShape,
  watcher: Watcher,
): Promise<Content> {
  const name = shape.collectionName;
  await db.command({ create: name, ...shape.options });
  const read = await insertAll(db, folder, name, watcher);
  mustEqual(name, 'what was stored', await contentOf(db, name, watcher), read);
  await makeIndexes(db, shape);
  watcher.finished(name, read);
  return read;
}

/** Reads every file and compares it with the list of contents, before anything is dropped for it. */
async function checkFiles(
  folder: string,
  shapes: readonly CollectionShape[],
  list: ContentList | null,
  watcher: Watcher,
): Promise<void> {
  const contents = new Map<string, Content>();
  for (const { collectionName: name, type } of shapes) {
    if (type === 'view') continue;
    const digest = new ContentDigest();
    for await (const bytes of readDocuments(folder, name)) {
      watcher.signal.throwIfAborted();
      digest.add(bytes);
    }
    contents.set(name, digest.content);
  }
  for (const listed of list?.collections ?? []) {
    const found = contents.get(listed.name);
    if (!found) throw new Error(`${folder} has no ${listed.name}, which its list of contents names.`);
    mustEqual(listed.name, 'the file', found, listed);
  }
}

function folderOf(options: ImportOptions, list: ContentList | null, db: Db): string {
  const name = options.sourceName ?? list?.database ?? db.databaseName;
  // The list may come from somebody else: it names a folder beside it and nothing further away.
  if (basename(name) !== name || name === '..') throw new Error(`${name} is no name of a database.`);
  return join(resolve(options.from), name);
}

/**
 * Imports one database: collections with their options, documents, then indexes; views last.
 * @returns contents by collection, each compared with the list of contents before, and with the file after
 * @throws Error in readable words when the target is not empty, a file is damaged, or a comparison fails
 */
export async function importDatabase(
  db: Db,
  options: ImportOptions,
  watcher: Watcher,
): Promise<Map<string, Content>> {
  const list = await readList(resolve(options.from));
  const folder = folderOf(options, list, db);
  const shapes = await readShapes(folder);
  await checkFiles(folder, shapes, list, watcher);
  await makeRoom(db, shapes, options.drop === true);
  const contents = new Map<string, Content>();
  for (const shape of shapes.filter((each) => each.type !== 'view')) {
    contents.set(shape.collectionName, await importCollection(db, folder, shape, watcher));
  }
  for (const view of shapes.filter((each) => each.type === 'view')) {
    await db.command({ create: view.collectionName, ...view.options });
  }
  return contents;
}
