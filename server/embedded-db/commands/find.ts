// find, getMore, killCursors, count.

import { encodeDoc } from '../bson/encode.ts';
import { type Doc, type Outgoing, RawDoc } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { type Batch, DEFAULT_BATCH, finish, nextBatch, type Source } from '../engine/cursors.ts';
import type { Reply } from '../engine/retry-log.ts';
import { prepare, type Selection, select } from '../engine/select.ts';
import { prepareCount } from '../engine/select-count.ts';
import { drain, type Explainable, explainSelection } from '../explain/explainable.ts';
import { countTree, projected } from '../explain/plan-tree.ts';
import { compileProjection, type Projection } from '../query/projection.ts';
import { valueSort } from '../query/sort.ts';
import { PAUSE, type Row, type Stream } from '../store/row.ts';
import { matchedElement } from '../update/positions.ts';
import { streamUnderOrder } from '../value/text-order.ts';
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
import { environmentOf, filterOption } from './let-option.ts';

function* encoded(rows: Stream<Row>, project: Projection | null, filter: Doc): Stream<Buffer> {
  for (const row of rows) {
    if (row === PAUSE) yield PAUSE;
    else if (!project) yield row.bytes;
    else yield encodeDoc(project(row.doc, (path) => matchedElement(row.doc, filter, path)));
  }
}

/** The cursor part of a reply; the source is kept when more follows. */
export function cursorReply(context: Context, namespace: string, source: Source, batch: Batch): Reply {
  const { transaction, session, body, engine } = context;
  const owner = { transaction, session, isPatient: flagOption(body, 'noCursorTimeout') };
  const id = batch.isDone ? 0n : engine.cursors.keep(source, namespace, owner);
  return reply({
    cursor: reply({ firstBatch: batch.documents.map((each) => new RawDoc(each)), id, ns: namespace }),
  });
}

/** What a find command asks for. */
function findSelection(context: Context): Selection {
  const { body, engine, db } = context;
  return {
    collection: engine.storage.catalog.find(db, collectionName(context)),
    filter: filterOption(body, 'filter', environmentOf(body)),
    sort: valueSort(docOption(body, 'sort')),
    hint: body.get('hint'),
    skip: countOption(body, 'skip') ?? 0,
    limit: countOption(body, 'limit') ?? 0,
  };
}

function projectionOf({ body }: Context): Projection | null {
  return compileProjection(docOption(body, 'projection'), environmentOf(body));
}

async function find(context: Context): Promise<Reply> {
  const { body, db } = context;
  const selection = findSelection(context);
  const { filter, limit = 0 } = selection;
  const rows = select(viewOf(context), selection);
  const documents = encoded(rows, projectionOf(context), filter);
  const source: Source = { stream: streamUnderOrder(context.order, documents), held: null };
  const size = countOption(body, 'batchSize') ?? DEFAULT_BATCH;
  const batch = await nextBatch(source, size, context.deadline);
  const isDone =
    batch.isDone || flagOption(body, 'singleBatch') || (limit > 0 && batch.documents.length === limit);
  const namespace = `${db}.${collectionName(context)}`;
  return cursorReply(context, namespace, source, { documents: batch.documents, isDone });
}

function explainFind(context: Context): Explainable {
  const selection = findSelection(context);
  const projection = docOption(context.body, 'projection');
  const prepared = prepare(viewOf(context), selection);
  const base = explainSelection(`${context.db}.${collectionName(context)}`, selection, prepared);
  const documents = encoded(prepared.rows, projectionOf(context), selection.filter);
  const tree = () => (projection.size > 0 ? projected(projection, base.tree()) : base.tree());
  return { ...base, tree, run: () => drain(documents, () => undefined) };
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

function countSelection(context: Context): Selection {
  const { body, engine, db } = context;
  return {
    collection: engine.storage.catalog.find(db, collectionName(context)),
    filter: docOption(body, 'query'),
    hint: body.get('hint'),
    skip: countOption(body, 'skip') ?? 0,
    limit: Math.abs(countOption(body, 'limit') ?? 0),
  };
}

async function count(context: Context): Promise<Reply> {
  const { count } = prepareCount(viewOf(context), countSelection(context));
  return reply({ n: countValue(await finish(streamUnderOrder(context.order, count()), context.deadline)) });
}

function explainCount(context: Context): Explainable {
  const selection = countSelection(context);
  const counted = prepareCount(viewOf(context), selection);
  const base = explainSelection(`${context.db}.${collectionName(context)}`, selection, counted.prepared);
  return {
    ...base,
    run: function* () {
      yield* counted.count();
    },
    tree: () => countTree(selection, counted),
    totals: () => ({ ...base.totals(), returned: 0 }),
  };
}

/** Commands that read. */
export const FIND_COMMANDS: Readonly<Record<string, Command>> = {
  find: {
    run: find,
    explain: explainFind,
    inTransaction: true,
    options: [
      ...['find', 'filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch'],
      ...['noCursorTimeout', 'allowDiskUse', 'allowPartialResults', 'collation', 'let'],
    ],
  },
  getMore: { run: getMore, inTransaction: true, options: ['getMore', 'collection', 'batchSize'] },
  killCursors: { run: killCursors, inTransaction: true, options: ['killCursors', 'cursors'] },
  count: {
    run: count,
    explain: explainCount,
    options: ['count', 'query', 'limit', 'skip', 'hint', 'fields', 'collation'],
  },
};
