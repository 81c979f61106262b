// An update compiled once: a replacement, or operators in the order the server applies them.

import { type Environment, newEnvironment } from '../aggregate/scope.ts';
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { compareText } from '../value/compare.ts';
import { typeName } from '../value/type-order.ts';
import { arrayChange } from './array-operators.ts';
import { bitChange } from './bit-operator.ts';
import { type Change, fieldChange } from './field-operators.ts';
import { compileTransformation, type Transformation } from './pipeline-form.ts';
import type { ArrayFilters } from './positions.ts';

/** One operator on one path. */
export interface Step {
  readonly operator: string;
  readonly name: string;
  readonly path: readonly string[];
  /** Absent for `$unset` and `$rename`. */
  readonly change: Change | null;
  /** The new path of `$rename`. */
  readonly target: readonly string[] | null;
}

/** A compiled update. */
export type UpdatePlan =
  | { readonly kind: 'replacement'; readonly document: Doc }
  | { readonly kind: 'pipeline'; readonly transform: Transformation }
  | { readonly kind: 'operators'; readonly steps: readonly Step[] };

const OPERATORS: ReadonlySet<string> = new Set([
  ...['$set', '$setOnInsert', '$unset', '$rename', '$inc', '$mul', '$min', '$max', '$currentDate'],
  ...['$push', '$addToSet', '$pull', '$pullAll', '$pop', '$bit'],
]);

function splitPath(name: string): string[] {
  const path = name.split('.');
  if (path.includes('')) {
    throw new DatabaseError(
      56,
      `The update path '${name}' contains an empty field name, which is not allowed.`,
    );
  }
  return path;
}

function checkPath(name: string): string[] {
  const path = splitPath(name);
  const bad = path.find((part, i) => part.startsWith('$') && (i === 0 || !/^\$(\[.*\])?$/.test(part)));
  if (bad !== undefined) {
    throw new DatabaseError(
      52,
      `The dollar ($) prefixed field '${bad}' in '${name}' is not allowed in the context of an update's replacement document.`,
    );
  }
  return path;
}

function renameStep(name: string, path: string[], operand: Value): Step & { readonly target: string[] } {
  if (typeof operand !== 'string') {
    throw new DatabaseError(2, `The 'to' field for $rename must be a string: ${name}: ${typeName(operand)}`);
  }
  const target = checkPath(operand);
  if ([...path, ...target].some((part) => part.startsWith('$'))) {
    throw new DatabaseError(2, `The source and target field for $rename must not be positional: ${name}`);
  }
  if (operand === name) {
    throw new DatabaseError(2, `The source and target field for $rename must differ: ${name}: "${operand}"`);
  }
  if (`${operand}.`.startsWith(`${name}.`) || `${name}.`.startsWith(`${operand}.`)) {
    throw new DatabaseError(
      2,
      `The source and target field for $rename must not be on the same path: ${name}: "${operand}"`,
    );
  }
  return { operator: '$rename', name, path, change: null, target };
}

function step(
  operator: string,
  name: string,
  operand: Value,
  taken: string[][],
  filters: ArrayFilters,
): Step {
  const path = checkPath(name);
  if (operator === '$rename') {
    claim(taken, path, filters);
    const found = renameStep(name, path, operand);
    claim(taken, found.target, filters);
    return found;
  }
  const change = changeOf(operator, name, operand);
  if (change === null && operator !== '$unset') throw unknownModifier(operator);
  claim(taken, path, filters);
  return { operator, name, path, change, target: null };
}

function changeOf(operator: string, name: string, operand: Value): Change | null {
  if (operator === '$unset') return null;
  if (operator === '$bit') return bitChange(operand, name);
  return fieldChange(operator, operand, name) ?? arrayChange(operator, operand);
}

function unknownModifier(operator: string): DatabaseError {
  return new DatabaseError(
    9,
    `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
  );
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i] as string, b[i] as string];
    const numeric = /^\d+$/.test(x) && /^\d+$/.test(y) ? Number(x) - Number(y) : 0;
    const found = numeric || compareText(x, y);
    if (found !== 0) return found;
  }
  return a.length - b.length;
}

function isElement(part: string | undefined): boolean {
  return part?.startsWith('$[') ?? false;
}

/** Two steps on one path, on a path and its parent, or on `$[]` and a name side by side, cannot go together. */
function clash(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const apart = short.findIndex((part, i) => part !== long[i]);
  return apart < 0 || isElement(short[apart]) !== isElement(long[apart]);
}

/** Takes a path for a step.
 *  @throws 40 when another step is in the way, 2 for `$[name]` without its array filter */
function claim(taken: string[][], path: string[], filters: ArrayFilters): void {
  const other = taken.find((each) => clash(each, path));
  if (other) {
    const [name, at] = [path.join('.'), other.length < path.length ? other : path];
    throw new DatabaseError(40, `Updating the path '${name}' would create a conflict at '${at.join('.')}'`);
  }
  for (const part of path) {
    const identifier = isElement(part) ? part.slice(2, -1) : '';
    if (identifier !== '' && !filters.has(identifier)) {
      throw new DatabaseError(
        2,
        `No array filter found for identifier '${identifier}' in path '${path.join('.')}'`,
      );
    }
  }
  taken.push(path);
}

function refuseUnused(filters: ArrayFilters, taken: readonly string[][]): void {
  for (const name of filters.keys()) {
    if (!taken.some((path) => path.includes(`$[${name}]`))) {
      throw new DatabaseError(9, `The array filter for identifier '${name}' was not used in the update`);
    }
  }
}

function compilePipelineForm(source: Value, filters: ArrayFilters, environment: Environment): UpdatePlan {
  if (filters.size > 0) {
    throw new DatabaseError(9, 'arrayFilters may not be specified for pipeline-syle updates');
  }
  return { kind: 'pipeline', transform: compileTransformation(source, environment) };
}

/** Compiles the `u` of an update command.
 *  @param environment - what the expressions of a pipeline may refer to
 *  @throws 9 FailedToParse, 40 ConflictingUpdateOperators, 72 for stages no update may use */
export function compileUpdate(
  source: Value | undefined,
  filters: ArrayFilters = new Map(),
  environment: Environment = newEnvironment(),
): UpdatePlan {
  if (Array.isArray(source)) return compilePipelineForm(source, filters, environment);
  if (!isDoc(source)) throw new DatabaseError(9, 'Update argument must be either an object or an array');
  const first = source.keys().next();
  if (first.done || !first.value.startsWith('$')) return { kind: 'replacement', document: source };
  const steps: Step[] = [];
  const taken: string[][] = [];
  for (const [operator, fields] of source) {
    if (!isDoc(fields)) {
      throw new DatabaseError(
        9,
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ...}`,
      );
    }
    if (!OPERATORS.has(operator)) throw unknownModifier(operator);
    for (const [name, operand] of fields) steps.push(step(operator, name, operand, taken, filters));
  }
  refuseUnused(filters, taken);
  // A renamed field is made in the order of its new name.
  return {
    kind: 'operators',
    steps: steps.sort((a, b) => comparePaths(a.target ?? a.path, b.target ?? b.path)),
  };
}
