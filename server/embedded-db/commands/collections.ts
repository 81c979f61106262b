// Collections and databases: create, drop, list.

import { encodeDoc } from '../bson/encode.ts';
import { Binary, type Doc, RawDoc, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { collectionLock, LockWait } from '../engine/locks.ts';
import type { Reply } from '../engine/retry-log.ts';
import { compileFilter } from '../query/filter.ts';
import type { Collection } from '../store/catalog.ts';
import { COLLECTION_OPTIONS, readCollectionOptions } from './collection-options.ts';
import {
  type Command,
  type Context,
  collectionName,
  docOption,
  flagOption,
  reply,
  write,
} from './context.ts';

/** A change of a collection's shape waits for the transactions that use it. */
export function waitForCollection(context: Context, collection: Collection): void {
  const owner = context.engine.storage.locks.other(collectionLock(collection), null);
  if (owner) throw new LockWait(owner);
}

function create(context: Context): Promise<Reply> | Reply {
  const name = collectionName(context);
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

function listDatabases(context: Context): Reply {
  if (context.db !== 'admin') {
    throw new DatabaseError(13, 'listDatabases may only be run against the admin database.');
  }
  const { catalog, main } = context.engine.storage;
  const matches = compileFilter(docOption(context.body, 'filter'));
  const names = [...new Set(catalog.list().map((each) => each.db))];
  const isNameOnly = flagOption(context.body, 'nameOnly');
  const describeDatabase = (name: string): Doc => {
    if (isNameOnly) return new Map([['name', name]]);
    const isEmpty = catalog.list(name).every((each) => main.count(each.id) === 0);
    return new Map<string, Value>([
      ['name', name],
      ['sizeOnDisk', 0n],
      ['empty', isEmpty],
    ]);
  };
  return reply({ databases: names.map(describeDatabase).filter(matches) });
}

function rename(): never {
  throw notSupported('the command renameCollection');
}

/** Commands on collections and databases. */
export const COLLECTION_COMMANDS: Readonly<Record<string, Command>> = {
  create: { run: create, options: ['create', ...COLLECTION_OPTIONS] },
  drop: { run: drop, options: ['drop'] },
  dropDatabase: { run: dropDatabase, options: ['dropDatabase'] },
  listCollections: {
    run: listCollections,
    options: ['listCollections', 'filter', 'nameOnly', 'cursor', 'authorizedCollections'],
  },
  listDatabases: {
    run: listDatabases,
    options: ['listDatabases', 'filter', 'nameOnly', 'authorizedDatabases'],
  },
  renameCollection: { run: rename, options: ['renameCollection', 'to', 'dropTarget'] },
};
