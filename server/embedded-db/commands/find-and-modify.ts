// findAndModify: one document found, changed and returned in one step.

import { type Doc, int } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Reply } from '../engine/retry-log.ts';
import { selectAll } from '../engine/select.ts';
import type { WriteTarget } from '../engine/write-target.ts';
import { compileProjection } from '../query/projection.ts';
import { valueSort } from '../query/sort.ts';
import type { Row } from '../store/row.ts';
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
  write,
} from './context.ts';
import { changed, upsert } from './update-statement.ts';

interface Request {
  readonly filter: Doc;
  readonly sort: ReturnType<typeof valueSort>;
  readonly isRemove: boolean;
  readonly isNew: boolean;
  readonly isUpsert: boolean;
  readonly show: (source: Doc) => Doc;
}

function readRequest(body: Doc): Request {
  const filter = docOption(body, 'query');
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
  const project = compileProjection(docOption(body, 'fields'));
  return {
    filter,
    sort: valueSort(docOption(body, 'sort')),
    isRemove,
    isNew,
    isUpsert,
    show: (source) => (project ? project(source, (path) => matchedElement(source, filter, path)) : source),
  };
}

function modify(context: Context, target: WriteTarget, request: Request, name: string): Reply {
  const { body } = context;
  const { filter, sort, isUpsert } = request;
  const plan = compileUpdate(body.get('update'));
  const positions = { filter, arrayFilters: compileArrayFilters(docsOption(body, 'arrayFilters')) };
  const hint = body.get('hint');
  const known = context.engine.storage.catalog.find(context.db, name);
  const row = selectAll(target, { collection: known, filter, sort, hint, limit: 1 })[0];
  if (row && known) {
    const after = changed(row, { plan, positions });
    if (after) target.replace(known, row, after);
    return reply({
      lastErrorObject: reply({ n: int(1), updatedExisting: true }),
      value: request.show(request.isNew ? (after ?? row.doc) : row.doc),
    });
  }
  if (!isUpsert) return nothing(false);
  const collection = known ?? target.ensureCollection(context.db, name);
  const made = upsert(target, collection, { filter, plan, positions, isUpsert, sort, hint });
  return reply({
    lastErrorObject: reply({ n: int(1), updatedExisting: false, upserted: made.get('_id') ?? null }),
    value: request.isNew ? request.show(made) : null,
  });
}

function nothing(isRemove: boolean): Reply {
  const last = isRemove ? reply({ n: int(0) }) : reply({ n: int(0), updatedExisting: false });
  return reply({ lastErrorObject: last, value: null });
}

function removeOne(context: Context, target: WriteTarget, request: Request, name: string): Reply {
  const collection = context.engine.storage.catalog.find(context.db, name);
  const { filter, sort } = request;
  const found: Row | undefined = selectAll(target, {
    collection,
    filter,
    sort,
    hint: context.body.get('hint'),
    limit: 1,
  })[0];
  if (!found || !collection) return nothing(true);
  target.remove(collection, found);
  return reply({ lastErrorObject: reply({ n: int(1) }), value: request.show(found.doc) });
}

async function findAndModify(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const request = readRequest(context.body);
  if (request.isUpsert) await prepareCollection(context, name);
  return write(context, (target) =>
    request.isRemove ? removeOne(context, target, request, name) : modify(context, target, request, name),
  );
}

const OPTIONS = [
  ...[
    'findAndModify',
    'findandmodify',
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'arrayFilters',
  ],
  ...['hint', 'bypassDocumentValidation'],
];

/** The command under both of its spellings. */
export const FIND_AND_MODIFY: Readonly<Record<string, Command>> = {
  findAndModify: { run: findAndModify, inTransaction: true, options: OPTIONS },
  findandmodify: { run: findAndModify, inTransaction: true, options: OPTIONS },
};
