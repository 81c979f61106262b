// Collections and databases: create, drop, list.

import { encodeDoc } from '../bson/encode.ts';
import { show } from '../bson/show.ts';
import { Binary, type Doc, RawDoc, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { collectionLock, LockWait } from '../engine/locks.ts';
import type { Reply } from '../engine/retry-log.ts';
import { compileFilter } from '../query/filter.ts';
import type { Collection } from '../store/catalog.ts';
import { asNumber } from '../value/arithmetic.ts';
import {
  COLLECTION_OPTIONS,
  changedOptions,
  readCollectionOptions,
  readValidation,
  VALIDATION_OPTIONS,
} from './collection-options.ts';
import {
  type Command,
  type Context,
  collectionName,
  docOption,
  flagOption,
  reply,
  write,
} from './context.ts';
import { measure } from './statistics.ts';

/** A change of a collection's shape waits for the transactions that use it. */
export function waitForCollection(context: Context, collection: Collection): void {
  const owner = context.engine.storage.locks.other(collectionLock(collection), null);
  if (owner) throw new LockWait(owner);
}

/** Restoring tools name the index on `_id` that every collection has; any other is refused.
 *  @throws 72 InvalidOptions */
function refuseOtherIdIndex(body: Doc): void {
  const key = docOption(docOption(body, 'idIndex'), 'key');
  if (!body.has('idIndex') || (key.size === 1 && asNumber(key.get('_id') ?? null) === 1)) return;
  throw new DatabaseError(72, "The field 'key' for an _id index must be {_id: 1}");
}

function create(context: Context): Promise<Reply> | Reply {
  const name = collectionName(context);
  refuseOtherIdIndex(context.body);
  const options = readCollectionOptions(context.body);
  return write(context, () => {
    const { catalog, nextVersion } = context.engine.storage;
    if (catalog.find(context.db, name)) {
      throw new DatabaseError(48, `Collection ${context.db}.${name} already exists.`);
    }
    catalog.create(context.db, name, nextVersion(), options);
    return reply({});
  });
}

function collMod(context: Context): Promise<Reply> | Reply {
  const name = collectionName(context);
  const change = readValidation('collMod', context.body);
  return write(context, () => {
    const { catalog } = context.engine.storage;
    const collection = catalog.find(context.db, name);
    if (!collection) throw new DatabaseError(26, `ns does not exist: ${context.db}.${name}`);
    waitForCollection(context, collection);
    if (change.size > 0) catalog.changeOptions(collection, changedOptions(collection.options, change));
    return reply({});
  });
}

async function drop(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const dropped = await write(context, () => {
    const { catalog } = context.engine.storage;
    const collection = catalog.find(context.db, name);
    // Since 7.0 the server answers ok for a collection that is not there.
    if (!collection) return reply({});
    waitForCollection(context, collection);
    const nIndexesWas = collection.indexes.length;
    catalog.drop(collection);
    return reply({ nIndexesWas, ns: collection.namespace });
  });
  void context.engine.leftovers.remove();
  return dropped;
}

async function dropDatabase(context: Context): Promise<Reply> {
  const dropped = await write(context, () => {
    const { catalog } = context.engine.storage;
    const all = catalog.list(context.db);
    for (const collection of all) waitForCollection(context, collection);
    for (const collection of all) catalog.drop(collection);
    return reply(all.length > 0 ? { dropped: context.db } : {});
  });
  void context.engine.leftovers.remove();
  return dropped;
}

function describe(collection: Collection, isNameOnly: boolean): Doc {
  const out: Doc = new Map<string, Value>([
    ['name', collection.name],
    ['type', 'collection'],
  ]);
  if (isNameOnly) return out;
  out.set('options', collection.options);
  out.set(
    'info',
    new Map<string, Value>([
      ['readOnly', false],
      ['uuid', new Binary(4, collection.uuid)],
    ]),
  );
  const id = collection.indexes.find((index) => index.name === '_id_');
  if (id) out.set('idIndex', id.spec);
  return out;
}

function listCollections(context: Context): Reply {
  const { body, db, engine } = context;
  const matches = compileFilter(docOption(body, 'filter'));
  const all = engine.storage.catalog
    .list(db)
    .map((collection) => describe(collection, flagOption(body, 'nameOnly')))
    .filter(matches);
  return wholeCursor(`${db}.$cmd.listCollections`, all);
}

/** A cursor reply that needs no getMore. */
export function wholeCursor(namespace: string, documents: readonly Doc[]): Reply {
  const firstBatch = documents.map((each) => new RawDoc(encodeDoc(each)));
  return reply({ cursor: reply({ id: 0n, ns: namespace, firstBatch }) });
}

async function describeDatabase(context: Context, name: string): Promise<Doc> {
  if (flagOption(context.body, 'nameOnly')) return new Map([['name', name]]);
  let [count, bytes] = [0, 0];
  for (const collection of context.engine.storage.catalog.list(name)) {
    const held = await measure(context, collection);
    count += held.count;
    bytes += held.bytes;
  }
  return new Map<string, Value>([
    ['name', name],
    ['sizeOnDisk', BigInt(bytes)],
    ['empty', count === 0],
  ]);
}

async function listDatabases(context: Context): Promise<Reply> {
  const matches = compileFilter(docOption(context.body, 'filter'));
  const names = [...new Set(context.engine.storage.catalog.list().map((each) => each.db))];
  const all: Doc[] = [];
  for (const name of names) all.push(await describeDatabase(context, name));
  const databases = all.filter(matches);
  if (flagOption(context.body, 'nameOnly')) return reply({ databases });
  const totalSize = databases.reduce((sum, each) => sum + Number(each.get('sizeOnDisk')), 0);
  const totalSizeMb = BigInt(Math.trunc(totalSize / 2 ** 20));
  return reply({ databases, totalSize: BigInt(totalSize), totalSizeMb });
}

function splitNamespace(value: Value | undefined): { db: string; name: string } {
  const at = typeof value === 'string' ? value.indexOf('.') : -1;
  if (typeof value !== 'string' || at < 1 || at === value.length - 1) {
    throw new DatabaseError(73, `Invalid namespace specified '${String(value)}'`);
  }
  return { db: value.slice(0, at), name: value.slice(at + 1) };
}

/** @throws 12587 BackgroundOperationInProgressForNamespace while an index of the collection is built */
function refuseWhileIndexed({ engine }: Context, { id, uuid }: Collection): void {
  if (![...engine.builds].some((each) => each.collection.id === id)) return;
  throw new DatabaseError(
    12587,
    `cannot perform operation: an index build is currently running for collection with UUID: ${show(new Binary(4, uuid))}`,
  );
}

async function rename(context: Context): Promise<Reply> {
  const from = splitNamespace(context.body.get('renameCollection'));
  const to = splitNamespace(context.body.get('to'));
  if (from.db !== to.db) throw notSupported('renameCollection into another database');
  const { catalog, nextVersion } = context.engine.storage;
  const renamed = await write(context, () => {
    const source = catalog.find(from.db, from.name);
    if (!source) throw new DatabaseError(26, `Source collection ${from.db}.${from.name} does not exist`);
    if (from.name === to.name) throw new DatabaseError(20, "Can't rename a collection to itself");
    const target = catalog.find(to.db, to.name);
    if (target && !flagOption(context.body, 'dropTarget')) {
      throw new DatabaseError(48, 'target namespace exists');
    }
    refuseWhileIndexed(context, source);
    for (const each of target ? [source, target] : [source]) waitForCollection(context, each);
    if (target) catalog.drop(target);
    catalog.rename(source, to.name, nextVersion());
    return reply({});
  });
  void context.engine.leftovers.remove();
  return renamed;
}

/** Commands on collections and databases. */
export const COLLECTION_COMMANDS: Readonly<Record<string, Command>> = {
  create: { run: create, options: ['create', 'idIndex', ...COLLECTION_OPTIONS] },
  collMod: { run: collMod, options: ['collMod', ...VALIDATION_OPTIONS] },
  drop: { run: drop, options: ['drop'] },
  dropDatabase: { run: dropDatabase, options: ['dropDatabase'] },
  listCollections: {
    run: listCollections,
    options: ['listCollections', 'filter', 'nameOnly', 'cursor', 'authorizedCollections'],
  },
  listDatabases: {
    run: listDatabases,
    adminOnly: true,
    options: ['listDatabases', 'filter', 'nameOnly', 'authorizedDatabases'],
  },
  renameCollection: { run: rename, adminOnly: true, options: ['renameCollection', 'to', 'dropTarget'] },
};
