// The model of expressions: what one is worth for a document. Undefined is a missing value.
import { Int32 } from 'bson';
import { ARRAY_OPERATORS } from './array-expressions.ts';
import { NUMBER_OPERATORS } from './number-expressions.ts';
import { exact, isNumber } from './numbers.ts';
import { compare, type Doc, isDoc, ModelError, typeName, type Value } from './values.ts';

/** The names in sight: `ROOT` and what `$let`, `$map` and their kind define. */
export type Scope = ReadonlyMap<string, Value>;
/** An operator whose arguments are already worth something. */
export type Operator = (args: readonly Value[]) => Value;

/** The scope of a document. */
export function scopeOf(root: Value): Scope {
  return new Map([
    ['ROOT', root],
    ['CURRENT', root],
  ]);
}

/** What an expression is worth.
 *  @throws ModelError 0 where the manual promises an error */
export function evaluate(expression: Value, scope: Scope): Value {
  if (typeof expression === 'string' && expression.startsWith('$')) return variable(expression, scope);
  if (Array.isArray(expression)) return expression.map((one) => evaluate(one, scope) ?? null);
  if (!isDoc(expression)) return expression;
  const [name = '', operand] = [...expression][0] ?? [];
  if (name.startsWith('$')) return operate(name, operand, scope);
  const out: Doc = new Map();
  for (const [field, inner] of expression) {
    const value = evaluate(inner, scope);
    if (value !== undefined) out.set(field, value);
  }
  return out;
}

function variable(text: string, scope: Scope): Value {
  const [name = '', ...path] = (text.startsWith('$$') ? text.slice(2) : `CURRENT.${text.slice(1)}`).split(
    '.',
  );
  return pathOf(scope.get(name), path);
}

/** Manual, "Field Paths": an array on the way gives an array of what its documents have,
 *  arrays in it are passed over; numbers are names. */
export function pathOf(value: Value, path: readonly string[]): Value {
  if (path.length === 0) return value;
  if (isDoc(value)) return pathOf(value.get(path[0] ?? ''), path.slice(1));
  if (!Array.isArray(value)) return undefined;
  return value
    .filter(isDoc)
    .map((element) => pathOf(element, path))
    .filter((found) => found !== undefined);
}

/** False for false, null, missing and zero. */
export function isTrue(value: Value): boolean {
  if (isNumber(value)) return exact(value).special !== undefined || exact(value).coefficient !== 0n;
  return value !== undefined && value !== null && value !== false;
}

type Special = (operand: Value, scope: Scope) => Value;

function field(operand: Value, name: string): Value {
  return (operand as Doc).get(name);
}

function listOf(value: Value): Value[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw new ModelError(0, 'needs an array');
  return value;
}

const SPECIAL: Readonly<Record<string, Special>> = {
  $literal: (operand) => operand,
  $and: (operand, scope) => (operand as Value[]).every((one) => isTrue(evaluate(one, scope))),
  $or: (operand, scope) => (operand as Value[]).some((one) => isTrue(evaluate(one, scope))),
  $cond: (operand, scope) => {
    const [test, yes, no] = operand as Value[];
    return evaluate(isTrue(evaluate(test, scope)) ? yes : no, scope);
  },
  $ifNull: (operand, scope) => {
    const values = (operand as Value[]).map((one) => evaluate(one, scope));
    return values.find((value) => value !== undefined && value !== null) ?? values.at(-1);
  },
  $switch: (operand, scope) => {
    const branches = field(operand, 'branches') as Doc[];
    const found = branches.find((branch) => isTrue(evaluate(branch.get('case'), scope)));
    if (found !== undefined) return evaluate(found.get('then'), scope);
    if (!(operand as Doc).has('default')) throw new ModelError(0, 'no branch and no default');
    return evaluate(field(operand, 'default'), scope);
  },
  $let: (operand, scope) => {
    const vars = [...(field(operand, 'vars') as Doc)].map(([name, one]): [string, Value] => [
      name,
      evaluate(one, scope),
    ]);
    return evaluate(field(operand, 'in'), new Map([...scope, ...vars]));
  },
  $map: (operand, scope) => {
    const input = listOf(evaluate(field(operand, 'input'), scope));
    const name = String(field(operand, 'as') ?? 'this');
    return input === null
      ? null
      : input.map((one) => evaluate(field(operand, 'in'), new Map([...scope, [name, one]])) ?? null);
  },
  $filter: (operand, scope) => {
    const input = listOf(evaluate(field(operand, 'input'), scope));
    const name = String(field(operand, 'as') ?? 'this');
    return input === null
      ? null
      : input.filter((one) => isTrue(evaluate(field(operand, 'cond'), new Map([...scope, [name, one]]))));
  },
  $reduce: (operand, scope) => {
    const input = listOf(evaluate(field(operand, 'input'), scope));
    if (input === null) return null;
    return input.reduce(
      (value, one) => evaluate(field(operand, 'in'), new Map([...scope, ['this', one], ['value', value]])),
      evaluate(field(operand, 'initialValue'), scope),
    );
  },
};

function comparing(accepts: (order: number) => boolean): Operator {
  return ([left, right]) => accepts(compare(left, right));
}

const PLAIN: Readonly<Record<string, Operator>> = {
  $eq: comparing((order) => order === 0),
  $ne: comparing((order) => order !== 0),
  $gt: comparing((order) => order > 0),
  $gte: comparing((order) => order >= 0),
  $lt: comparing((order) => order < 0),
  $lte: comparing((order) => order <= 0),
  $cmp: ([left, right]) => new Int32(Math.sign(compare(left, right))),
  $not: ([value]) => !isTrue(value),
  $type: ([value]) => typeName(value),
  $isNumber: ([value]) => isNumber(value),
  $concat: (args) => {
    const wrong = args.find((value) => value !== undefined && value !== null && typeof value !== 'string');
    const none = args.some((value) => value === undefined || value === null);
    if (wrong !== undefined && !none) throw new ModelError(0, '$concat only supports strings');
    return none ? null : args.join('');
  },
  ...NUMBER_OPERATORS,
  ...ARRAY_OPERATORS,
};

function operate(name: string, operand: Value, scope: Scope): Value {
  const special = SPECIAL[name];
  if (special !== undefined) return special(operand, scope);
  const operator = PLAIN[name];
  if (operator === undefined) throw new Error(`${name} is not in the model`);
  const args = Array.isArray(operand) ? operand : [operand];
  return operator(args.map((one) => evaluate(one, scope)));
}
