// Why a document does not match a filter, in the form of the `details` of a failed validation.
import { compileExpression } from '../aggregate/expression.ts';
import { type Doc, int, isDoc, Regex, type Value } from '../bson/value.ts';
import { typeName } from '../value/type-order.ts';
import { compileFilter } from './filter.ts';
import { detail, told } from './json-schema/check.ts';
import { compileSchema } from './json-schema/schema.ts';
import { someAtPath } from './match-path.ts';

/** The reasons of operators that are no comparison: when they fail, and when they hold inside `$not` or `$nor`. */
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  $in: ['no matching value found in array', 'matching value found in array'],
  $nin: ['matching value found in array', 'no matching value found in array'],
  $exists: ['path does not exist', 'path does exist'],
  $type: ['type did not match', 'type did match'],
  $regex: ['regular expression did not match', 'regular expression did match'],
  $size: ['array length was not equal to given size', 'array length was equal to given size'],
  $mod: ['$mod did not evaluate to expected remainder', '$mod did evaluate to expected remainder'],
  $elemMatch: ['array did not satisfy the child predicate', 'array did satisfy the child predicate'],
  $all: ['array did not contain all specified values', 'array did contain all specified values'],
};

function isOperators(operand: Value): operand is Doc {
  return isDoc(operand) && operand.keys().next().value?.startsWith('$') === true;
}

/** Every clause of a filter by itself. */
function clausesOf(filter: Doc): Doc[] {
  return [...filter].flatMap(([name, operand]) => {
    if (name.startsWith('$') || !isOperators(operand)) return [new Map([[name, operand]])];
    const options = operand.get('$options');
    return [...operand]
      .filter(([operator]) => operator !== '$options')
      .map(([operator, value]) => {
        const inner: Doc = new Map([[operator, value]]);
        if (operator === '$regex' && options !== undefined) inner.set('$options', options);
        return new Map<string, Value>([[name, inner]]);
      });
  });
}

function listed(filters: readonly Value[], document: Doc, wanted: boolean): Doc[] {
  return filters.flatMap((each, at) =>
    isDoc(each) && compileFilter(each)(document) === wanted
      ? [detail({ index: int(at), details: explained(each, document, wanted) })]
      : [],
  );
}

function considered(
  document: Doc,
  path: string,
): { readonly value: Value | undefined; readonly isMany: boolean } {
  const values: Value[] = [];
  someAtPath(document, path.split('.'), 'whole', (value) => {
    if (value !== undefined) values.push(value);
    return false;
  });
  return values.length > 1 ? { value: values, isMany: true } : { value: values[0], isMany: false };
}

function operatorOf(operand: Value): string {
  if (isOperators(operand)) return operand.keys().next().value as string;
  return operand instanceof Regex ? '$regex' : '$eq';
}

function leaf(clause: Doc, name: string, operand: Value, document: Doc, holds: boolean): Doc {
  const operator = operatorOf(operand);
  if (operator === '$not' && isOperators(operand)) {
    const inner: Doc = new Map([[name, operand.get('$not') ?? null]]);
    return detail({ operatorName: '$not', details: explained(inner, document, !holds) });
  }
  const { value, isMany } = considered(document, name);
  const base = { operatorName: operator, specifiedAs: clause };
  const [missed, met] = REASONS[operator] ?? ['comparison failed', 'comparison succeeded'];
  if (operator === '$exists') return detail({ ...base, reason: value === undefined ? missed : met });
  if (value === undefined) return detail({ ...base, reason: 'field was missing' });
  const reason = holds ? met : missed;
  if (isMany) return detail({ ...base, reason, consideredValues: value });
  const consideredType = operator === '$type' ? typeName(value) : undefined;
  return detail({ ...base, reason, consideredValue: value, consideredType });
}

function one(clause: Doc, document: Doc, holds: boolean): Doc {
  const [name, operand] = [...clause][0] as [string, Value];
  const branches = Array.isArray(operand) ? operand : [];
  switch (name) {
    case '$and':
    case '$or':
      return detail({
        operatorName: name,
        [holds ? 'clausesSatisfied' : 'clausesNotSatisfied']: listed(branches, document, holds),
      });
    case '$nor':
      return detail({
        operatorName: name,
        [holds ? 'clausesNotSatisfied' : 'clausesSatisfied']: listed(branches, document, !holds),
      });
    case '$expr':
      return detail({
        operatorName: name,
        specifiedAs: clause,
        reason: holds ? 'expression did match' : 'expression did not match',
        expressionResult: compileExpression(operand)(document),
      });
    case '$jsonSchema': {
      if (holds) return detail({ operatorName: name, specifiedAs: clause, reason: 'schema matched' });
      const { title, description } = Object.fromEntries(isDoc(operand) ? operand : []);
      return detail({
        operatorName: name,
        title,
        description,
        schemaRulesNotSatisfied: told(compileSchema(operand)(document)),
      });
    }
    default:
      return leaf(clause, name, operand, document, holds);
  }
}

function explained(filter: Doc, document: Doc, holds: boolean): Doc {
  const clauses = clausesOf(filter);
  const [only] = clauses;
  if (only && clauses.length === 1) return one(only, document, holds);
  return detail({
    operatorName: '$and',
    [holds ? 'clausesSatisfied' : 'clausesNotSatisfied']: listed(clauses, document, holds),
  });
}

/** Tells why a filter does not match a document; call it only when it does not. */
export function explainFailure(filter: Doc, document: Doc): Doc {
  return explained(filter, document, false);
}
