// Expressions on any value: comparison, truth, choice, text.
import { Decimal, Int32, isDoc, ObjectId, SymbolText, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { compareValues } from '../value/compare.ts';
import { decimalText } from '../value/decimal.ts';
import { typeName } from '../value/type-order.ts';
import { type Compile, type Expression, isNothing, type OperatorTable, operands, strict } from './scope.ts';
import { truthy } from './truth.ts';

/** Order of two values of which either may be missing; missing is before everything. */
function order(a: Value | undefined, b: Value | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return Math.sign(compareValues(a, b));
}

function comparison(name: string, accepts: (found: number) => boolean) {
  return strict(name, 2, ([a, b]) => accepts(order(a, b)));
}

function conditional(operand: Value, compile: Compile): Expression {
  const parts = isDoc(operand)
    ? ['if', 'then', 'else'].map((name) => {
        const part = operand.get(name);
        if (part === undefined) throw new DatabaseError(17080, `Missing '${name}' parameter to $cond`);
        return compile(part);
      })
    : operands('$cond', operand, compile, 3);
  const [test, yes, no] = parts as [Expression, Expression, Expression];
  return (scope) => (truthy(test(scope)) ? yes(scope) : no(scope));
}

function choose(operand: Value, compile: Compile): Expression {
  const listed = isDoc(operand) ? operand.get('branches') : undefined;
  if (!isDoc(operand) || !Array.isArray(listed)) {
    throw new DatabaseError(40061, "$switch expected an array for 'branches'");
  }
  const branches = listed.map((each) => {
    if (!isDoc(each)) throw new DatabaseError(40062, '$switch expected each branch to be an object');
    return [compile(each.get('case') ?? null), compile(each.get('then') ?? null)] as const;
  });
  const fallback = operand.has('default') ? compile(operand.get('default') ?? null) : null;
  return (scope) => {
    for (const [test, then] of branches) if (truthy(test(scope))) return then(scope);
    if (fallback) return fallback(scope);
    throw new DatabaseError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
}

function firstKnown(operand: Value, compile: Compile): Expression {
  const parts = operands('$ifNull', operand, compile, null);
  return (scope) => {
    let value: Value | undefined;
    for (const part of parts) {
      value = part(scope);
      if (!isNothing(value)) return value;
    }
    return value;
  };
}

function withVariables(operand: Value, compile: Compile): Expression {
  const vars = isDoc(operand) ? operand.get('vars') : undefined;
  if (!isDoc(operand) || !isDoc(vars)) throw new DatabaseError(16874, '$let needs vars and in');
  const named = [...vars].map(([name, value]) => [name, compile(value)] as const);
  const inner = compile(operand.get('in') ?? null);
  return (scope) => {
    const variables = new Map(scope.variables);
    for (const [name, evaluate] of named) variables.set(name, evaluate(scope));
    return inner({ root: scope.root, variables });
  };
}

function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.bytes.toString('hex');
  if (value instanceof Int32) return String(value.value);
  if (value instanceof Decimal) return decimalText(value);
  if (value instanceof SymbolText) return value.text;
  if (typeof value === 'object') {
    throw new DatabaseError(
      241,
      `Unsupported conversion from ${typeName(value)} to string in $convert with no onError value`,
    );
  }
  return String(value);
}

function concat(values: (Value | undefined)[]): Value {
  let out = '';
  for (const value of values) {
    if (isNothing(value)) return null;
    if (typeof value !== 'string') {
      throw new DatabaseError(16702, `$concat only supports strings, not ${typeName(value)}`);
    }
    out += value;
  }
  return out;
}

/** The server changes the case of ASCII letters only. */
function caseOf(name: string, pattern: RegExp, change: (letter: string) => string) {
  return strict(name, 1, ([value]) => (isNothing(value) ? '' : textOf(value).replace(pattern, change)));
}

/** Comparison, logic, choice and text operators. */
export const VALUE_OPERATORS: OperatorTable = new Map([
  comparison('$eq', (found) => found === 0),
  comparison('$ne', (found) => found !== 0),
  comparison('$gt', (found) => found > 0),
  comparison('$gte', (found) => found >= 0),
  comparison('$lt', (found) => found < 0),
  comparison('$lte', (found) => found <= 0),
  strict('$cmp', 2, ([a, b]) => new Int32(order(a, b))),
  strict('$and', null, (values) => values.every(truthy)),
  strict('$or', null, (values) => values.some(truthy)),
  strict('$not', 1, ([value]) => !truthy(value)),
  strict('$type', 1, ([value]) => (value === undefined ? 'missing' : typeName(value))),
  ['$cond', conditional],
  ['$switch', choose],
  ['$ifNull', firstKnown],
  ['$let', withVariables],
  strict('$concat', null, concat),
  strict('$toString', 1, ([value]) => (isNothing(value) ? null : textOf(value))),
  caseOf('$toLower', /[A-Z]+/g, (letters) => letters.toLowerCase()),
  caseOf('$toUpper', /[a-z]+/g, (letters) => letters.toUpperCase()),
  strict('$strLenCP', 1, ([value]) => {
    if (typeof value !== 'string') throw new DatabaseError(34471, '$strLenCP requires a string argument');
    return new Int32([...value].length);
  }),
]);
