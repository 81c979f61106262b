// $project, $addFields, $unset, $replaceRoot: the form of each document.

import { show } from '../../bson/show.ts';
import { type Doc, int, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compileProjection } from '../../query/projection.ts';
import { typeName } from '../../value/type-order.ts';
import { compilerIn } from '../expression.ts';
import { splitFieldPath } from '../field-path.ts';
import type { Compile, Environment, Expression, Maybe } from '../scope.ts';
import { each, type Stage, type StageBuild, specification } from '../stage.ts';

/** Keeps, drops and computes fields. */
export function projectStage(source: Doc, environment: Environment): Stage {
  if (source.size === 0) {
    throw new DatabaseError(51272, 'projection specification must have at least one field');
  }
  const compiled = compileProjection(source, environment);
  if (!compiled) return each((item) => item);
  const noPosition = () => {
    throw new DatabaseError(31324, 'Cannot use positional projection in aggregation projection');
  };
  return each((item) => compiled(item, noPosition));
}

interface Assignment {
  readonly path: readonly string[];
  readonly evaluate: Expression;
}

function put(target: Maybe, { path, evaluate }: Assignment, at: number, root: Doc): Maybe {
  const name = path[at];
  if (name === undefined) return evaluate(root);
  if (Array.isArray(target)) {
    return target.map((element) => put(element, { path, evaluate }, at, root) ?? null);
  }
  const out: Doc = isDoc(target) ? new Map(target) : new Map();
  const value = put(out.get(name), { path, evaluate }, at + 1, root);
  if (value === undefined) out.delete(name);
  else out.set(name, value);
  return out;
}

function isNested(value: Value): value is Doc {
  return isDoc(value) && value.size > 0 && !value.keys().next().value?.startsWith('$');
}

function assignments(source: Doc, prefix: readonly string[], compile: Compile): Assignment[] {
  return [...source].flatMap(([name, value]): Assignment[] => {
    const path = [...prefix, ...splitFieldPath(name)];
    return isNested(value) ? assignments(value, path, compile) : [{ path, evaluate: compile(value) }];
  });
}

function refuseConflicts(fields: readonly Assignment[]): void {
  const names = fields.map(({ path }) => path.join('.')).sort();
  for (const [i, name] of names.entries()) {
    const next = names[i + 1];
    if (next !== undefined && (next === name || next.startsWith(`${name}.`))) {
      throw new DatabaseError(
        40176,
        `Invalid $addFields :: caused by :: specification contains two conflicting paths. Cannot specify both '${name}' and '${next}'`,
      );
    }
  }
}

/** Sets fields to expressions, all of which see the document as it came in. */
export function addFieldsStage(source: Doc, environment: Environment): Stage {
  if (source.size === 0) {
    throw new DatabaseError(
      40177,
      'Invalid $addFields :: caused by :: specification must have at least one field',
    );
  }
  const fields = assignments(source, [], compilerIn(environment));
  refuseConflicts(fields);
  return each((item) => {
    let out: Doc = item;
    for (const field of fields) out = put(out, field, 0, item) as Doc;
    return out;
  });
}

/** Drops the named fields. */
export const unsetStage: StageBuild = (value, { environment }) => {
  const names = Array.isArray(value) ? value : [value];
  if (!Array.isArray(value) && typeof value !== 'string') {
    throw new DatabaseError(31002, '$unset specification must be a string or an array');
  }
  if (names.length === 0 || names.includes('')) {
    throw new DatabaseError(
      31119,
      '$unset specification must be a string or an array with at least one field',
    );
  }
  if (!names.every((name) => typeof name === 'string')) {
    throw new DatabaseError(
      31120,
      '$unset specification must be a string or an array containing only string values',
    );
  }
  return projectStage(new Map(names.map((name) => [name, int(0)])), environment);
};

/** Puts the document an expression gives in the place of each.
 *  @throws 40228 when it gives something else */
export const replaceWithStage: StageBuild = (value, { environment }) => {
  const evaluate = compilerIn(environment)(value);
  return each((item) => {
    const out = evaluate(item);
    if (isDoc(out)) return out;
    throw new DatabaseError(
      40228,
      `'newRoot' expression  must evaluate to an object, but resulting value was: ${out === undefined ? 'MISSING' : show(out)}. Type of resulting value: '${out === undefined ? 'missing' : typeName(out)}'. Input document: ${show(item)}`,
    );
  });
};

/** `$replaceWith` in its long form. */
export const replaceRootStage: StageBuild = (value, context) => {
  const source = specification('$replaceRoot', value, 40229);
  const unknown = [...source.keys()].find((name) => name !== 'newRoot');
  if (unknown !== undefined) {
    throw new DatabaseError(40415, `BSON field '$replaceRoot.${unknown}' is an unknown field.`);
  }
  const root = source.get('newRoot');
  if (root === undefined) {
    throw new DatabaseError(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field");
  }
  return replaceWithStage(root, context);
};
