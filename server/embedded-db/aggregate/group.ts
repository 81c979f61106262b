// $group: one accumulator a field, one state a group.
import { type Doc, Int32, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { PAUSE, type Stream } from '../store/row.ts';
import { compareValues } from '../value/compare.ts';
import type { Numeric } from '../value/decimal.ts';
import { partKey } from '../value/key.ts';
import { isNumber, typeName } from '../value/type-order.ts';
import { compileExpression } from './expression.ts';
import { divide, sum } from './expressions/arithmetic.ts';
import { type Expression, isNothing } from './scope.ts';

/** Collects the values of one field of one group. */
interface Accumulator {
  add(value: Value | undefined): void;
  result(): Value;
}

function summing(): Accumulator {
  let total: Numeric = new Int32(0);
  return {
    add: (value) => {
      if (isNumber(value)) total = sum(total, value);
    },
    result: () => total,
  };
}

function averaging(): Accumulator {
  let total: Numeric = new Int32(0);
  let count = 0;
  return {
    add: (value) => {
      if (!isNumber(value)) return;
      total = sum(total, value);
      count++;
    },
    result: () => (count === 0 ? null : divide(total, new Int32(count))),
  };
}

function extreme(sign: 1 | -1): Accumulator {
  let best: Value = null;
  return {
    add: (value) => {
      if (!isNothing(value) && (best === null || compareValues(value, best) * sign > 0)) best = value;
    },
    result: () => best,
  };
}

function first(): Accumulator {
  let value: Value | undefined;
  let isSet = false;
  return {
    add: (next) => {
      if (!isSet) value = next;
      isSet = true;
    },
    result: () => value ?? null,
  };
}

function last(): Accumulator {
  let value: Value | undefined;
  return {
    add: (next) => {
      value = next;
    },
    result: () => value ?? null,
  };
}

function pushing(): Accumulator {
  const values: Value[] = [];
  return {
    add: (value) => {
      if (value !== undefined) values.push(value);
    },
    result: () => values,
  };
}

function distinct(): Accumulator {
  const values = new Map<string, Value>();
  return {
    add: (value) => {
      if (value === undefined) return;
      const key = partKey(value).toString('latin1');
      if (!values.has(key)) values.set(key, value);
    },
    result: () => [...values.values()],
  };
}

function merging(): Accumulator {
  const out: Doc = new Map();
  return {
    add: (value) => {
      if (isNothing(value)) return;
      if (!isDoc(value))
        throw new DatabaseError(
          40400,
          `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`,
        );
      for (const [name, field] of value) out.set(name, field);
    },
    result: () => out,
  };
}

const ACCUMULATORS = new Map<string, () => Accumulator>([
  ['$sum', summing],
  ['$avg', averaging],
  ['$min', () => extreme(-1)],
  ['$max', () => extreme(1)],
  ['$first', first],
  ['$last', last],
  ['$push', pushing],
  ['$addToSet', distinct],
  ['$mergeObjects', merging],
]);

interface Field {
  readonly name: string;
  readonly make: () => Accumulator;
  readonly evaluate: Expression;
}

function readField(name: string, source: Value): Field {
  const entry = isDoc(source) && source.size === 1 ? [...source][0] : undefined;
  if (!entry) throw new DatabaseError(40234, `The field '${name}' must be an accumulator object`);
  const [operator, operand] = entry;
  if (operator === '$count') return { name, make: summing, evaluate: () => new Int32(1) };
  const make = ACCUMULATORS.get(operator);
  if (!make) throw notSupported(`the accumulator ${operator}`);
  return { name, make, evaluate: compileExpression(operand) };
}

interface Group {
  readonly id: Value;
  readonly states: readonly Accumulator[];
}

function addTo(groups: Map<string, Group>, source: Doc, key: Expression, fields: readonly Field[]): void {
  const id = key(source) ?? null;
  const name = partKey(id).toString('latin1');
  let group = groups.get(name);
  if (!group) {
    group = { id, states: fields.map((field) => field.make()) };
    groups.set(name, group);
  }
  for (let i = 0; i < fields.length; i++) group.states[i]?.add((fields[i] as Field).evaluate(source));
}

function outcome(group: Group, fields: readonly Field[]): Doc {
  const out: Doc = new Map([['_id', group.id]]);
  for (let i = 0; i < fields.length; i++) {
    out.set((fields[i] as Field).name, (group.states[i] as Accumulator).result());
  }
  return out;
}

/** Compiles a `$group` stage.
 *  @throws 15955 without `_id`, 40234 for fields that are no accumulators, 115 for others */
export function groupStage(source: Value): (input: Stream<Doc>) => Stream<Doc> {
  if (!isDoc(source)) throw new DatabaseError(15947, "a group's fields must be specified in an object");
  const id = source.get('_id');
  if (id === undefined) throw new DatabaseError(15955, 'a group specification must include an _id');
  const key = compileExpression(id);
  const fields = [...source]
    .filter(([name]) => name !== '_id')
    .map(([name, value]) => readField(name, value));
  return function* (input) {
    const groups = new Map<string, Group>();
    for (const each of input) {
      if (each === PAUSE) yield PAUSE;
      else addTo(groups, each, key, fields);
    }
    for (const group of groups.values()) yield outcome(group, fields);
  };
}
