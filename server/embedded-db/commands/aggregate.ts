// aggregate: the beginning of a pipeline is planned as a find, the rest runs as stages.
import { compileStage, type Stage } from '../aggregate/stages.ts';
import { encodeDoc } from '../bson/encode.ts';
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { notSupported } from '../database-error.ts';
import { DEFAULT_BATCH, nextBatch, type Source } from '../engine/cursors.ts';
import type { Reply } from '../engine/retry-log.ts';
import { select } from '../engine/select.ts';
import { type SortField, valueSort } from '../query/sort.ts';
import { PAUSE, type Row, type Stream } from '../store/row.ts';
import { asNumber } from '../value/arithmetic.ts';
import {
  type Command,
  type Context,
  collectionName,
  countOption,
  docOption,
  docsOption,
  viewOf,
} from './context.ts';
import { cursorReply } from './find.ts';

interface Beginning {
  filter: Doc;
  sort: readonly SortField[];
  limit: number;
  /** Stages not covered by the above. */
  rest: readonly Doc[];
}

function stageValue(stage: Doc | undefined, name: string): Value | undefined {
  return stage?.size === 1 ? stage.get(name) : undefined;
}

/** A leading `$match`, `$sort` and `$limit` can use an index. */
function beginning(pipeline: readonly Doc[]): Beginning {
  const out: Beginning = { filter: new Map(), sort: [], limit: 0, rest: pipeline };
  const match = stageValue(out.rest[0], '$match');
  if (isDoc(match)) {
    out.filter = match;
    out.rest = out.rest.slice(1);
  }
  const sort = stageValue(out.rest[0], '$sort');
  if (isDoc(sort)) {
    out.sort = valueSort(sort);
    out.rest = out.rest.slice(1);
  }
  const limit = asNumber(stageValue(out.rest[0], '$limit'));
  if (limit !== null && Number.isInteger(limit) && limit > 0) {
    out.limit = limit;
    out.rest = out.rest.slice(1);
  }
  return out;
}

function* decoded(rows: Stream<Row>): Stream<Doc> {
  for (const row of rows) yield row === PAUSE ? PAUSE : row.doc;
}

function* encoded(documents: Stream<Doc>): Stream<Buffer> {
  for (const each of documents) yield each === PAUSE ? PAUSE : encodeDoc(each);
}

function* bytesOf(rows: Stream<Row>): Stream<Buffer> {
  for (const row of rows) yield row === PAUSE ? PAUSE : row.bytes;
}

async function aggregate(context: Context): Promise<Reply> {
  const { body, db, engine } = context;
  if (typeof body.get('aggregate') !== 'string') throw notSupported('aggregate on a whole database');
  const name = collectionName(context);
  const view = viewOf(context);
  const start = beginning(docsOption(body, 'pipeline'));
  const open = (from: string, filter: Doc) =>
    decoded(select(view, { collection: engine.storage.catalog.find(db, from), filter }));
  const stages: Stage[] = start.rest.map((stage) => compileStage(stage, open));
  const rows = select(view, {
    collection: engine.storage.catalog.find(db, name),
    filter: start.filter,
    sort: start.sort,
    limit: start.limit,
    hint: body.get('hint'),
  });
  const stream =
    stages.length === 0
      ? bytesOf(rows)
      : encoded(stages.reduce<Stream<Doc>>((input, stage) => stage(input), decoded(rows)));
  const source: Source = { stream, held: null };
  const size = countOption(docOption(body, 'cursor'), 'batchSize') ?? DEFAULT_BATCH;
  const batch = await nextBatch(source, size, context.deadline);
  return cursorReply(context, `${db}.${name}`, source, batch);
}

/** The aggregate command. */
export const AGGREGATE: Readonly<Record<string, Command>> = {
  aggregate: {
    run: aggregate,
    inTransaction: true,
    options: ['aggregate', 'pipeline', 'cursor', 'hint', 'allowDiskUse', 'bypassDocumentValidation'],
  },
};
