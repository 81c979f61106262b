// What one update means: its parts read, its result for a row, its upsert; shared with findAndModify.
import { encodeDoc } from '../bson/encode.ts';
import { type Doc, isDoc, newObjectId, Regex, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { WriteTarget } from '../engine/write-target.ts';
import { type SortField, valueSort } from '../query/sort.ts';
import type { Collection } from '../store/catalog.ts';
import type { Row } from '../store/row.ts';
import { applyUpdate, upsertDocument, withIdFirst } from '../update/apply.ts';
import { compileArrayFilters, type Positions } from '../update/positions.ts';
import { compileUpdate, type UpdatePlan } from '../update/update-plan.ts';
import { docOption, docsOption, flagOption, refuseUnknownOptions } from './context.ts';

/** A document as it will be stored: `_id` made when absent, in front.
 *  @throws 53 InvalidIdField for an array, an expression or undefined */
export function insertable(source: Doc): Doc {
  const id = source.get('_id');
  if (id === undefined) return withIdFirst(source, newObjectId());
  if (Array.isArray(id)) throw new DatabaseError(53, "The '_id' value cannot be of type array");
  if (id instanceof Regex) throw new DatabaseError(53, "The '_id' value cannot be of type regex");
  if (isDoc(id) && [...id.keys()].some((name) => name.startsWith('$'))) {
    throw new DatabaseError(
      52,
      `_id fields may not contain '$'-prefixed fields: ${[...id.keys()][0]} is not valid for storage.`,
    );
  }
  return source.keys().next().value === '_id' ? source : withIdFirst(source, id);
}

/** One update, however it was asked for. */
export interface Update {
  readonly filter: Doc;
  readonly plan: UpdatePlan;
  readonly positions: Positions;
  readonly isMulti: boolean;
  readonly isUpsert: boolean;
  readonly sort: readonly SortField[];
  readonly hint: Value | undefined;
}

/** Reads one entry of `updates`.
 *  @throws 9 FailedToParse, 115 for unknown options */
export function readUpdate(source: Doc): Update {
  refuseUnknownOptions('an update statement', source, [
    'q',
    'u',
    'multi',
    'upsert',
    'arrayFilters',
    'hint',
    'sort',
    'collation',
  ]);
  const filter = docOption(source, 'q');
  const arrayFilters = compileArrayFilters(docsOption(source, 'arrayFilters'));
  const plan = compileUpdate(source.get('u'), arrayFilters);
  const isMulti = flagOption(source, 'multi');
  if (isMulti && plan.kind === 'replacement') {
    throw new DatabaseError(9, 'multi update is not supported for replacement-style update');
  }
  return {
    filter,
    plan,
    positions: { filter, arrayFilters },
    isMulti,
    isUpsert: flagOption(source, 'upsert'),
    sort: valueSort(docOption(source, 'sort')),
    hint: source.get('hint'),
  };
}

/** The changed document, or null when its bytes stay the same. */
export function changed(row: Row, update: Pick<Update, 'plan' | 'positions'>): Doc | null {
  const after = applyUpdate(row.doc, update.plan, update.positions);
  return encodeDoc(after).equals(row.bytes) ? null : after;
}

/** Inserts the document of an upsert and returns it. */
export function upsert(target: WriteTarget, collection: Collection, update: Omit<Update, 'isMulti'>): Doc {
  const made = insertable(upsertDocument(update.filter, update.plan, update.positions));
  target.insert(collection, made);
  return made;
}
