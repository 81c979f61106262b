// insert, update, delete.
import { type Doc, int, type Outgoing } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Reply } from '../engine/retry-log.ts';
import { selectAll } from '../engine/select.ts';
import type { WriteTarget } from '../engine/write-target.ts';
import type { Collection } from '../store/catalog.ts';
import { asNumber } from '../value/arithmetic.ts';
import {
  type Command,
  type Context,
  collectionName,
  docOption,
  docsOption,
  flagOption,
  prepareCollection,
  refuseUnknownOptions,
  reply,
  write,
} from './context.ts';
import { changed, insertable, readUpdate, upsert } from './update-statement.ts';

/** Statements of one command, as the server announces in hello. */
const MAX_STATEMENTS = 100_000;

interface Tally {
  n: number;
  nModified: number;
  readonly upserted: Outgoing[];
}

type Statement = (tally: Tally, at: number) => void;

function writeError(at: number, error: DatabaseError): Reply {
  const out = reply({ index: int(at), code: int(error.code), errmsg: error.message });
  for (const [name, value] of error.fields ?? []) out.set(name, value as Outgoing);
  return out;
}

/** Runs the statements; an ordered command stops at its first error. In a transaction every error ends it. */
function runAll(context: Context, statements: readonly Statement[]): { tally: Tally; errors: Reply[] } {
  const tally: Tally = { n: 0, nModified: 0, upserted: [] };
  const errors: Reply[] = [];
  const isOrdered = context.body.get('ordered') !== false;
  for (const [at, statement] of statements.entries()) {
    try {
      statement(tally, at);
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.labels.length > 0) throw error;
      if (context.transaction) context.engine.sessions.abort(context.session ?? unreachable());
      errors.push(writeError(at, error));
      if (isOrdered || context.transaction) break;
    }
  }
  return { tally, errors };
}

function unreachable(): never {
  throw new DatabaseError(1, 'a transaction without a session');
}

function checkCount(statements: readonly unknown[]): void {
  if (statements.length === 0 || statements.length > MAX_STATEMENTS) {
    throw new DatabaseError(
      16,
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${statements.length} operations.`,
    );
  }
}

async function insert(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const documents = docsOption(context.body, 'documents');
  checkCount(documents);
  await prepareCollection(context, name);
  return write(context, (target) => {
    const collection = target.ensureCollection(context.db, name);
    const statements = documents.map(
      (each): Statement =>
        (tally) => {
          target.insert(collection, insertable(each));
          tally.n++;
        },
    );
    const { tally, errors } = runAll(context, statements);
    return reply({ n: int(tally.n), writeErrors: errors.length > 0 ? errors : undefined });
  });
}

function updateStatement(target: WriteTarget, collection: Collection, source: Doc): Statement {
  return (tally, at) => {
    const update = readUpdate(source);
    const { filter, sort, hint } = update;
    const rows = selectAll(target, { collection, filter, sort, hint, limit: update.isMulti ? 0 : 1 });
    for (const row of rows) {
      const after = changed(row, update);
      if (after) {
        target.replace(collection, row, after);
        tally.nModified++;
      }
      tally.n++;
    }
    if (rows.length > 0 || !update.isUpsert) return;
    const made = upsert(target, collection, update);
    tally.n++;
    tally.upserted.push(reply({ index: int(at), _id: made.get('_id') ?? null }));
  };
}

async function update(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const updates = docsOption(context.body, 'updates');
  checkCount(updates);
  await prepareCollection(context, name);
  return write(context, (target) => {
    const known = context.engine.storage.catalog.find(context.db, name);
    const isNeeded = updates.some((each) => flagOption(each, 'upsert'));
    const collection = known ?? (isNeeded ? target.ensureCollection(context.db, name) : null);
    const statements = updates.map(
      (each): Statement =>
        collection ? updateStatement(target, collection, each) : () => void readUpdate(each),
    );
    const { tally, errors } = runAll(context, statements);
    return reply({
      n: int(tally.n),
      nModified: int(tally.nModified),
      upserted: tally.upserted.length > 0 ? tally.upserted : undefined,
      writeErrors: errors.length > 0 ? errors : undefined,
    });
  });
}

function deleteStatement(target: WriteTarget, collection: Collection | undefined, source: Doc): Statement {
  return (tally) => {
    refuseUnknownOptions('a delete statement', source, ['q', 'limit', 'hint']);
    const limit = asNumber(source.get('limit'));
    if (limit !== 0 && limit !== 1) {
      throw new DatabaseError(9, 'The limit field in delete objects must be 0 or 1');
    }
    for (const row of selectAll(target, {
      collection,
      filter: docOption(source, 'q'),
      hint: source.get('hint'),
      limit,
    })) {
      if (collection) target.remove(collection, row);
      tally.n++;
    }
  };
}

function remove(context: Context): Promise<Reply> | Reply {
  const name = collectionName(context);
  const deletes = docsOption(context.body, 'deletes');
  checkCount(deletes);
  return write(context, (target) => {
    const collection = context.engine.storage.catalog.find(context.db, name);
    const { tally, errors } = runAll(
      context,
      deletes.map((each) => deleteStatement(target, collection, each)),
    );
    return reply({ n: int(tally.n), writeErrors: errors.length > 0 ? errors : undefined });
  });
}

/** Commands that write. */
export const WRITE_COMMANDS: Readonly<Record<string, Command>> = {
  insert: {
    run: insert,
    inTransaction: true,
    options: ['insert', 'documents', 'ordered', 'bypassDocumentValidation'],
  },
  update: {
    run: update,
    inTransaction: true,
    options: ['update', 'updates', 'ordered', 'bypassDocumentValidation'],
  },
  delete: { run: remove, inTransaction: true, options: ['delete', 'deletes', 'ordered'] },
};
