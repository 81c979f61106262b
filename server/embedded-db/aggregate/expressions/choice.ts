// $and, $or, $not, $cond, $switch, $ifNull, $literal: what decides which operands are evaluated at all.
import { isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { typeName } from '../../value/type-order.ts';
import {
  type Build,
  type Compile,
  type Expression,
  isNothing,
  type OperatorTable,
  operands,
  strict,
} from '../scope.ts';
import { truthy } from '../truth.ts';

/** Stops at the first operand that is `deciding`, which is the answer then; later ones may fail without harm. */
function deciding(name: string, decider: boolean): [string, Build] {
  return [
    name,
    (operand, compile) => {
      const parts = operands(name, operand, compile, null);
      return (root) => {
        for (const part of parts) if (truthy(part(root)) === decider) return decider;
        return !decider;
      };
    },
  ];
}

function conditionParts(operand: Value, compile: Compile): Expression[] {
  if (!isDoc(operand)) return operands('$cond', operand, compile, 3);
  const names = ['if', 'then', 'else'];
  for (const name of operand.keys()) {
    if (!names.includes(name)) throw new DatabaseError(17083, `Unrecognized parameter to $cond: ${name}`);
  }
  return names.map((name, i) => {
    const part = operand.get(name);
    if (part === undefined) throw new DatabaseError(17080 + i, `Missing '${name}' parameter to $cond`);
    return compile(part);
  });
}

function conditional(operand: Value, compile: Compile): Expression {
  const [test, yes, no] = conditionParts(operand, compile) as [Expression, Expression, Expression];
  return (root) => (truthy(test(root)) ? yes(root) : no(root));
}

type Branch = readonly [test: Expression, then: Expression];

function branch(each: Value, compile: Compile): Branch {
  if (!isDoc(each)) {
    throw new DatabaseError(40062, `$switch expected each branch to be an object, found: ${typeName(each)}`);
  }
  for (const name of each.keys()) {
    if (name !== 'case' && name !== 'then') {
      throw new DatabaseError(40063, `$switch found an unknown argument to a branch: ${name}`);
    }
  }
  const [test, then] = [each.get('case'), each.get('then')];
  if (test === undefined) {
    throw new DatabaseError(40064, "$switch requires each branch have a 'case' expression");
  }
  if (then === undefined) {
    throw new DatabaseError(40065, "$switch requires each branch have a 'then' expression.");
  }
  return [compile(test), compile(then)];
}

function branches(listed: Value | undefined, compile: Compile): Branch[] {
  if (listed === undefined) throw new DatabaseError(40068, '$switch requires at least one branch.');
  if (!Array.isArray(listed)) {
    throw new DatabaseError(40061, `$switch expected an array for 'branches', found: ${typeName(listed)}`);
  }
  if (listed.length === 0) throw new DatabaseError(40068, '$switch requires at least one branch.');
  return listed.map((each) => branch(each, compile));
}

function choose(operand: Value, compile: Compile): Expression {
  if (!isDoc(operand)) {
    throw new DatabaseError(40060, `$switch requires an object as an argument, found: ${typeName(operand)}`);
  }
  for (const name of operand.keys()) {
    if (name !== 'branches' && name !== 'default') {
      throw new DatabaseError(40067, `$switch found an unknown argument: ${name}`);
    }
  }
  const all = branches(operand.get('branches'), compile);
  const fallback = operand.has('default') ? compile(operand.get('default') ?? null) : null;
  return (root) => {
    for (const [test, then] of all) if (truthy(test(root))) return then(root);
    if (fallback) return fallback(root);
    throw new DatabaseError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
}

function firstKnown(operand: Value, compile: Compile): Expression {
  const parts = operands('$ifNull', operand, compile, null);
  if (parts.length < 2) {
    throw new DatabaseError(1257300, `$ifNull needs at least two arguments, had: ${parts.length}`);
  }
  const last = parts.at(-1) as Expression;
  return (root) => {
    for (const part of parts.slice(0, -1)) {
      const value = part(root);
      if (!isNothing(value)) return value;
    }
    return last(root);
  };
}

/** Logic and choice. */
export const CHOICE: OperatorTable = new Map<string, Build>([
  deciding('$and', false),
  deciding('$or', true),
  strict('$not', 1, ([value]) => !truthy(value)),
  ['$cond', conditional],
  ['$switch', choose],
  ['$ifNull', firstKnown],
  ['$literal', (operand) => () => operand],
  ['$const', (operand) => () => operand],
]);
