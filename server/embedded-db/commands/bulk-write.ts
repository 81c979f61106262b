// bulkWrite: inserts, updates and deletes in several collections by one command, its results read by a cursor.
import { encodeDoc } from '../bson/encode.ts';
import { type Doc, int, isDoc, type Outgoing, RawDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { nextBatch, type Source } from '../engine/cursors.ts';
import type { Reply } from '../engine/retry-log.ts';
import type { Stream } from '../store/row.ts';
import { asNumber } from '../value/arithmetic.ts';
import { checkCount, type Result, runBatch, type Statement, type Tally } from './batch.ts';
import {
  type Command,
  type Context,
  countOption,
  docOption,
  docsOption,
  flagOption,
  prepareCollection,
  refuseUnknownOptions,
  reply,
} from './context.ts';
import { work } from './long-write.ts';
import { deleteStatement, insertStatement, updateStatement } from './write.ts';

type Kind = 'insert' | 'update' | 'delete';

/** One entry of `ops` with the collection it names. */
interface Operation {
  readonly kind: Kind;
  readonly db: string;
  readonly name: string;
  readonly source: Doc;
}

/** Fields of an entry and how the statement of the plain command calls them. */
const UPDATE_FIELDS: Readonly<Record<string, string>> = {
  filter: 'q',
  updateMods: 'u',
  multi: 'multi',
  upsert: 'upsert',
  arrayFilters: 'arrayFilters',
  hint: 'hint',
  sort: 'sort',
  collation: 'collation',
};
const DELETE_FIELDS: Readonly<Record<string, string>> = { filter: 'q', hint: 'hint', collation: 'collation' };

function kindOf(source: Doc): Kind {
  const kind = source.keys().next().value;
  if (kind === 'insert' || kind === 'update' || kind === 'delete') return kind;
  throw new DatabaseError(40415, `BSON field 'bulkWrite.ops.${kind ?? ''}' is an unknown field.`);
}

/** The namespaces of `nsInfo`.
 *  @throws 73 InvalidNamespace */
function namespaces(body: Doc): { db: string; name: string }[] {
  return docsOption(body, 'nsInfo').map((info) => {
    refuseUnknownOptions('an entry of nsInfo', info, ['ns']);
    const ns = info.get('ns');
    const at = typeof ns === 'string' ? ns.indexOf('.') : -1;
    if (typeof ns !== 'string' || at < 1 || at === ns.length - 1) {
      throw new DatabaseError(73, `Invalid namespace specified '${String(ns)}'`);
    }
    return { db: ns.slice(0, at), name: ns.slice(at + 1) };
  });
}

function readOperations(body: Doc): Operation[] {
  const known = namespaces(body);
  return docsOption(body, 'ops').map((source, i) => {
    const kind = kindOf(source);
    const place = known[asNumber(source.get(kind)) ?? -1];
    if (!place) throw new DatabaseError(2, `BulkWrite ops entry ${i} has an invalid nsInfo index.`);
    return { kind, ...place, source };
  });
}

/** An entry as the statement of the plain command.
 *  @throws 115 for fields that are not known */
function translated({ kind, source }: Operation, fields: Readonly<Record<string, string>>): Doc {
  refuseUnknownOptions(`an operation of bulkWrite`, source, [kind, 'multi', ...Object.keys(fields)]);
  const out: Doc = new Map();
  for (const [from, to] of Object.entries(fields)) {
    const value = source.get(from);
    if (value !== undefined) out.set(to, value);
  }
  return out;
}

function statementOf(whole: Context, operation: Operation): Statement {
  const { kind, name, source } = operation;
  const context = { ...whole, db: operation.db };
  if (kind === 'insert') {
    refuseUnknownOptions(`an operation of bulkWrite`, source, ['insert', 'document']);
    return insertStatement(context, name, docOption(source, 'document'));
  }
  if (kind === 'update') return updateStatement(context, name, translated(operation, UPDATE_FIELDS));
  const limit = int(flagOption(source, 'multi') ? 0 : 1);
  return deleteStatement(context, name, translated(operation, DELETE_FIELDS).set('limit', limit));
}

/** Sums, and one document an operation. */
class BulkTally implements Tally {
  readonly #operations: readonly Operation[];
  readonly #isErrorsOnly: boolean;
  readonly #results: Outgoing[] = [];
  readonly #sums = { nErrors: 0, nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };

  constructor(operations: readonly Operation[], isErrorsOnly: boolean) {
    this.#operations = operations;
    this.#isErrorsOnly = isErrorsOnly;
  }

  add(at: number, done: Result): void {
    const [n, nModified] = [numberOf(done, 'n'), numberOf(done, 'nModified')];
    const id = done.get('upserted');
    const kind = this.#operations[at]?.kind;
    if (kind === 'insert') this.#sums.nInserted += n;
    else if (kind === 'delete') this.#sums.nDeleted += n;
    else if (id !== undefined) this.#sums.nUpserted++;
    else this.#sums.nMatched += n;
    this.#sums.nModified += nModified;
    if (this.#isErrorsOnly) return;
    this.#results.push(
      reply({
        ok: 1,
        idx: int(at),
        n: int(n),
        nModified: kind === 'update' ? int(nModified) : undefined,
        upserted: id === undefined ? undefined : reply({ _id: id }),
      }),
    );
  }

  fail(at: number, error: DatabaseError): void {
    this.#sums.nErrors++;
    const isUpdate = this.#operations[at]?.kind === 'update';
    const out = reply({
      ok: 0,
      idx: int(at),
      code: int(error.code),
      errmsg: error.message,
      n: int(0),
      nModified: isUpdate ? int(0) : undefined,
    });
    for (const [name, value] of error.fields ?? []) out.set(name, value as Outgoing);
    this.#results.push(out);
  }

  answer(retriedStmtIds: Outgoing[] | undefined): Reply {
    const sums = Object.entries(this.#sums).map(([name, n]): [string, Outgoing] => [name, int(n)]);
    return new Map([...reply({ results: this.#results, retriedStmtIds }), ...sums]);
  }
}

function numberOf(done: Result, name: string): number {
  return asNumber((done.get(name) ?? null) as Value) ?? 0;
}

function* encoded(results: readonly Outgoing[]): Stream<Buffer> {
  for (const each of results) if (isDoc(each)) yield encodeDoc(each);
}

async function bulkWrite(context: Context): Promise<Reply> {
  const { body, transaction, session, engine } = context;
  const operations = readOperations(body);
  checkCount(operations);
  const statements = operations.map((each) => statementOf(context, each));
  for (const { kind, db, name, source } of transaction ? operations : []) {
    if (kind === 'insert' || flagOption(source, 'upsert')) await prepareCollection({ ...context, db }, name);
  }
  const isErrorsOnly = flagOption(body, 'errorsOnly');
  const out = await work(context, (writing) =>
    runBatch({ context, ...writing }, statements, new BulkTally(operations, isErrorsOnly)),
  );
  const results = out.get('results');
  out.delete('results');
  const source: Source = { stream: encoded(Array.isArray(results) ? results : []), held: null };
  const size = countOption(docOption(body, 'cursor'), 'batchSize') ?? Number.POSITIVE_INFINITY;
  const batch = await nextBatch(source, size, context.deadline);
  const ns = 'admin.$cmd.bulkWrite';
  const owner = { transaction, session, isPatient: false };
  const id = batch.isDone ? 0n : engine.cursors.keep(source, ns, owner);
  const firstBatch = batch.documents.map((each) => new RawDoc(each));
  return new Map([...reply({ cursor: reply({ id, firstBatch, ns }) }), ...out]);
}

/** The bulkWrite command of MongoDB 8.0. */
export const BULK_WRITE: Readonly<Record<string, Command>> = {
  bulkWrite: {
    run: bulkWrite,
    inTransaction: true,
    adminOnly: true,
    options: [
      ...['bulkWrite', 'ops', 'nsInfo', 'ordered', 'errorsOnly', 'cursor', 'bypassDocumentValidation'],
      ...['stmtId', 'stmtIds'],
    ],
  },
};
