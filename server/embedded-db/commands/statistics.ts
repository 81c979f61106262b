// Sizes and counts: dbStats, collStats, dataSize for shells; measured in pieces, so that nobody waits.
import { type Doc, int, type Outgoing } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { breathe } from '../engine/cursors.ts';
import type { Reply } from '../engine/retry-log.ts';
import type { Collection } from '../store/catalog.ts';
import { asNumber } from '../value/arithmetic.ts';
import { type Command, type Context, collectionName, countValue, reply } from './context.ts';

const PIECE = 4_096;

/** What a collection holds. */
export interface Measure {
  readonly count: number;
  readonly bytes: number;
}

/** Counts the documents of a collection and their bytes. */
export async function measure(context: Context, collection: Collection): Promise<Measure> {
  const { main } = context.engine.storage;
  const sql = `SELECT count(*) AS n, sum(size) AS bytes, max(rid) AS last FROM
    (SELECT rid, length(body) AS size FROM d_${collection.id} WHERE rid > ? ORDER BY rid LIMIT ${PIECE})`;
  let [count, bytes, slice] = [0, 0, performance.now()];
  for (let after = 0; !collection.isDropped; ) {
    const piece = main.statement(sql).get(after);
    count += (piece?.['n'] as number | null) ?? 0;
    bytes += (piece?.['bytes'] as number | null) ?? 0;
    if (((piece?.['n'] as number | null) ?? 0) < PIECE) break;
    after = piece?.['last'] as number;
    slice = await breathe(slice, context.deadline);
  }
  return { count, bytes };
}

/** Bytes of the keys of an index, with what each entry needs besides. */
async function indexBytes(context: Context, index: number): Promise<number> {
  const { main } = context.engine.storage;
  const sql = `SELECT key, rid FROM entry WHERE idx = ? AND (key, rid) > (?, ?) ORDER BY key, rid LIMIT ${PIECE}`;
  let [bytes, slice] = [0, performance.now()];
  for (let last: { key: Uint8Array; rid: number } = { key: new Uint8Array(), rid: 0 }; ; ) {
    const piece = main.statement(sql).all(index, last.key, last.rid) as unknown as (typeof last)[];
    for (const entry of piece) bytes += entry.key.length + 8;
    const end = piece.at(-1);
    if (!end || piece.length < PIECE) return bytes;
    last = end;
    slice = await breathe(slice, context.deadline);
  }
}

function scaleOf(body: Doc): number {
  const scale = asNumber(body.get('scale') ?? int(1));
  if (scale === null || scale < 1) throw new DatabaseError(51024, "BSON field 'scale' value must be >= 1");
  return Math.trunc(scale);
}

function scaled(bytes: number, scale: number): Outgoing {
  return countValue(Math.trunc(bytes / scale));
}

async function dbStats(context: Context): Promise<Reply> {
  const scale = scaleOf(context.body);
  const all = context.engine.storage.catalog.list(context.db);
  let [objects, dataSize, indexSize, indexes] = [0, 0, 0, 0];
  for (const collection of all) {
    const { count, bytes } = await measure(context, collection);
    objects += count;
    dataSize += bytes;
    indexes += collection.indexes.length;
    for (const index of collection.indexes) indexSize += await indexBytes(context, index.id);
  }
  return reply({
    db: context.db,
    collections: BigInt(all.length),
    views: 0n,
    objects: BigInt(objects),
    avgObjSize: objects === 0 ? 0 : dataSize / objects,
    dataSize: dataSize / scale,
    storageSize: dataSize / scale,
    indexes: BigInt(indexes),
    indexSize: indexSize / scale,
    totalSize: (dataSize + indexSize) / scale,
    scaleFactor: BigInt(scale),
  });
}

/** The answer of collStats, for the command and for the stage `$collStats`.
 *  @param options - may hold `scale` */
export async function collectionStats(context: Context, name: string, options: Doc): Promise<Reply> {
  const scale = scaleOf(options);
  const collection = context.engine.storage.catalog.find(context.db, name);
  const { count, bytes } = collection ? await measure(context, collection) : { count: 0, bytes: 0 };
  const sizes: Doc = new Map();
  let total = 0;
  for (const index of collection?.indexes ?? []) {
    const size = await indexBytes(context, index.id);
    total += size;
    sizes.set(index.name, scaled(size, scale) as never);
  }
  return reply({
    ns: `${context.db}.${name}`,
    size: scaled(bytes, scale),
    count: countValue(count),
    avgObjSize: count === 0 ? undefined : countValue(Math.trunc(bytes / count)),
    numOrphanDocs: int(0),
    storageSize: scaled(bytes, scale),
    freeStorageSize: int(0),
    capped: false,
    nindexes: int(collection?.indexes.length ?? 0),
    indexBuilds: [],
    totalIndexSize: scaled(total, scale),
    totalSize: scaled(bytes + total, scale),
    indexSizes: sizes,
    scaleFactor: int(scale),
  });
}

function collStats(context: Context): Promise<Reply> {
  return collectionStats(context, collectionName(context), context.body);
}

/** Commands that measure. */
export const STATISTICS_COMMANDS: Readonly<Record<string, Command>> = {
  dbStats: { run: dbStats, options: ['dbStats', 'scale', 'freeStorage'] },
  dbstats: { run: dbStats, options: ['dbstats', 'scale', 'freeStorage'] },
  collStats: { run: collStats, options: ['collStats', 'scale'] },
  collstats: { run: collStats, options: ['collstats', 'scale'] },
};
