// find, getMore, killCursors, count, distinct.

import { encodeDoc } from '../bson/encode.ts';
import { type Doc, type Outgoing, RawDoc } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { type Batch, DEFAULT_BATCH, finish, nextBatch, type Source } from '../engine/cursors.ts';
import type { Reply } from '../engine/retry-log.ts';
import { select } from '../engine/select.ts';
import { prepareCount } from '../engine/select-count.ts';
import { compileProjection } from '../query/projection.ts';
import { valueSort } from '../query/sort.ts';
import { PAUSE, type Row, type Stream } from '../store/row.ts';
import { matchedElement } from '../update/positions.ts';
import {
  type Command,
  type Context,
  collectionName,
  countOption,
  countValue,
  docOption,
  flagOption,
  reply,
  viewOf,
} from './context.ts';

function* encoded(rows: Stream<Row>, projection: Doc, filter: Doc): Stream<Buffer> {
  const project = compileProjection(projection);
  for (const row of rows) {
    if (row === PAUSE) yield PAUSE;
    else if (!project) yield row.bytes;
    else yield encodeDoc(project(row.doc, (path) => matchedElement(row.doc, filter, path)));
  }
}

/** The cursor part of a reply; the source is kept when more follows. */
export function cursorReply(context: Context, namespace: string, source: Source, batch: Batch): Reply {
  const id = batch.isDone ? 0n : context.engine.cursors.keep(source, namespace, context.transaction);
  return reply({
    cursor: reply({ firstBatch: batch.documents.map((each) => new RawDoc(each)), id, ns: namespace }),
  });
}

async function find(context: Context): Promise<Reply> {
  const { body, engine, db } = context;
  const name = collectionName(context);
  const filter = docOption(body, 'filter');
  const limit = countOption(body, 'limit') ?? 0;
  const rows = select(viewOf(context), {
    collection: engine.storage.catalog.find(db, name),
    filter,
    sort: valueSort(docOption(body, 'sort')),
    hint: body.get('hint'),
    skip: countOption(body, 'skip') ?? 0,
    limit,
  });
  const source: Source = { stream: encoded(rows, docOption(body, 'projection'), filter), held: null };
  const size = countOption(body, 'batchSize') ?? DEFAULT_BATCH;
  const batch = await nextBatch(source, size, context.deadline);
  const isDone =
    batch.isDone || flagOption(body, 'singleBatch') || (limit > 0 && batch.documents.length === limit);
  return cursorReply(context, `${db}.${name}`, source, { documents: batch.documents, isDone });
}

async function getMore(context: Context): Promise<Reply> {
  const { body, engine, db } = context;
  const id = body.get('getMore');
  const name = body.get('collection');
  if (typeof id !== 'bigint' || typeof name !== 'string') {
    throw new DatabaseError(14, "getMore needs a cursor id of type 'long' and a collection of type 'string'");
  }
  const namespace = `${db}.${name}`;
  const size = countOption(body, 'batchSize') || Number.POSITIVE_INFINITY;
  const batch = await engine.cursors.more(id, namespace, size, context.deadline);
  return reply({
    cursor: reply({
      nextBatch: batch.documents.map((each) => new RawDoc(each)),
      id: batch.isDone ? 0n : id,
      ns: namespace,
    }),
  });
}

function killCursors({ body, engine }: Context): Reply {
  const ids = body.get('cursors');
  if (!Array.isArray(ids)) throw new DatabaseError(14, "BSON field 'killCursors.cursors' has to be an array");
  const killed: Outgoing[] = [];
  const missing: Outgoing[] = [];
  for (const id of ids) (typeof id === 'bigint' && engine.cursors.kill(id) ? killed : missing).push(id);
  return reply({ cursorsKilled: killed, cursorsNotFound: missing, cursorsAlive: [], cursorsUnknown: [] });
}

async function count(context: Context): Promise<Reply> {
  const { body, engine, db } = context;
  const collection = engine.storage.catalog.find(db, collectionName(context));
  const filter = docOption(body, 'query');
  const [skip, limit] = [countOption(body, 'skip') ?? 0, Math.abs(countOption(body, 'limit') ?? 0)];
  const hint = body.get('hint');
  const { count } = prepareCount(viewOf(context), { collection, filter, hint, skip, limit });
  return reply({ n: countValue(await finish(count(), context.deadline)) });
}

/** Commands that read. */
export const FIND_COMMANDS: Readonly<Record<string, Command>> = {
  find: {
    run: find,
    inTransaction: true,
    options: [
      ...['find', 'filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch'],
      ...['noCursorTimeout', 'allowDiskUse', 'allowPartialResults'],
    ],
  },
  getMore: { run: getMore, inTransaction: true, options: ['getMore', 'collection', 'batchSize'] },
  killCursors: { run: killCursors, inTransaction: true, options: ['killCursors', 'cursors'] },
  count: { run: count, options: ['count', 'query', 'limit', 'skip', 'hint', 'fields'] },
};
