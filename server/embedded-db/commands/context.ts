// What every command gets: the request, the session, and the ways to read and write.

import type { Login } from '../access/login.ts';
import { truthy } from '../aggregate/truth.ts';
import { type Doc, int, isDoc, type Outgoing, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import type { Cursors } from '../engine/cursors.ts';
import type { Deadline } from '../engine/deadline.ts';
import type { IndexBuild } from '../engine/index-build.ts';
import type { Leftovers } from '../engine/leftovers.ts';
import type { Operations } from '../engine/operations.ts';
import { type Reply, type RetryKey, storedReply, storeReply } from '../engine/retry-log.ts';
import type { Session, Sessions } from '../engine/sessions.ts';
import type { Storage } from '../engine/storage.ts';
import type { Transaction } from '../engine/transaction.ts';
import type { Pace } from '../engine/work.ts';
import type { View, WriteTarget } from '../engine/write-target.ts';
import type { Writer } from '../engine/writer.ts';
import type { Explainable } from '../explain/explainable.ts';
import { asNumber } from '../value/arithmetic.ts';
import { type TextOrder, underOrder } from '../value/text-order.ts';
import { typeName } from '../value/type-order.ts';
import type { FailPoints } from './fail-points.ts';

/** The parts of a running engine. */
export interface Engine {
  readonly storage: Storage;
  readonly writer: Writer;
  readonly sessions: Sessions;
  readonly cursors: Cursors;
  /** The newest committed state. */
  readonly latest: View;
  readonly operations: Operations;
  /** Counted by whoever listens. */
  readonly connections: { open: number; created: number };
  /** Null unless the database was started for tests. */
  readonly failPoints: FailPoints | null;
  /** `performance.now()` at the start. */
  readonly startedAt: number;
  /** Removes what dropped collections and indexes left, in the background. */
  readonly leftovers: Leftovers;
  /** Indexes on their way. */
  readonly builds: Set<IndexBuild>;
  /** A clock for the slices of long work that no group commit runs. */
  newPace(): Pace;
}

/** The connection a request came from. */
export interface Client {
  readonly id: number;
  /** The server's side: `host:port` or a socket's path. */
  readonly address: string;
  /** The client's side. */
  readonly peer: string;
  /** What the client calls itself; '' when it does not say. */
  appName: string;
  readonly login: Login;
}

/** One request while it runs. */
export interface Context {
  readonly engine: Engine;
  readonly name: string;
  readonly db: string;
  readonly body: Doc;
  readonly connection: Client;
  readonly session: Session | null;
  readonly transaction: Transaction | null;
  /** Set for a retryable write outside a transaction. */
  readonly retry: RetryKey | null;
  /** Of the strings while the command runs; null for that of bytes. */
  readonly order: TextOrder | null;
  readonly deadline: Deadline;
}

/** Answers one command; `ok` is added by the caller. */
export type Handler = (context: Context) => Promise<Reply> | Reply;

/** A command: what it does, the options it takes, and where it may be used. */
export interface Command {
  readonly run: Handler;
  /** What explain is told; missing for commands it cannot be asked about. */
  readonly explain?: (context: Context) => Explainable;
  /** 'any' where all other fields mean something. */
  readonly options: readonly string[] | 'any';
  readonly inTransaction?: boolean;
  /** True when only the database `admin` answers it. */
  readonly adminOnly?: boolean;
}

/** A reply from an object literal; undefined fields are left out. */
export function reply(fields: Record<string, Outgoing | undefined>): Reply {
  const out: Reply = new Map();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) out.set(name, value);
  return out;
}

/** The state this request reads. */
export function viewOf(context: Context): View {
  return context.transaction ?? context.engine.latest;
}

/** Runs a write: in the open transaction at once, else in the next durable group. A repeated retryable
 *  write is not run again; its stored reply is the answer. */
export function write(context: Context, run: (target: WriteTarget) => Reply): Promise<Reply> | Reply {
  if (context.transaction) return run(context.transaction);
  const { retry, order } = context;
  const { storage, writer } = context.engine;
  return writer.write((target) => {
    const known = retry && storedReply(storage, retry);
    if (known) return known;
    const answer = underOrder(order, () => run(target));
    if (retry) storeReply(storage, retry, answer);
    return answer;
  });
}

/** Inside a transaction a missing collection is made beforehand, as its own durable write. */
export async function prepareCollection(context: Context, name: string): Promise<void> {
  if (!context.transaction || context.engine.storage.catalog.find(context.db, name)) return;
  await context.engine.writer.write((target) => target.ensureCollection(context.db, name));
}

/** The collection named by the command's own field.
 *  @throws 73 InvalidNamespace when it is no text */
export function collectionName(context: Context): string {
  const name = context.body.get(context.name);
  if (typeof name !== 'string' || name === '') {
    throw new DatabaseError(
      73,
      `collection name has invalid type ${name === undefined ? 'missing' : typeName(name)}`,
    );
  }
  return name;
}

function wrongType(name: string, value: Value, expected: string): DatabaseError {
  return new DatabaseError(
    14,
    `BSON field '${name}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
  );
}

/** A document option; an empty document when it is missing or null. */
export function docOption(body: Doc, name: string): Doc {
  const value = body.get(name);
  if (value === undefined || value === null) return new Map();
  if (!isDoc(value)) throw wrongType(name, value, 'object');
  return value;
}

/** An array of documents; [] when it is missing. */
export function docsOption(body: Doc, name: string): Doc[] {
  const value = body.get(name);
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isDoc)) throw wrongType(name, value, 'array');
  return value as Doc[];
}

/** A whole, non-negative number; null when it is missing. */
export function countOption(body: Doc, name: string): number | null {
  const value = body.get(name);
  if (value === undefined || value === null) return null;
  const number = asNumber(value);
  if (number === null) throw wrongType(name, value, 'long');
  if (number < 0)
    throw new DatabaseError(2, `BSON field '${name}' value must be >= 0, actual value '${number}'`);
  return Math.trunc(number);
}

/** True when the option is given and not false or zero. */
export function flagOption(body: Doc, name: string): boolean {
  return truthy(body.get(name));
}

const GENERIC: ReadonlySet<string> = new Set([
  ...['$db', 'lsid', '$clusterTime', 'txnNumber', 'startTransaction', 'autocommit', '$readPreference'],
  ...[
    'readConcern',
    'writeConcern',
    'maxTimeMS',
    'comment',
    'apiVersion',
    'apiStrict',
    'apiDeprecationErrors',
  ],
]);

function isHarmless(name: string, value: Value): boolean {
  if (name === 'collation') return isDoc(value) && (value.size === 0 || value.get('locale') === 'simple');
  if (name === 'let') return isDoc(value) && value.size === 0;
  return value === null || value === false || value === undefined;
}

/** Refuses options outside the list instead of ignoring them; switched-off ones pass.
 *  @throws 115 CommandNotSupported */
export function refuseUnknownOptions(what: string, body: Doc, accepted: readonly string[]): void {
  for (const [name, value] of body) {
    if (GENERIC.has(name) || accepted.includes(name) || isHarmless(name, value)) continue;
    throw notSupported(`the option '${name}' of ${what}`);
  }
}

/** `ok: 1` replies about nothing else. */
export function done(): Reply {
  return reply({});
}

/** A count as the server types it. */
export function countValue(value: number): Outgoing {
  return value <= 2147483647 ? int(value) : BigInt(value);
}
