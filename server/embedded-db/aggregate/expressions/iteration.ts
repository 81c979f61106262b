// $filter, $map, $reduce, $let: operators that bind variables.

import { show } from '../../bson/show.ts';
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { effort } from '../../value/effort.ts';
import { typeName } from '../../value/type-order.ts';
import { checkVariableName } from '../field-path.ts';
import { partOf, partsOf } from '../named-operands.ts';
import {
  type Build,
  type Cell,
  type Compile,
  type Expression,
  isNothing,
  type OperatorTable,
} from '../scope.ts';
import { truthy } from '../truth.ts';
import { int32Of } from './whole-operand.ts';

function newCell(): Cell {
  return { value: undefined };
}

function bindingName(source: Doc): string {
  const name = source.get('as') ?? 'this';
  if (typeof name !== 'string') throw new DatabaseError(14, "'as' must be a string");
  return checkVariableName(name);
}

function limitOf(value: Value | undefined): number {
  if (value === undefined || value === null) return Number.POSITIVE_INFINITY;
  const limit = int32Of(value);
  if (limit === null) {
    throw new DatabaseError(
      327391,
      `$filter: limit must be represented as a 32-bit integral value: ${show(value)}`,
    );
  }
  if (limit > 0) return limit;
  throw new DatabaseError(327392, `$filter: limit must be greater than 0: ${limit}`);
}

const FILTER = {
  required: ['input', 'cond'],
  optional: ['as', 'limit'],
  codes: { object: 28646, unknown: 28647, missing: { input: 28648, cond: 28650 } },
};

function filter(operand: Value, compile: Compile): Expression {
  const source = partsOf('$filter', operand, FILTER);
  const cell = newCell();
  const input = partOf(source, 'input', compile);
  const limit = partOf(source, 'limit', compile);
  const test = compile(source.get('cond') ?? null, new Map([[bindingName(source), cell]]));
  return (root) => {
    const values = input(root);
    if (isNothing(values)) return null;
    if (!Array.isArray(values)) {
      throw new DatabaseError(28651, `input to $filter must be an array not ${typeName(values)}`);
    }
    const most = limitOf(limit(root));
    const out: Value[] = [];
    for (const value of values) {
      if (out.length >= most) break;
      effort();
      cell.value = value;
      if (truthy(test(root))) out.push(value);
    }
    return out;
  };
}

const MAP = {
  required: ['input', 'in'],
  optional: ['as'],
  codes: { object: 16878, unknown: 16879, missing: { input: 16880, in: 16882 } },
};

function map(operand: Value, compile: Compile): Expression {
  const source = partsOf('$map', operand, MAP);
  const cell = newCell();
  const input = partOf(source, 'input', compile);
  const inner = compile(source.get('in') ?? null, new Map([[bindingName(source), cell]]));
  return (root) => {
    const values = input(root);
    if (isNothing(values)) return null;
    if (!Array.isArray(values)) {
      throw new DatabaseError(16883, `input to $map must be an array not ${typeName(values)}`);
    }
    return values.map((value) => {
      effort();
      cell.value = value;
      return inner(root) ?? null;
    });
  };
}

const REDUCE = {
  required: ['input', 'initialValue', 'in'],
  codes: { object: 40075, unknown: 40076, missing: { input: 40077, initialValue: 40078, in: 40079 } },
};

function reduce(operand: Value, compile: Compile): Expression {
  const source = partsOf('$reduce', operand, REDUCE);
  const [element, total] = [newCell(), newCell()];
  const input = partOf(source, 'input', compile);
  const initial = partOf(source, 'initialValue', compile);
  const bound = new Map([
    ['this', element],
    ['value', total],
  ]);
  const inner = compile(source.get('in') ?? null, bound);
  return (root) => {
    const values = input(root);
    if (isNothing(values)) return null;
    if (!Array.isArray(values)) {
      throw new DatabaseError(40080, `$reduce requires that 'input' be an array, found: ${show(values)}`);
    }
    let result = initial(root);
    for (const value of values) {
      effort();
      element.value = value;
      total.value = result;
      result = inner(root);
    }
    return result;
  };
}

const LET = {
  required: ['vars', 'in'],
  codes: { object: 16874, unknown: 16875, missing: { vars: 16876, in: 16877 } },
};

function withVariables(operand: Value, compile: Compile): Expression {
  const source = partsOf('$let', operand, LET);
  const vars = source.get('vars');
  if (!isDoc(vars)) throw new DatabaseError(10065, 'invalid parameter: expected an object (vars)');
  const bound = new Map<string, Cell>();
  // The values see the outer variables only.
  const values = [...vars].map(([name, value]) => {
    const cell = newCell();
    bound.set(checkVariableName(name), cell);
    return [cell, compile(value)] as const;
  });
  const inner = compile(source.get('in') ?? null, bound);
  return (root) => {
    for (const [cell, evaluate] of values) cell.value = evaluate(root);
    return inner(root);
  };
}

/** Operators that evaluate an inner expression with variables of their own. */
export const ITERATION: OperatorTable = new Map<string, Build>([
  ['$filter', filter],
  ['$map', map],
  ['$reduce', reduce],
  ['$let', withVariables],
]);
