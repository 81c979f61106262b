// validate: reads every document and compares every index with what the documents say.
import { int } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { breathe } from '../engine/cursors.ts';
import type { Reply } from '../engine/retry-log.ts';
import type { Collection, Index } from '../store/catalog.ts';
import type { Connection, StoredRow } from '../store/connection.ts';
import { indexKeys } from '../store/index-spec.ts';
import { Row } from '../store/row.ts';
import { type Command, type Context, collectionName, countValue, reply } from './context.ts';

const PIECE = 256;

/** What is checked, as it was at one moment. */
interface Subject {
  readonly collection: Collection;
  readonly indexes: readonly Index[];
  readonly snapshot: Connection;
}

/** What was found, by index name. */
interface Findings {
  records: number;
  readonly corrupt: bigint[];
  readonly missing: string[];
  /** Entries the documents ask for. */
  readonly expected: Map<string, number>;
}

function checkRow({ indexes, snapshot }: Subject, stored: StoredRow, found: Findings): void {
  const look = snapshot.statement('SELECT 1 FROM entry WHERE idx = ? AND key = ? AND rid = ?');
  try {
    const { doc } = new Row(stored);
    for (const index of indexes) {
      const { keys } = indexKeys(index, doc);
      found.expected.set(index.name, (found.expected.get(index.name) ?? 0) + keys.length);
      const isThere = keys.every((key) => look.get(index.id, key.bytes, stored.rid));
      if (!isThere) found.missing.push(`${index.name}: ${stored.rid}`);
    }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    found.corrupt.push(BigInt(stored.rid));
  }
}

async function readAll(context: Context, subject: Subject): Promise<Findings> {
  const found: Findings = { records: 0, corrupt: [], missing: [], expected: new Map() };
  let slice = performance.now();
  for (let after = 0; ; ) {
    const rows = subject.snapshot.documents(subject.collection.id, after, false, PIECE);
    for (const row of rows) checkRow(subject, row, found);
    found.records += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < PIECE) return found;
    after = last.rid;
    slice = await breathe(slice, context.deadline);
  }
}

async function validate(context: Context): Promise<Reply> {
  const name = collectionName(context);
  const collection = context.engine.storage.catalog.find(context.db, name);
  if (!collection) {
    throw new DatabaseError(26, `Collection '${context.db}.${name}' does not exist to validate.`);
  }
  const { storage } = context.engine;
  // Others write meanwhile: all of it has to be of one moment.
  const snapshot = storage.openSnapshot();
  try {
    return await report(context, { collection, indexes: [...collection.indexes], snapshot });
  } finally {
    storage.closeSnapshot(snapshot);
  }
}

async function report(context: Context, subject: Subject): Promise<Reply> {
  const { collection, indexes, snapshot } = subject;
  const found = await readAll(context, subject);
  const count = snapshot.statement('SELECT count(*) AS n FROM entry WHERE idx = ?');
  const keysPerIndex: Reply = new Map();
  const errors: string[] = [];
  for (const index of indexes) {
    const entries = count.get(index.id)?.['n'] as number;
    keysPerIndex.set(index.name, countValue(entries));
    const expected = found.expected.get(index.name) ?? 0;
    if (entries !== expected) errors.push(`index ${index.name} has ${entries} entries for ${expected} keys`);
  }
  errors.push(...found.missing.map((each) => `missing index entry: ${each}`));
  errors.push(...found.corrupt.map((rid) => `record ${rid} cannot be read`));
  return reply({
    ns: collection.namespace,
    nInvalidDocuments: int(found.corrupt.length),
    nNonCompliantDocuments: int(0),
    nrecords: countValue(found.records),
    nIndexes: int(indexes.length),
    keysPerIndex,
    indexDetails: new Map(),
    valid: errors.length === 0,
    repaired: false,
    warnings: [],
    errors,
    extraIndexEntries: [],
    missingIndexEntries: found.missing,
    corruptRecords: found.corrupt,
  });
}

/** The command that checks a collection. */
export const VALIDATE: Readonly<Record<string, Command>> = {
  validate: { run: validate, options: ['validate', 'full', 'metadata', 'checkBSONConformance'] },
};
