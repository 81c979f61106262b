// What create and collMod may say of a collection, as it is kept and listed.
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { compileFilter } from '../query/filter.ts';
import { collationOption } from '../value/collation.ts';
import { typeName } from '../value/type-order.ts';

const LEVELS: readonly Value[] = ['off', 'strict', 'moderate'];
const ACTIONS: readonly Value[] = ['error', 'warn'];

/** Options both commands take. */
export const VALIDATION_OPTIONS: readonly string[] = ['validator', 'validationLevel', 'validationAction'];

/** Options of create. */
export const COLLECTION_OPTIONS: readonly string[] = ['collation', ...VALIDATION_OPTIONS];

function choice(command: string, name: string, value: Value, known: readonly Value[]): void {
  if (known.includes(value)) return;
  throw new DatabaseError(
    2,
    `Enumeration value '${String(value)}' for field '${command}.${name}' is not a valid value.`,
  );
}

/** The options on validation a command gives; an empty document for none.
 *  @throws 2 BadValue, 14 TypeMismatch; for the validator as `compileFilter` */
export function readValidation(command: string, body: Doc): Doc {
  const out: Doc = new Map();
  for (const name of VALIDATION_OPTIONS) {
    const value = body.get(name);
    if (value !== undefined) out.set(name, value);
  }
  const [validator, level, action] = VALIDATION_OPTIONS.map((name) => out.get(name));
  if (validator !== undefined) {
    if (!isDoc(validator)) {
      const found = typeName(validator);
      throw new DatabaseError(
        14,
        `BSON field '${command}.validator' is the wrong type '${found}', expected type 'object'`,
      );
    }
    compileFilter(validator);
  }
  if (level !== undefined) choice(command, 'validationLevel', level, LEVELS);
  if (action !== undefined) choice(command, 'validationAction', action, ACTIONS);
  return out;
}

/** The options a collection is made with; an empty document for none.
 *  @throws as `readValidation` and `readCollation` */
export function readCollectionOptions(body: Doc): Doc {
  const out = readValidation('create', body);
  const collation = collationOption(body.get('collation'));
  if (collation) out.set('collation', collation.spec);
  return out;
}

/** The options of a collection after collMod; what a validator leaves unsaid is `strict` and `error`. */
export function changedOptions(before: Doc, change: Doc): Doc {
  const out = new Map([...before, ...change]);
  if (out.has('validator')) {
    out.set('validationLevel', out.get('validationLevel') ?? 'strict');
    out.set('validationAction', out.get('validationAction') ?? 'error');
  }
  return out;
}
