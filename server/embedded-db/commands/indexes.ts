// createIndexes, listIndexes, dropIndexes.

import { show } from '../bson/show.ts';
import { type Doc, int, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { IndexBuild } from '../engine/index-build.ts';
import { collectionLock, LockWait } from '../engine/locks.ts';
import type { Reply } from '../engine/retry-log.ts';
import type { WriteTarget } from '../engine/write-target.ts';
import type { Collection, Index } from '../store/catalog.ts';
import { type IndexShape, readIndexSpec } from '../store/index-spec.ts';
import { equalValues } from '../value/compare.ts';
import { waitForCollection, wholeCursor } from './collections.ts';
import {
  type Command,
  type Context,
  collectionName,
  docsOption,
  flagOption,
  reply,
  write,
} from './context.ts';

/** Collections up to this size get their indexes within one commit. */
const SMALL = 100;

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

/** The index that already is what is asked for, complete or not; null when there is none.
 *  @throws 85 IndexOptionsConflict, 86 IndexKeySpecsConflict when a name or key is taken otherwise */
function existing({ indexes, unfinished }: Collection, shape: IndexShape): Index | null {
  const all = [...indexes, ...unfinished];
  const named = all.find((index) => index.name === shape.name);
  if (named) {
    if (named.name === '_id_' && sameKey(named, shape)) return named;
    if (sameKey(named, shape) && sameOptions(named, shape)) return named;
    throw new DatabaseError(
      86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${show(shape.spec)}, existing index: ${show(named.spec)}`,
    );
  }
  // Of another collation it is another index.
  const twin = all.find((index) => sameKey(index, shape) && index.collation?.id === shape.collation?.id);
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

interface Begun {
  readonly isNew: boolean;
  readonly before: number;
  /** How many are added. */
  readonly added: number;
  /** Null when nothing is left to do. */
  readonly build: IndexBuild | null;
}

function begin(context: Context, target: WriteTarget, name: string, specs: readonly Doc[]): Begun {
  const { storage, builds } = context.engine;
  const isNew = !storage.catalog.find(context.db, name);
  const collection = target.ensureCollection(context.db, name);
  const before = collection.indexes.length;
  const missing: IndexShape[] = [];
  for (const spec of specs) {
    const shape = readIndexSpec(spec, collection.collation);
    const found = existing(collection, shape);
    // Somebody else has it made: it may fail yet.
    const other = found && [...builds].find((each) => each.has(found));
    if (other) throw new LockWait(other);
    // One that failed, and a full disk kept it from being taken back.
    if (found?.suspects) storage.catalog.dropIndex(collection, found);
    if (!found || found.suspects) missing.push(shape);
  }
  if (missing.length === 0) return { isNew, before, added: 0, build: null };
  const build = new IndexBuild(storage, collection, missing);
  const isSmall = storage.main.documents(collection.id, 0, false, SMALL + 1).length <= SMALL;
  const isUsed = storage.locks.other(collectionLock(collection), null) !== undefined;
  if (isSmall && !isUsed) build.fillAtOnce();
  return { isNew, before, added: missing.length, build: isSmall && !isUsed ? null : build };
}

async function build(context: Context, name: string, specs: readonly Doc[]): Promise<Begun> {
  const { writer, builds, leftovers } = context.engine;
  let made: IndexBuild | null = null;
  try {
    const begun = await writer.write((target) => {
      const here = begin(context, target, name, specs);
      made = here.build;
      // Others of the same group may ask for the same index.
      if (made) builds.add(made);
      return here;
    });
    await begun.build?.run(writer);
    return begun;
  } catch (error) {
    void leftovers.remove();
    throw error;
  } finally {
    if (made) builds.delete(made);
  }
}

/** Every option of an index that MongoDB has; what is not among them a restoring tool wants left out. */
const INDEX_OPTIONS: ReadonlySet<string> = new Set([
  ...['v', 'key', 'name', 'background', 'unique', 'sparse', 'hidden', 'partialFilterExpression'],
  ...['expireAfterSeconds', 'collation', 'storageEngine', 'wildcardProjection', 'weights', 'bits', 'min'],
  ...['default_language', 'language_override', 'textIndexVersion', '2dsphereIndexVersion', 'max'],
  ...['prepareUnique', 'clustered'],
]);

function knownOptions(spec: Doc): Doc {
  return new Map([...spec].filter(([name]) => INDEX_OPTIONS.has(name)));
}

async function createIndexes(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const given = docsOption(context.body, 'indexes');
  const specs = flagOption(context.body, 'ignoreUnknownIndexOptions') ? given.map(knownOptions) : given;
  if (specs.length === 0) throw new DatabaseError(2, 'Must specify at least one index to create');
  // A bad entry is refused before the collection is made.
  for (const spec of specs) readIndexSpec(spec);
  const { isNew, before, added } = await build(context, name, specs);
  return reply({
    numIndexesBefore: int(before),
    numIndexesAfter: int(before + added),
    createdCollectionAutomatically: isNew,
    note: added === 0 ? 'all indexes already exist' : undefined,
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
    [...collection.indexes, ...collection.unfinished].map((index) => index.spec),
  );
}

function wanted(collection: Collection, asked: Value): Index[] {
  const all = [...collection.indexes, ...collection.unfinished];
  if (asked === '*') return all.filter((index) => index.name !== '_id_');
  if (Array.isArray(asked)) return asked.flatMap((each) => wanted(collection, each));
  const found = all.find((index) =>
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

async function dropIndexes(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const dropped = await write(context, () => {
    const collection = existingCollection(context, name);
    waitForCollection(context, collection);
    const nIndexesWas = int(collection.indexes.length);
    for (const index of wanted(collection, context.body.get('index') ?? null)) {
      context.engine.storage.catalog.dropIndex(collection, index);
    }
    return reply({ nIndexesWas });
  });
  void context.engine.leftovers.remove();
  return dropped;
}

/** Commands on indexes. */
export const INDEX_COMMANDS: Readonly<Record<string, Command>> = {
  createIndexes: {
    run: createIndexes,
    options: ['createIndexes', 'indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'],
  },
  listIndexes: { run: listIndexes, options: ['listIndexes', 'cursor'] },
  dropIndexes: { run: dropIndexes, options: ['dropIndexes', 'index'] },
};
