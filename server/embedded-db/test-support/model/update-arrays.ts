// The array operators of updates: $push with its modifiers, $addToSet and $pull.
import { parseFilter } from './filter.ts';
import { wholeNumber } from './filter-tests.ts';
import { compare, copy, type Doc, isDoc, isIndex, isRegex, ModelError, type Value } from './values.ts';

const CLAUSES: ReadonlySet<string> = new Set(['$each', '$slice', '$sort', '$position']);

/** @throws ModelError 2 for clauses of `$push` that are unknown or of the wrong type */
export function checkPush(operand: Value): void {
  if (!isDoc(operand) || !operand.has('$each')) return;
  for (const [name, value] of operand) {
    if (!CLAUSES.has(name)) throw new ModelError(2, 'Unrecognized clause in $push');
    if (name === '$each' && !Array.isArray(value))
      throw new ModelError(2, 'The argument to $each must be an array');
    if ((name === '$slice' || name === '$position') && wholeNumber(value) === null) {
      throw new ModelError(2, 'must be an integer value');
    }
    if (name === '$sort') checkSort(value);
  }
}

function checkSort(sort: Value): void {
  const directions = isDoc(sort) ? [...sort.values()] : [sort];
  const fit = directions.map(wholeNumber).every((one) => one === 1n || one === -1n);
  if (!fit || directions.length === 0)
    throw new ModelError(2, 'The $sort element value must be either 1 or -1');
}

/** Manual, "$push": elements go to the position, then the array is sorted, then sliced. */
export function push(array: readonly Value[], operand: Value): Value[] {
  if (!isDoc(operand) || !operand.has('$each')) return [...array, copy(operand)];
  const position = operand.has('$position') ? Number(wholeNumber(operand.get('$position'))) : array.length;
  const at = position < 0 ? Math.max(array.length + position, 0) : Math.min(position, array.length);
  let out = array.toSpliced(at, 0, ...(operand.get('$each') as Value[]).map(copy));
  if (operand.has('$sort')) out = sorted(out, operand.get('$sort'));
  if (!operand.has('$slice')) return out;
  const slice = Number(wholeNumber(operand.get('$slice')));
  return slice >= 0 ? out.slice(0, slice) : out.slice(slice);
}

function sorted(array: readonly Value[], sort: Value): Value[] {
  const keys: [string[], number][] = isDoc(sort)
    ? [...sort].map(([path, direction]) => [path.split('.'), Number(wholeNumber(direction))])
    : [[[], Number(wholeNumber(sort))]];
  return array.toSorted((left, right) => {
    for (const [path, direction] of keys) {
      const difference = compare(plainPath(left, path), plainPath(right, path)) * direction;
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** Arrays on the way are not spread; what is not there is null. */
function plainPath(value: Value, path: readonly string[]): Value {
  const found = path.reduce<Value>((owner, name) => {
    if (Array.isArray(owner)) return isIndex(name) ? owner[Number(name)] : undefined;
    return isDoc(owner) ? owner.get(name) : undefined;
  }, value);
  return found === undefined ? null : found;
}

/** Manual, "$addToSet": appends what no element equals. */
export function addToSet(array: readonly Value[], operand: Value): Value[] {
  const isEach = isDoc(operand) && [...operand.keys()][0] === '$each';
  const out = [...array];
  for (const value of isEach ? (operand.get('$each') as Value[]) : [operand]) {
    if (!out.some((element) => compare(element, value) === 0)) out.push(copy(value));
  }
  return out;
}

const LOGICAL: ReadonlySet<string> = new Set(['$and', '$or', '$nor', '$expr']);

function pullTest(operand: Value): (element: Value) => boolean {
  if (!isDoc(operand) && !isRegex(operand)) return (element) => compare(element, operand) === 0;
  const first = isDoc(operand) ? ([...operand.keys()][0] ?? '') : '$regex';
  if (first.startsWith('$') && !LOGICAL.has(first)) {
    const test = parseFilter(new Map([['', operand]]));
    return (element) => test(new Map([['', element]]));
  }
  const test = parseFilter(operand as Doc);
  return (element) => isDoc(element) && test(element);
}

/** @throws ModelError 2 for a condition that is no filter */
export function checkPull(operand: Value): void {
  pullTest(operand);
}

/** Manual, "$pull": a document is a filter on the elements that are documents, operators test each element. */
export function pull(array: readonly Value[], operand: Value): Value[] {
  const test = pullTest(operand);
  return array.filter((element) => !test(element));
}
