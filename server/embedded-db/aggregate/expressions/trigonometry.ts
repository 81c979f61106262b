// Trigonometric functions, on doubles.
import { Decimal, type Value } from '../../bson/value.ts';
import { DatabaseError, notSupported } from '../../database-error.ts';
import { toDouble } from '../../value/decimal.ts';
import { isNumber, typeName } from '../../value/type-order.ts';
import { type Build, isNothing, type Maybe, type OperatorTable, strict } from '../scope.ts';

type Bounds = readonly [least: number, most: number, isOpen: boolean];

const FINITE: Bounds = [-Infinity, Infinity, true];
const REAL: Bounds = [-Infinity, Infinity, false];

function numberOf(name: string, value: Maybe): number {
  if (!isNumber(value)) {
    throw new DatabaseError(28765, `${name} only supports numeric types, not ${typeName(value ?? null)}`);
  }
  if (value instanceof Decimal) throw notSupported(`${name} of a decimal`);
  return toDouble(value);
}

function bounded(name: string, apply: (value: number) => Value, bounds: Bounds): [string, Build] {
  const [least, most, isOpen] = bounds;
  return strict(name, 1, ([operand]) => {
    if (isNothing(operand)) return null;
    const value = numberOf(name, operand);
    const isOutside = isOpen ? value <= least || value >= most : value < least || value > most;
    if (isOutside) {
      const [open, close] = isOpen ? ['(', ')'] : ['[', ']'];
      throw new DatabaseError(
        50989,
        `cannot apply ${name} to ${value}, value must be in ${open}${least},${most}${close}`,
      );
    }
    return apply(value);
  });
}

/** Angles are radians. Decimals are refused with 115: no exact form is kept for them. */
export const TRIGONOMETRY: OperatorTable = new Map([
  bounded('$sin', Math.sin, FINITE),
  bounded('$cos', Math.cos, FINITE),
  bounded('$tan', Math.tan, FINITE),
  bounded('$asin', Math.asin, [-1, 1, false]),
  bounded('$acos', Math.acos, [-1, 1, false]),
  bounded('$atan', Math.atan, REAL),
  bounded('$sinh', Math.sinh, REAL),
  bounded('$cosh', Math.cosh, REAL),
  bounded('$tanh', Math.tanh, REAL),
  bounded('$asinh', Math.asinh, REAL),
  bounded('$acosh', Math.acosh, [1, Infinity, false]),
  bounded('$atanh', Math.atanh, [-1, 1, false]),
  bounded('$degreesToRadians', (value) => value * (Math.PI / 180), REAL),
  bounded('$radiansToDegrees', (value) => value * (180 / Math.PI), REAL),
  strict('$atan2', 2, ([y, x]) =>
    isNothing(y) || isNothing(x) ? null : Math.atan2(numberOf('$atan2', y), numberOf('$atan2', x)),
  ),
]);
