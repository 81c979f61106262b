// What one update means: its parts read, its result for a row, its upsert; shared with findAndModify.
import { bindInFilter } from '../aggregate/bound-filter.ts';
import { type Environment, withCells } from '../aggregate/scope.ts';
import { encodeDoc, MAX_STORED_LEVELS } from '../bson/encode.ts';
import { type Doc, isDoc, newObjectId, Regex, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { WriteTarget } from '../engine/write-target.ts';
import { type SortField, valueSort } from '../query/sort.ts';
import type { Collection } from '../store/catalog.ts';
import { MAX_DOCUMENT_BYTES } from '../store/documents.ts';
import type { Row } from '../store/row.ts';
import { applyUpdate, upsertDocument, withIdFirst } from '../update/apply.ts';
import { compileArrayFilters, type Positions } from '../update/positions.ts';
import { compileUpdate, type UpdatePlan } from '../update/update-plan.ts';
import { docOption, docsOption, flagOption, refuseUnknownOptions } from './context.ts';
import { constantsOf } from './let-option.ts';

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

/** The constants `c` of a statement, which only pipelines may use.
 *  @throws 51198 for other forms of an update */
function withConstants(source: Doc, environment: Environment): Environment {
  if (!source.has('c')) return environment;
  if (Array.isArray(source.get('u'))) return withCells(environment, constantsOf(source, 'c'));
  throw new DatabaseError(51198, 'Constant values may only be specified for pipeline updates');
}

/** Reads one entry of `updates`.
 *  @param environment - the variables of the command's `let`
 *  @throws 9 FailedToParse, 115 for unknown options */
export function readUpdate(source: Doc, environment: Environment): Update {
  refuseUnknownOptions('an update statement', source, [
    'q',
    'u',
    'multi',
    'upsert',
    'arrayFilters',
    'hint',
    'sort',
    'c',
    'collation',
  ]);
  const filter = bindInFilter(docOption(source, 'q'), environment.variables);
  const arrayFilters = compileArrayFilters(docsOption(source, 'arrayFilters'));
  const plan = compileUpdate(source.get('u'), arrayFilters, withConstants(source, environment));
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

/** What goes wrong with a document, and not with the update itself, is told with the command it happened in. */
function applied(row: Row, { plan, positions }: Pick<Update, 'plan' | 'positions'>, command: string): Doc {
  try {
    return applyUpdate(row.doc, plan, positions);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw error.within(`Plan executor error during ${command}`);
  }
}

/** The changed document, or null when its bytes stay the same.
 *  @param command - the command in whose name a failure is told */
export function changed(
  row: Row,
  update: Pick<Update, 'plan' | 'positions'>,
  command = 'update',
): Doc | null {
  const after = applied(row, update, command);
  const bytes = encodeDoc(after, MAX_STORED_LEVELS);
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    const why = `Resulting document after update is larger than ${MAX_DOCUMENT_BYTES}`;
    throw new DatabaseError(17419, why).within(`Plan executor error during ${command}`);
  }
  return bytes.equals(row.bytes) ? null : after;
}

/** Inserts the document of an upsert and returns it.
 *  @param check - throws for a document the collection does not take */
export function upsert(
  target: WriteTarget,
  collection: Collection,
  update: Omit<Update, 'isMulti'>,
  check: (made: Doc) => void,
): Doc {
  const made = insertable(upsertDocument(update.filter, update.plan, update.positions));
  check(made);
  target.insert(collection, made);
  return made;
}
