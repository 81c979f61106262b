// insert, update, delete.
import { type Doc, int } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { changeAll, changeFirst } from '../engine/change.ts';
import { LockWait } from '../engine/locks.ts';
import type { Reply } from '../engine/retry-log.ts';
import { type Pace, type Work, waiting } from '../engine/work.ts';
import type { WriteTarget } from '../engine/write-target.ts';
import { compileFilter } from '../query/filter.ts';
import type { Collection } from '../store/catalog.ts';
import type { Row } from '../store/row.ts';
import { asNumber } from '../value/arithmetic.ts';
import { streamUnderOrder } from '../value/text-order.ts';
import {
  CommandTally,
  checkCount,
  NONE,
  ONE,
  type Result,
  result,
  runBatch,
  type Statement,
} from './batch.ts';
import {
  type Command,
  type Context,
  collectionName,
  docsOption,
  flagOption,
  prepareCollection,
  refuseUnknownOptions,
  reply,
} from './context.ts';
import { explainDelete, explainUpdate } from './explain-writes.ts';
import { environmentOf, filterOption } from './let-option.ts';
import { work } from './long-write.ts';
import { orderOf } from './order-of-strings.ts';
import { changed, insertable, readUpdate, type Update, upsert } from './update-statement.ts';
import { refuseInvalid } from './validation.ts';

/** Inserts one document. */
export function insertStatement(context: Context, name: string, source: Doc): Statement {
  return (target) => {
    const made = insertable(source);
    const run = (): Result => {
      const collection = target.ensureCollection(context.db, name);
      refuseInvalid(context, collection, null, made);
      target.insert(collection, made);
      return ONE;
    };
    try {
      return run();
    } catch (error) {
      if (!(error instanceof LockWait)) throw error;
      return waiting(run, error.owner);
    }
  };
}

async function insert(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const documents = docsOption(context.body, 'documents');
  checkCount(documents);
  await prepareCollection(context, name);
  const statements = documents.map((source) => insertStatement(context, name, source));
  return work(context, (writing) => runBatch({ context, ...writing }, statements, new CommandTally(false)));
}

const UNMATCHED = result(0, 0);
const MATCHED = result(1, 0);
const MODIFIED = result(1, 1);

function* updateMatches(
  context: Context,
  target: WriteTarget,
  collection: Collection,
  update: Update,
  pace: Pace,
): Work<Result> {
  const { filter, sort, hint } = update;
  let [n, nModified] = [0, 0];
  const change = (row: Row): void => {
    const after = changed(row, update);
    if (after) {
      refuseInvalid(context, collection, row.doc, after);
      target.replace(collection, row, after);
    }
    n++;
    if (after) nModified++;
  };
  if (update.isMulti) yield* changeAll(target, { collection, filter, hint }, pace, change);
  else yield* changeFirst(target, { collection, filter, sort, hint }, pace, change);
  if (n > 1) return result(n, nModified);
  return n === 0 ? UNMATCHED : nModified === 0 ? MATCHED : MODIFIED;
}

function refuseRetryable(context: Context, what: string): void {
  if (context.retry) throw new DatabaseError(72, `Cannot use (or request) retryable writes with ${what}`);
}

/** A statement under its own collation, or that of the collection. */
function* collated(context: Context, name: string, source: Doc, statement: Work<Result>): Work<Result> {
  const order = orderOf(source, context.engine.storage.catalog.find(context.db, name));
  return yield* streamUnderOrder(order, statement);
}

function* runUpdate(
  context: Context,
  name: string,
  source: Doc,
  target: WriteTarget,
  pace: Pace,
): Work<Result> {
  const update = readUpdate(source, environmentOf(context.body));
  if (update.isMulti) refuseRetryable(context, 'multi=true');
  for (;;) {
    const collection = context.engine.storage.catalog.find(context.db, name);
    // Without a collection nothing matches, but a bad filter is refused all the same.
    if (!collection) compileFilter(update.filter);
    const done = collection ? yield* updateMatches(context, target, collection, update, pace) : UNMATCHED;
    if (done !== UNMATCHED || !update.isUpsert) return done;
    try {
      const place = target.ensureCollection(context.db, name);
      const made = upsert(target, place, update, (each) => refuseInvalid(context, place, null, each));
      return reply({ n: int(1), nModified: int(0), upserted: made.get('_id') ?? null });
    } catch (error) {
      if (!(error instanceof LockWait)) throw error;
      // Whoever holds the key may leave a document that matches.
      yield error.owner;
    }
  }
}

/** One entry of `updates`. Running it throws as `readUpdate`, and 72 for a retryable one of many documents. */
export function updateStatement(context: Context, name: string, source: Doc): Statement {
  return (target, pace) => collated(context, name, source, runUpdate(context, name, source, target, pace));
}

async function update(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const updates = docsOption(context.body, 'updates');
  checkCount(updates);
  if (updates.some((each) => flagOption(each, 'upsert'))) await prepareCollection(context, name);
  const statements = updates.map((source) => updateStatement(context, name, source));
  return work(context, (writing) => runBatch({ context, ...writing }, statements, new CommandTally(true)));
}

function* runDelete(
  context: Context,
  name: string,
  source: Doc,
  target: WriteTarget,
  pace: Pace,
): Work<Result> {
  refuseUnknownOptions('a delete statement', source, ['q', 'limit', 'hint', 'collation']);
  const limit = asNumber(source.get('limit'));
  if (limit !== 0 && limit !== 1) {
    throw new DatabaseError(9, 'The limit field in delete objects must be 0 or 1');
  }
  if (limit === 0) refuseRetryable(context, 'limit=0');
  const filter = filterOption(source, 'q', environmentOf(context.body));
  const collection = context.engine.storage.catalog.find(context.db, name);
  if (!collection) {
    compileFilter(filter);
    return NONE;
  }
  const search = { collection, filter, hint: source.get('hint') };
  let n = 0;
  const change = (row: Row): void => {
    target.remove(collection, row);
    n++;
  };
  if (limit === 0) yield* changeAll(target, search, pace, change);
  else yield* changeFirst(target, search, pace, change);
  return n === 0 ? NONE : n === 1 ? ONE : result(n);
}

/** One entry of `deletes`. Running it throws 9, and 72 for a retryable one of many documents. */
export function deleteStatement(context: Context, name: string, source: Doc): Statement {
  return (target, pace) => collated(context, name, source, runDelete(context, name, source, target, pace));
}

function remove(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const deletes = docsOption(context.body, 'deletes');
  checkCount(deletes);
  const statements = deletes.map((source) => deleteStatement(context, name, source));
  return work(context, (writing) => runBatch({ context, ...writing }, statements, new CommandTally(false)));
}

const BATCH = ['ordered', 'bypassDocumentValidation', 'stmtId', 'stmtIds'];

/** Commands that write. */
export const WRITE_COMMANDS: Readonly<Record<string, Command>> = {
  insert: { run: insert, inTransaction: true, options: ['insert', 'documents', ...BATCH] },
  update: {
    run: update,
    explain: explainUpdate,
    inTransaction: true,
    options: ['update', 'updates', 'let', ...BATCH],
  },
  delete: {
    run: remove,
    explain: explainDelete,
    inTransaction: true,
    options: ['delete', 'deletes', 'let', ...BATCH],
  },
};
