// A filter with all that is implied written out, as explain shows it.
import { type Doc, isDoc, type Value } from '../bson/value.ts';

function one(name: string, value: Value): Doc {
  return new Map([[name, value]]);
}

function isOperators(value: Value): value is Doc {
  return isDoc(value) && value.keys().next().value?.startsWith('$') === true;
}

function clauses(filter: Doc): Doc[] {
  return [...filter].flatMap(([name, operand]) => {
    if (name === '$and' && Array.isArray(operand)) return operand.filter(isDoc).flatMap(clauses);
    if (name.startsWith('$') && Array.isArray(operand)) {
      return [
        one(
          name,
          operand.map((each) => (isDoc(each) ? parsedQuery(each) : each)),
        ),
      ];
    }
    if (name === '$comment') return [];
    if (name.startsWith('$')) return [one(name, operand)];
    if (!isOperators(operand)) return [one(name, one('$eq', operand))];
    // The options of an expression belong to it.
    if (operand.has('$regex')) return [one(name, operand)];
    return [...operand].map(([operator, value]) => one(name, one(operator, value)));
  });
}

/** `{ a: 1, b: { $gt: 2, $lt: 5 } }` becomes an `$and` of single predicates; an empty filter stays empty. */
export function parsedQuery(filter: Doc): Doc {
  const found = clauses(filter);
  if (found.length === 0) return new Map();
  return found.length === 1 ? (found[0] as Doc) : one('$and', found);
}
