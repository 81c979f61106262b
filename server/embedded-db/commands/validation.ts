// Validators of collections: what a write has to satisfy before it is stored.
import { type Doc, isDoc } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { explainFailure } from '../query/failed-filter.ts';
import { compileFilter, type Filter } from '../query/filter.ts';
import type { Collection } from '../store/catalog.ts';
import { underOrder } from '../value/text-order.ts';
import { type Context, flagOption } from './context.ts';

/** Compiled validators by the options that hold them; those of a collation are compiled for each write. */
const compiled = new WeakMap<Doc, Filter>();

function filterOf(validator: Doc, collection: Collection): Filter {
  const known = compiled.get(validator);
  if (known) return known;
  const made = compileFilter(validator);
  if (!collection.collation) compiled.set(validator, made);
  return made;
}

function failure(validator: Doc, document: Doc): DatabaseError {
  const errInfo: Doc = new Map([
    ['failingDocumentId', document.get('_id') ?? null],
    ['details', explainFailure(validator, document)],
  ]);
  return new DatabaseError(121, 'Document failed validation', { fields: new Map([['errInfo', errInfo]]) });
}

/** Refuses a document its collection's validator does not match.
 *  @param before - what is stored now; null for an insert
 *  @throws 121 DocumentValidationFailure, with what is wrong in `errInfo` */
export function refuseInvalid(
  context: Context,
  collection: Collection,
  before: Doc | null,
  after: Doc,
): void {
  const { options } = collection;
  const validator = options.get('validator');
  if (!isDoc(validator) || validator.size === 0) return;
  if (options.get('validationLevel') === 'off' || options.get('validationAction') === 'warn') return;
  if (flagOption(context.body, 'bypassDocumentValidation')) return;
  underOrder(collection.collation?.exactOrder() ?? null, () => {
    const matches = filterOf(validator, collection);
    if (matches(after)) return;
    // A document that was wrong before may stay wrong.
    if (options.get('validationLevel') === 'moderate' && before && !matches(before)) return;
    throw failure(validator, after);
  });
}
