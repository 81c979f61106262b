// findAndModify: one document found, changed and returned in one step.

import { type Doc, int } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { changeFirst } from '../engine/change.ts';
import { LockWait } from '../engine/locks.ts';
import type { Reply } from '../engine/retry-log.ts';
import type { Work } from '../engine/work.ts';
import { compileFilter } from '../query/filter.ts';
import { compileProjection } from '../query/projection.ts';
import { valueSort } from '../query/sort.ts';
import { compileArrayFilters, matchedElement } from '../update/positions.ts';
import { compileUpdate } from '../update/update-plan.ts';
import {
  type Command,
  type Context,
  collectionName,
  docOption,
  docsOption,
  flagOption,
  prepareCollection,
  reply,
} from './context.ts';
import { explainFindAndModify } from './explain-writes.ts';
import { environmentOf, filterOption } from './let-option.ts';
import { type Writing, work } from './long-write.ts';
import { changed, upsert } from './update-statement.ts';
import { refuseInvalid } from './validation.ts';

interface Request {
  readonly filter: Doc;
  readonly sort: ReturnType<typeof valueSort>;
  readonly isRemove: boolean;
  readonly isNew: boolean;
  readonly isUpsert: boolean;
  readonly show: (source: Doc) => Doc;
}

/** A request on its way, with what it works on. */
interface Asked extends Writing {
  readonly context: Context;
  readonly request: Request;
  readonly name: string;
}

function readRequest(body: Doc): Request {
  const environment = environmentOf(body);
  const filter = filterOption(body, 'query', environment);
  const isRemove = flagOption(body, 'remove');
  const [isNew, isUpsert] = [flagOption(body, 'new'), flagOption(body, 'upsert')];
  if (isRemove && body.has('update'))
    throw new DatabaseError(9, 'Cannot specify both an update and remove=true');
  if (!isRemove && !body.has('update'))
    throw new DatabaseError(9, 'Either an update or remove=true must be specified');
  if (isRemove && isNew) {
    throw new DatabaseError(
      9,
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  }
  if (isRemove && isUpsert) throw new DatabaseError(9, 'Cannot specify both upsert=true and remove=true');
  const project = compileProjection(docOption(body, 'fields'), environment);
  return {
    filter,
    sort: valueSort(docOption(body, 'sort')),
    isRemove,
    isNew,
    isUpsert,
    show: (source) => (project ? project(source, (path) => matchedElement(source, filter, path)) : source),
  };
}

function* modify({ context, target, pace, request, name }: Asked): Work<Reply> {
  const { body } = context;
  const { filter, sort, isUpsert, isNew, show } = request;
  const arrayFilters = compileArrayFilters(docsOption(body, 'arrayFilters'));
  const plan = compileUpdate(body.get('update'), arrayFilters, environmentOf(body));
  const positions = { filter, arrayFilters };
  const hint = body.get('hint');
  for (;;) {
    const known = context.engine.storage.catalog.find(context.db, name);
    let answer: Reply | null = null;
    if (known) {
      yield* changeFirst(target, { collection: known, filter, sort, hint }, pace, (row) => {
        const after = changed(row, { plan, positions }, 'findAndModify');
        const shown = show(isNew ? (after ?? row.doc) : row.doc);
        if (after) {
          refuseInvalid(context, known, row.doc, after);
          target.replace(known, row, after);
        }
        answer = reply({ lastErrorObject: reply({ n: int(1), updatedExisting: true }), value: shown });
      });
    }
    if (answer || !isUpsert) return answer ?? nothing(false);
    try {
      const collection = target.ensureCollection(context.db, name);
      const asked = { filter, plan, positions, isUpsert, sort, hint };
      const made = upsert(target, collection, asked, (each) =>
        refuseInvalid(context, collection, null, each),
      );
      return reply({
        lastErrorObject: reply({ n: int(1), updatedExisting: false, upserted: made.get('_id') ?? null }),
        value: isNew ? show(made) : null,
      });
    } catch (error) {
      if (!(error instanceof LockWait)) throw error;
      yield error.owner;
    }
  }
}

function nothing(isRemove: boolean): Reply {
  const last = isRemove ? reply({ n: int(0) }) : reply({ n: int(0), updatedExisting: false });
  return reply({ lastErrorObject: last, value: null });
}

function* removeOne({ context, target, pace, request, name }: Asked): Work<Reply> {
  const collection = context.engine.storage.catalog.find(context.db, name);
  if (!collection) {
    compileFilter(request.filter);
    return nothing(true);
  }
  const { filter, sort } = request;
  const search = { collection, filter, sort, hint: context.body.get('hint') };
  let value: Doc | null = null;
  yield* changeFirst(target, search, pace, (row) => {
    value = request.show(row.doc);
    target.remove(collection, row);
  });
  return value ? reply({ lastErrorObject: reply({ n: int(1) }), value }) : nothing(true);
}

/** The command is its own only statement. */
const STATEMENT = 0;

function* findAndModifyWork(asked: Asked): Work<Reply> {
  const known = asked.log?.resultOf(STATEMENT);
  if (known) return new Map([...known, ['retriedStmtId', int(STATEMENT)]]);
  const answer = yield* asked.request.isRemove ? removeOne(asked) : modify(asked);
  asked.log?.note(STATEMENT, new Map(answer));
  return answer;
}

async function findAndModify(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const request = readRequest(context.body);
  if (request.isUpsert) await prepareCollection(context, name);
  return work(context, (writing) => findAndModifyWork({ ...writing, context, request, name }));
}

const OPTIONS = [
  ...[
    'findAndModify',
    'findandmodify',
    'query',
    'let',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'arrayFilters',
  ],
  ...['hint', 'bypassDocumentValidation', 'collation'],
];

/** The command under both of its spellings. */
export const FIND_AND_MODIFY: Readonly<Record<string, Command>> = {
  findAndModify: { run: findAndModify, explain: explainFindAndModify, inTransaction: true, options: OPTIONS },
  findandmodify: { run: findAndModify, explain: explainFindAndModify, inTransaction: true, options: OPTIONS },
};
