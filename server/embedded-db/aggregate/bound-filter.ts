// Filters that refer to variables: `$expr` sees them as constants, so that a filter needs nothing but itself.
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import type { Cell } from './scope.ts';

function constants(variables: ReadonlyMap<string, Cell>): Doc {
  const out: Doc = new Map();
  for (const [name, { value }] of variables) {
    out.set(name, value === undefined ? '$$REMOVE' : new Map([['$literal', value]]));
  }
  return out;
}

function bindAll(list: Value, vars: Doc): Value {
  return Array.isArray(list) ? list.map((each) => (isDoc(each) ? bind(each, vars) : each)) : list;
}

function bind(filter: Doc, vars: Doc): Doc {
  const out: Doc = new Map();
  for (const [name, operand] of filter) {
    if (name === '$expr') {
      const inner: Doc = new Map<string, Value>([
        ['vars', vars],
        ['in', operand],
      ]);
      out.set(name, new Map([['$let', inner]]));
    } else if (name === '$and' || name === '$or' || name === '$nor') out.set(name, bindAll(operand, vars));
    else out.set(name, operand);
  }
  return out;
}

/** The same filter with the present values of the variables in every `$expr`. */
export function bindInFilter(filter: Doc, variables: ReadonlyMap<string, Cell>): Doc {
  return variables.size === 0 ? filter : bind(filter, constants(variables));
}
