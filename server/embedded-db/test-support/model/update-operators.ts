// What each update operator makes of a value. Codes: manual, "Update Operators", and the server's texts.

import { Int32, Long } from 'bson';
import { wholeNumber } from './filter-tests.ts';
import { bigOf, combine, integer, isInteger, isNumber, type Numeric } from './numbers.ts';
import { addToSet, checkPull, checkPush, pull, push } from './update-arrays.ts';
import { checkViable, createAt, removeAt, type Spot, setAt, valueAt } from './update-places.ts';
import { compare, copy, type Doc, identical, isDoc, ModelError, type Value } from './values.ts';

/** One operator at the end of a path; `path` is the source of a `$rename`. */
export interface Leaf {
  readonly operator: string;
  readonly path: string;
  readonly operand: Value;
}

/** The operators known. */
export const OPERATORS: ReadonlySet<string> = new Set([
  '$set',
  '$setOnInsert',
  '$unset',
  '$inc',
  '$mul',
  '$min',
  '$max',
  '$rename',
  '$push',
  '$addToSet',
  '$pop',
  '$pull',
  '$pullAll',
  '$bit',
]);

/** Those that do nothing where nothing is. */
const NEVER_CREATE: ReadonlySet<string> = new Set(['$unset', '$pop', '$pull', '$pullAll', 'moved']);

/** @throws ModelError for an operand that no document could be given */
export function checkOperand(operator: string, path: string, operand: Value): void {
  switch (operator) {
    case '$inc':
    case '$mul':
      if (!isNumber(operand)) throw new ModelError(14, 'Cannot increment with non-numeric argument');
      break;
    case '$pop': {
      const end = wholeNumber(operand);
      if (end !== 1n && end !== -1n) throw new ModelError(9, '$pop expects 1 or -1');
      break;
    }
    case '$rename':
      checkRename(path, operand);
      break;
    case '$bit':
      checkBit(operand);
      break;
    case '$pullAll':
      if (!Array.isArray(operand)) throw new ModelError(2, '$pullAll requires an array argument');
      break;
    default:
      checkArrayOperand(operator, operand);
  }
}

function checkArrayOperand(operator: string, operand: Value): void {
  if (operator === '$pull') checkPull(operand);
  if (operator === '$push') checkPush(operand);
  if (operator !== '$addToSet' || !isDoc(operand) || [...operand.keys()][0] !== '$each') return;
  if (!Array.isArray(operand.get('$each')))
    throw new ModelError(14, 'The argument to $each must be an array');
  if (operand.size > 1) throw new ModelError(2, 'Found unexpected fields after $each in $addToSet');
}

function checkRename(from: string, to: Value): void {
  if (typeof to !== 'string') throw new ModelError(2, "The 'to' field for $rename must be a string");
  const [shorter, longer] = from.length < to.length ? [from, to] : [to, from];
  if (longer === shorter || longer.startsWith(`${shorter}.`)) throw new ModelError(2, 'must differ');
  if (/\$/.test(from) || /\$/.test(to)) throw new ModelError(2, 'may not be dynamic');
}

function checkBit(operand: Value): void {
  if (!isDoc(operand) || operand.size === 0) throw new ModelError(2, '$bit needs a document');
  for (const [name, mask] of operand) {
    if (!['and', 'or', 'xor'].includes(name)) throw new ModelError(2, 'only and, or, and xor');
    if (!isNumber(mask) || !isInteger(mask)) throw new ModelError(2, '$bit needs an integer');
  }
}

/** Applies one operator in its place.
 *  @throws ModelError for a value it does not fit, a path that cannot be made, or another `_id` */
export function applyLeaf(leaf: Leaf, spot: Spot): void {
  if (leaf.operator === 'moved') return;
  if (leaf.operator === '$rename') applyRename(leaf, spot);
  else if (spot.missing.length > 0) applyToNothing(leaf, spot);
  else applyToValue(leaf, spot);
}

function applyToNothing(leaf: Leaf, spot: Spot): void {
  if (leaf.operator === '$unset') return;
  if (NEVER_CREATE.has(leaf.operator)) checkViable(spot);
  else createAt(spot, valueForNothing(leaf));
}

function valueForNothing({ operator, operand }: Leaf): Value {
  switch (operator) {
    case '$mul':
      return combine('*', operand as Numeric, new Int32(0));
    case '$bit':
      return bits(new Int32(0), operand as Doc);
    case '$push':
      return push([], operand);
    case '$addToSet':
      return addToSet([], operand);
    default:
      return copy(operand);
  }
}

function applyToValue(leaf: Leaf, spot: Spot): void {
  const old = valueAt(spot.root, spot.taken);
  const made = leaf.operator === '$unset' ? undefined : valueFor(leaf, old);
  if (identical(old, made)) return;
  keepId(spot);
  if (made === undefined) removeAt(spot);
  else setAt(spot, made);
}

function keepId(spot: Spot): void {
  if (spot.taken[0] === '_id') throw new ModelError(66, "would modify the immutable field '_id'");
}

function valueFor({ operator, operand }: Leaf, old: Value): Value {
  switch (operator) {
    case '$set':
    case '$setOnInsert':
      return copy(operand);
    case '$min':
      return compare(operand, old) < 0 ? copy(operand) : old;
    case '$max':
      return compare(operand, old) > 0 ? copy(operand) : old;
    case '$inc':
    case '$mul':
      return calculated(operator === '$inc' ? '+' : '*', old, operand as Numeric);
    case '$bit':
      return bits(old, operand as Doc);
    default:
      return arrayFor(operator, operand, old);
  }
}

function arrayFor(operator: string, operand: Value, old: Value): Value {
  if (!Array.isArray(old))
    throw new ModelError(operator === '$pop' ? 14 : 2, `Cannot apply ${operator} to a non-array`);
  switch (operator) {
    case '$push':
      return push(old, operand);
    case '$addToSet':
      return addToSet(old, operand);
    case '$pop':
      return wholeNumber(operand) === 1n ? old.slice(0, -1) : old.slice(1);
    case '$pull':
      return pull(old, operand);
    default:
      return old.filter((element) => !(operand as Value[]).some((other) => compare(element, other) === 0));
  }
}

function calculated(op: '+' | '*', old: Value, operand: Numeric): Value {
  if (!isNumber(old)) throw new ModelError(14, 'Cannot apply $inc to a value of non-numeric type');
  const result = combine(op, old, operand);
  if (result === null) throw new ModelError(2, 'Failed to apply $inc operations to current value');
  return result;
}

function bits(old: Value, operations: Doc): Value {
  if (!isNumber(old) || !isInteger(old))
    throw new ModelError(2, 'Cannot apply $bit to a value of non-integral type');
  let value: Int32 | Long = old;
  for (const [name, mask] of operations as Map<string, Int32 | Long>) {
    const [left, right] = [bigOf(value), bigOf(mask)];
    const result = name === 'and' ? left & right : name === 'or' ? left | right : left ^ right;
    value = integer(result, Long.isLong(value) || Long.isLong(mask)) as Int32 | Long;
  }
  return value;
}

/** Manual, "$rename": set at the new name, unset at the old one; neither inside an array. */
function applyRename(leaf: Leaf, to: Spot): void {
  const from = findSource(to.root, leaf.path.split('.'));
  if (from === null) return;
  const owners = [
    ...prefixes(from.taken),
    ...prefixes(to.taken),
    ...(to.missing.length > 0 ? [to.taken] : []),
  ];
  if (owners.some((taken) => Array.isArray(valueAt(to.root, taken))))
    throw new ModelError(2, 'cannot be an array element');
  const value = valueAt(to.root, from.taken);
  if (to.missing.length > 0) createAt(to, value);
  else if (!identical(valueAt(to.root, to.taken), value)) {
    keepId(to);
    setAt(to, value);
  }
  keepId(from);
  removeAt(from);
}

function prefixes(taken: readonly string[]): string[][] {
  return taken.map((_, at) => taken.slice(0, at));
}

/** Where the source is; null when it is missing.
 *  @throws ModelError 28 when a scalar or a name in an array is in the way */
function findSource(root: Doc, parts: readonly string[]): Spot | null {
  for (let at = 0; at < parts.length; at++) {
    const taken = parts.slice(0, at);
    checkViable({ root, taken, missing: parts.slice(at) });
    if (valueAt(root, parts.slice(0, at + 1)) === undefined) return null;
  }
  return { root, taken: parts, missing: [] };
}
