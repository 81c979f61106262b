// createIndexes, listIndexes, dropIndexes.

import { show } from '../bson/show.ts';
import { type Doc, int, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Reply } from '../engine/retry-log.ts';
import type { Storage } from '../engine/storage.ts';
import type { Collection, Index } from '../store/catalog.ts';
import { duplicateKey, type IndexShape, indexKeys, readIndexSpec } from '../store/index-spec.ts';
import { Row } from '../store/row.ts';
import { equalValues } from '../value/compare.ts';
import { waitForCollection, wholeCursor } from './collections.ts';
import { type Command, type Context, collectionName, docsOption, reply, write } from './context.ts';

const BUILD_CHUNK = 256;

function addKeys(storage: Storage, collection: Collection, index: Index, row: Row): void {
  const put = storage.main.statement('INSERT OR IGNORE INTO entry (idx, key, rid) VALUES (?, ?, ?)');
  const { keys, isMultikey } = indexKeys(index, row.doc);
  if (isMultikey && !index.isMultikey) storage.catalog.markMultikey(index);
  for (const key of keys) {
    const isTaken =
      index.isUnique && storage.main.ridsOfKey(index.id, key.bytes).some((rid) => rid !== row.rid);
    if (isTaken) throw duplicateKey(collection.namespace, index, key);
    put.run(index.id, key.bytes, row.rid);
  }
}

/** Fills a new index from the documents that are there.
 *  @throws 11000 DuplicateKey when a unique index cannot hold */
function build(storage: Storage, collection: Collection, index: Index): void {
  for (let from = 0; ; ) {
    const rows = storage.main.documents(collection.id, from, false, BUILD_CHUNK);
    for (const stored of rows) addKeys(storage, collection, index, new Row(stored));
    if (rows.length < BUILD_CHUNK) return;
    from = (rows.at(-1) as { rid: number }).rid;
  }
}

function sameKey(a: IndexShape, b: IndexShape): boolean {
  return equalValues(a.spec.get('key') ?? null, b.spec.get('key') ?? null);
}

function sameOptions(a: IndexShape, b: IndexShape): boolean {
  const options = (shape: IndexShape): Doc =>
    new Map(
      [...shape.spec]
        .filter(([name]) => name !== 'v' && name !== 'name')
        .sort(([x], [y]) => (x < y ? -1 : 1)),
    );
  return equalValues(options(a), options(b));
}

/** The index that already is what is asked for; null when there is none.
 *  @throws 85 IndexOptionsConflict, 86 IndexKeySpecsConflict when a name or key is taken otherwise */
function existing(collection: Collection, shape: IndexShape): Index | null {
  const named = collection.indexes.find((index) => index.name === shape.name);
  if (named) {
    if (named.name === '_id_' && sameKey(named, shape)) return named;
    if (sameKey(named, shape) && sameOptions(named, shape)) return named;
    throw new DatabaseError(
      86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${show(shape.spec)}, existing index: ${show(named.spec)}`,
    );
  }
  const twin = collection.indexes.find((index) => sameKey(index, shape));
  if (!twin) return null;
  // An index on `_id` is always the one that is there.
  if (twin.name === '_id_') return twin;
  const same = sameOptions(twin, shape);
  throw new DatabaseError(
    85,
    same
      ? `Index already exists with a different name: ${twin.name}`
      : `An equivalent index already exists with the same name but different options. Requested index: ${show(shape.spec)}, existing index: ${show(twin.spec)}`,
  );
}

function createIndexes(context: Context): Promise<Reply> | Reply {
  const name = collectionName(context);
  const specs = docsOption(context.body, 'indexes');
  if (specs.length === 0) throw new DatabaseError(2, 'Must specify at least one index to create');
  const shapes = specs.map(readIndexSpec);
  const { storage } = context.engine;
  return write(context, (target) => {
    const isNew = !storage.catalog.find(context.db, name);
    const collection = target.ensureCollection(context.db, name);
    waitForCollection(context, collection);
    const before = collection.indexes.length;
    for (const shape of shapes) {
      if (existing(collection, shape)) continue;
      build(storage, collection, storage.catalog.addIndex(collection, shape, storage.nextVersion()));
    }
    const after = collection.indexes.length;
    return reply({
      numIndexesBefore: int(before),
      numIndexesAfter: int(after),
      createdCollectionAutomatically: isNew,
      note: before === after ? 'all indexes already exist' : undefined,
    });
  });
}

function existingCollection(context: Context, name: string): Collection {
  const found = context.engine.storage.catalog.find(context.db, name);
  if (!found) throw new DatabaseError(26, `ns does not exist: ${context.db}.${name}`);
  return found;
}

function listIndexes(context: Context): Reply {
  const collection = existingCollection(context, collectionName(context));
  return wholeCursor(
    collection.namespace,
    collection.indexes.map((index) => index.spec),
  );
}

function wanted(collection: Collection, asked: Value): Index[] {
  if (asked === '*') return collection.indexes.filter((index) => index.name !== '_id_');
  if (Array.isArray(asked)) return asked.flatMap((each) => wanted(collection, each));
  const found = collection.indexes.find((index) =>
    isDoc(asked) ? equalValues(index.spec.get('key') ?? null, asked) : index.name === asked,
  );
  if (!found) {
    const text = isDoc(asked)
      ? `can't find index with key: ${show(asked)}`
      : `index not found with name [${String(asked)}]`;
    throw new DatabaseError(27, text);
  }
  if (found.name === '_id_') throw new DatabaseError(72, 'cannot drop _id index');
  return [found];
}

function dropIndexes(context: Context): Promise<Reply> | Reply {
  const name = collectionName(context);
  return write(context, () => {
    const collection = existingCollection(context, name);
    waitForCollection(context, collection);
    const nIndexesWas = int(collection.indexes.length);
    for (const index of wanted(collection, context.body.get('index') ?? null)) {
      context.engine.storage.catalog.dropIndex(collection, index);
    }
    return reply({ nIndexesWas });
  });
}

/** Commands on indexes. */
export const INDEX_COMMANDS: Readonly<Record<string, Command>> = {
  createIndexes: { run: createIndexes, options: ['createIndexes', 'indexes', 'commitQuorum'] },
  listIndexes: { run: listIndexes, options: ['listIndexes', 'cursor'] },
  dropIndexes: { run: dropIndexes, options: ['dropIndexes', 'index'] },
};
