// The statements of one write command: their results, errors and places, run in pieces.
import { int, type Outgoing, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Reply, StatementLog } from '../engine/retry-log.ts';
import type { Pace, Work } from '../engine/work.ts';
import type { WriteTarget } from '../engine/write-target.ts';
import { asNumber } from '../value/arithmetic.ts';
import { type Context, countValue, reply } from './context.ts';

/** Statements of one command, as the server announces in hello. */
const MAX_STATEMENTS = 100_000;

/** What one statement did: `n`, and for updates `nModified` and the `_id` of an upsert.
 *  Equal results should be the same object. */
export type Result = Reply;

/** One statement; it gives its result or throws, at once or as work that may be cut. */
export type Statement = (target: WriteTarget, pace: Pace) => Result | Work<Result>;

/** A result that many statements share. */
export function result(n: number, nModified?: number): Result {
  return reply({ n: countValue(n), nModified: nModified === undefined ? undefined : countValue(nModified) });
}

/** One document inserted or removed, or nothing. */
export const ONE = result(1);
export const NONE = result(0);

function writeError(at: number, error: DatabaseError): Reply {
  const out = reply({ index: int(at), code: int(error.code), errmsg: error.message });
  for (const [name, value] of error.fields ?? []) out.set(name, value as Outgoing);
  return out;
}

/** @throws 16 InvalidLength outside 1 to 100,000 statements */
export function checkCount(statements: readonly unknown[]): void {
  if (statements.length === 0 || statements.length > MAX_STATEMENTS) {
    throw new DatabaseError(
      16,
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${statements.length} operations.`,
    );
  }
}

/** Numbers that the records of a retryable command are kept under: given ones, or places in the command. */
function statementIds(context: Context, count: number): (at: number) => number {
  const given = context.body.get('stmtIds');
  if (given === undefined) {
    const first = asNumber(context.body.get('stmtId') ?? null) ?? 0;
    return (at) => first + at;
  }
  if (!Array.isArray(given) || given.length !== count) {
    throw new DatabaseError(
      72,
      `The number of statement ids must match the number of statements. Got ${Array.isArray(given) ? given.length : 0} statement ids but ${count} operations.`,
    );
  }
  return (at) => asNumber(given[at] as Value) ?? at;
}

/** Collects what the statements of one command did. */
export interface Tally {
  /** A statement's result. */
  add(at: number, done: Result): void;
  /** A statement's error. */
  fail(at: number, error: DatabaseError): void;
  /** The reply; `retried` are the numbers of statements that ran before, undefined for none. */
  answer(retried: Outgoing[] | undefined): Reply;
}

/** The reply of insert, update and delete. */
export class CommandTally implements Tally {
  readonly #hasModified: boolean;
  n = 0;
  nModified = 0;
  readonly upserted: Outgoing[] = [];
  readonly errors: Reply[] = [];

  /** @param hasModified - true for updates */
  constructor(hasModified: boolean) {
    this.#hasModified = hasModified;
  }

  add(at: number, done: Result): void {
    this.n += asNumber(done.get('n') as Value) ?? 0;
    this.nModified += asNumber((done.get('nModified') ?? null) as Value) ?? 0;
    const id = done.get('upserted');
    if (id !== undefined) this.upserted.push(reply({ index: int(at), _id: id }));
  }

  fail(at: number, error: DatabaseError): void {
    this.errors.push(writeError(at, error));
  }

  answer(retriedStmtIds: Outgoing[] | undefined): Reply {
    return reply({
      n: int(this.n),
      nModified: this.#hasModified ? int(this.nModified) : undefined,
      upserted: some(this.upserted),
      writeErrors: some(this.errors),
      retriedStmtIds,
    });
  }
}

function some(list: readonly Outgoing[]): Outgoing[] | undefined {
  return list.length > 0 ? [...list] : undefined;
}

/** A batch that runs as work of a write command. */
export interface Batch {
  readonly context: Context;
  readonly target: WriteTarget;
  readonly pace: Pace;
  readonly log: StatementLog | null;
}

/** Runs statements in their order; an ordered command stops at its first error, in a transaction every error
 *  ends it. Of a statement that fails half-way nothing is counted, as on the server. */
export function* runBatch(
  { context, target, pace, log }: Batch,
  statements: readonly Statement[],
  tally: Tally,
): Work<Reply> {
  const retried: Outgoing[] = [];
  const idOf = statementIds(context, statements.length);
  const stopsAtError = context.body.get('ordered') !== false || context.transaction !== null;
  for (const [at, statement] of statements.entries()) {
    const known = log?.resultOf(idOf(at));
    if (known) {
      tally.add(at, known);
      retried.push(int(idOf(at)));
      continue;
    }
    try {
      const step = statement(target, pace);
      const done = step instanceof Map ? step : yield* step;
      tally.add(at, done);
      log?.note(idOf(at), done);
    } catch (error) {
      tally.fail(at, refusal(error));
      endTransaction(context);
      if (stopsAtError) break;
    }
    if (pace.isOver && at + 1 < statements.length) yield null;
  }
  return tally.answer(some(retried));
}

/** Errors of one statement; others fail the whole command. */
function refusal(error: unknown): DatabaseError {
  const isWhole = !(error instanceof DatabaseError) || error.labels.length > 0 || WHOLE.has(error.code);
  if (isWhole) throw error;
  return error;
}

/** Interruptions: MaxTimeMSExpired, ShutdownInProgress, Interrupted, a full disk. */
const WHOLE: ReadonlySet<number> = new Set([50, 91, 11601, 14031]);

function endTransaction({ engine, session, transaction }: Context): void {
  if (session && transaction) engine.sessions.abort(session);
}
