// A pipeline before it runs: what its beginning asks of the indexes, and the stages that follow.
import {
  beginningOf,
  compileStages,
  pipelineContext,
  readingFilter,
  stagesOf,
} from '../aggregate/pipeline.ts';
import type { OpenCollection } from '../aggregate/stage.ts';
import { encodeDoc } from '../bson/encode.ts';
import { show } from '../bson/show.ts';
import { type Doc, Int32, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { type Selection, select } from '../engine/select.ts';
import { type PreparedCount, prepareCount } from '../engine/select-count.ts';
import type { View } from '../engine/write-target.ts';
import { MAX_DOCUMENT_BYTES } from '../store/documents.ts';
import { PAUSE, type Row, type Stream } from '../store/row.ts';
import { isNumber } from '../value/type-order.ts';
import { splitOutput } from './aggregate-output.ts';
import { type Context, collectionName, countValue, viewOf } from './context.ts';
import { environmentOf } from './let-option.ts';

function stageValue(stage: Doc | undefined, name: string): Value | undefined {
  return stage?.size === 1 ? stage.get(name) : undefined;
}

type CountShape = (n: number) => Doc;

/** The result of a stage that only counts, as countDocuments sends it; null for all others. */
function countShape(stage: Doc | undefined): CountShape | null {
  const name = stageValue(stage, '$count');
  const value = (n: number) => countValue(n) as Value;
  if (typeof name === 'string' && name !== '' && !/^\$|\./.test(name))
    return (n) => new Map([[name, value(n)]]);
  const group = stageValue(stage, '$group');
  const [id, field, ...others] = isDoc(group) ? group : [];
  if (!id || !field || others.length > 0 || id[0] !== '_id') return null;
  const isConstant = id[1] === null || isNumber(id[1]);
  const one = isDoc(field[1]) && field[1].size === 1 ? field[1].get('$sum') : undefined;
  if (!isConstant || !(one instanceof Int32 && one.value === 1)) return null;
  return (n) => new Map([id, [field[0], value(n)]]);
}

function* decoded(rows: Stream<Row>): Stream<Doc> {
  for (const row of rows) yield row === PAUSE ? PAUSE : row.doc;
}

/** A reply may hold documents a little larger than those that may be stored. */
const MAX_RESULT_BYTES = MAX_DOCUMENT_BYTES + 16 * 1024;

function resultBytes(source: Doc): Buffer {
  const bytes = encodeDoc(source);
  if (bytes.length <= MAX_RESULT_BYTES) return bytes;
  const [name, value] = [...source][0] ?? ['', null];
  throw new DatabaseError(
    10334,
    `BSONObj size: ${bytes.length} (0x${bytes.length.toString(16).toUpperCase()}) is invalid. Size must be between 0 and ${MAX_RESULT_BYTES}(16MB) First element: ${name}: ${show(value).slice(0, 150)}`,
  );
}

function* encoded(documents: Stream<Doc>): Stream<Buffer> {
  for (const each of documents) yield each === PAUSE ? PAUSE : resultBytes(each);
}

function* bytesOf(rows: Stream<Row>): Stream<Buffer> {
  for (const row of rows) yield row === PAUSE ? PAUSE : row.bytes;
}

function* countDocument({ count }: PreparedCount, shape: CountShape): Stream<Doc> {
  const n = yield* count();
  // Without documents there is no group.
  if (n > 0) yield shape(n);
}

/** A stage and how many documents it has given. */
export interface StageRun {
  readonly source: Doc;
  given: number;
}

function* observed(documents: Stream<Doc>, run: StageRun): Stream<Doc> {
  for (const each of documents) {
    if (each !== PAUSE) run.given++;
    yield each;
  }
}

/** A pipeline ready to run. */
export interface PreparedPipeline {
  readonly selection: Selection;
  /** What the beginning reads; its `covering` is set when only index entries are counted. */
  readonly start: PreparedCount;
  readonly stages: readonly StageRun[];
  readonly documents: Stream<Buffer>;
  /** A final `$out` or `$merge`. */
  readonly output: Doc | null;
}

/** Reads collections as the request may see them. */
function openerOf({ engine, db }: Context, view: View): OpenCollection {
  return ({ name, ...asked }) =>
    decoded(select(view, { ...asked, collection: engine.storage.catalog.find(db, name) }));
}

/** Plans the pipeline of an aggregate command. */
export function preparePipeline(context: Context): PreparedPipeline {
  const { body, db, engine } = context;
  const view = viewOf(context);
  const environment = environmentOf(body);
  const { stages: reading, output } = splitOutput(stagesOf(body.get('pipeline') ?? null));
  const beginning = beginningOf(reading);
  const { rest, sort, skip, limit } = beginning;
  const compiled = compileStages(rest, pipelineContext(environment, openerOf(context, view)));
  const selection: Selection = {
    filter: readingFilter(beginning, environment),
    sort,
    skip,
    limit,
    collection: engine.storage.catalog.find(db, collectionName(context)),
    hint: body.get('hint'),
  };
  const shape = countShape(rest[0]);
  const counted = prepareCount(view, selection);
  const stages = rest.map((source) => ({ source, given: 0 }));
  if (stages.length === 0) {
    const documents = bytesOf(counted.prepared.rows);
    return { selection, start: { ...counted, covering: null }, stages, documents, output };
  }
  const isCounted = shape !== null && counted.covering !== null;
  const first = isCounted ? countDocument(counted, shape) : decoded(counted.prepared.rows);
  let stream = first;
  for (const [at, run] of stages.entries()) {
    // What a covered count gives is already the result of the first stage.
    const stage = isCounted && at === 0 ? null : compiled[at];
    stream = observed(stage ? stage(stream) : stream, run);
  }
  const start = isCounted ? counted : { ...counted, covering: null };
  return { selection, start, stages, documents: encoded(stream), output };
}
