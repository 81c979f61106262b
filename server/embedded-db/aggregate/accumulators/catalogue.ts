// All accumulators, family by family.

import { isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError, notSupported } from '../../database-error.ts';
import type { Compile } from '../scope.ts';
import type { Accumulating, AccumulatorTable } from './accumulator.ts';
import { COLLECTING } from './collecting.ts';
import { EXTREMES } from './extremes.ts';
import { PERCENTILES } from './percentiles.ts';
import { PLACES } from './places.ts';
import { SUMS } from './sums.ts';
import { TOPS } from './tops.ts';

const ACCUMULATORS: AccumulatorTable = new Map([
  ...COLLECTING,
  ...EXTREMES,
  ...PERCENTILES,
  ...PLACES,
  ...SUMS,
  ...TOPS,
]);

/** Compiles `{ $sum: … }`, the value of a field of `$group` and its kind.
 *  @throws 40234, 40238 for anything but one operator, 15952 for an unknown one, 115 for one left out */
export function compileAccumulator(field: string, source: Value, compile: Compile): Accumulating {
  if (!isDoc(source) || source.size === 0) {
    throw new DatabaseError(40234, `The field '${field}' must be an accumulator object`);
  }
  if (source.size !== 1) throw new DatabaseError(40238, `The field '${field}' must specify one accumulator`);
  const [[operator, operand]] = source as unknown as [[string, Value]];
  const build = ACCUMULATORS.get(operator);
  if (build) return build(operand, compile);
  if (!operator.startsWith('$')) {
    throw new DatabaseError(40234, `The field '${field}' must be an accumulator object`);
  }
  if (operator === '$accumulator') throw notSupported('the accumulator $accumulator');
  throw new DatabaseError(15952, `unknown group operator '${operator}'`);
}
