// Keywords of $jsonSchema about arrays.
import { type Doc, int, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { identityOf } from '../../value/identity.ts';
import {
  type Check,
  type CompileSchema,
  countOf,
  detail,
  type Failure,
  flagOf,
  told,
  unsatisfied,
} from './check.ts';

function ofArray(check: (value: readonly Value[]) => Failure | null): Check {
  return (value) => (Array.isArray(value) ? check(value) : null);
}

/** `items`: one schema for all elements, or one for each place. */
export function itemsCheck(value: Value, compile: CompileSchema): Check {
  if (Array.isArray(value)) {
    const places = value.map((each) => compile(each, 'items'));
    return ofArray((found) => {
      const bad = places.flatMap((check, at) => {
        const failures = at < found.length ? check(found[at] as Value) : [];
        return failures.length > 0 ? [() => detail({ itemIndex: int(at), details: told(failures) })] : [];
      });
      return bad.length === 0 ? null : () => detail({ operatorName: 'items', details: told(bad) });
    });
  }
  if (!isDoc(value)) throw new DatabaseError(14, "$jsonSchema keyword 'items' must be an array or an object");
  return everyCheck('items', 'At least one item did not match the sub-schema', 0, compile(value, 'items'));
}

function everyCheck(
  operatorName: string,
  reason: string,
  from: number,
  check: ReturnType<CompileSchema>,
): Check {
  return ofArray((found) => {
    for (let at = from; at < found.length; at++) {
      const failures = check(found[at] as Value);
      if (failures.length === 0) continue;
      return () => detail({ operatorName, reason, itemIndex: int(at), details: told(failures) });
    }
    return null;
  });
}

/** `additionalItems`: those behind the places of `items`; without effect when `items` is one schema. */
export function additionalItemsCheck(value: Value, schema: Doc, compile: CompileSchema): Check {
  const items = schema.get('items');
  if (!isDoc(value)) flagOf('additionalItems', value);
  if (!Array.isArray(items) || value === true) return () => null;
  if (isDoc(value)) {
    const reason = 'At least one additional item did not match the sub-schema';
    return everyCheck('additionalItems', reason, items.length, compile(value, 'additionalItems'));
  }
  const specifiedAs: Doc = new Map([['additionalItems', value]]);
  return ofArray((found) => {
    if (found.length <= items.length) return null;
    const additionalItems = found.slice(items.length);
    return () =>
      detail({
        operatorName: 'additionalItems',
        specifiedAs,
        reason: 'found additional items',
        additionalItems,
      });
  });
}

/** `minItems` and `maxItems`. */
export function itemCountCheck(keyword: 'minItems' | 'maxItems', value: Value): Check {
  const limit = countOf(keyword, value);
  const specifiedAs: Doc = new Map([[keyword, value]]);
  return ofArray((found) => {
    const isWithin = keyword === 'minItems' ? found.length >= limit : found.length <= limit;
    return isWithin
      ? null
      : unsatisfied(keyword, specifiedAs, 'array did not match specified length', [...found]);
  });
}

/** `uniqueItems`. */
export function uniqueItemsCheck(value: Value): Check {
  if (!flagOf('uniqueItems', value)) return () => null;
  const specifiedAs: Doc = new Map([['uniqueItems', value]]);
  return ofArray((found) => {
    const seen = new Set<string>();
    for (const each of found) {
      const identity = identityOf(each);
      if (seen.has(identity)) {
        return () =>
          detail({
            operatorName: 'uniqueItems',
            specifiedAs,
            reason: 'found a duplicate item',
            consideredValue: [...found],
            duplicatedValue: each,
          });
      }
      seen.add(identity);
    }
    return null;
  });
}
