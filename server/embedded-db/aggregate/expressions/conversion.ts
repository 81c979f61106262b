// $convert and its short forms $toInt, $toDate, ….
import { isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { TYPE_NUMBERS, typeName } from '../../value/type-order.ts';
import { convertTo } from '../convert-value.ts';
import { partOf } from '../named-operands.ts';
import {
  type Build,
  type Compile,
  type Expression,
  isNothing,
  type Maybe,
  type OperatorTable,
  strict,
} from '../scope.ts';

const PARTS = ['input', 'to', 'onError', 'onNull', 'format'];

function refuseWrongParts(operand: Value): asserts operand is Map<string, Value> {
  if (!isDoc(operand)) {
    throw new DatabaseError(
      9,
      `$convert expects an object of named arguments but found: ${typeName(operand)}`,
    );
  }
  for (const name of operand.keys()) {
    if (!PARTS.includes(name)) throw new DatabaseError(9, `$convert found an unknown argument: ${name}`);
  }
  for (const name of ['input', 'to']) {
    if (!operand.has(name)) throw new DatabaseError(9, `Missing '${name}' parameter to $convert`);
  }
}

const NAME_OF_NUMBER = new Map(Object.entries(TYPE_NUMBERS).map(([name, number]) => [number, name]));

function targetName(to: Value): string {
  const wanted = isDoc(to) ? (to.get('type') ?? null) : to;
  if (typeof wanted === 'string') {
    if (wanted in TYPE_NUMBERS) return wanted;
    throw new DatabaseError(2, `Unknown type name: ${wanted}`);
  }
  const number = asNumber(wanted);
  if (number === null) {
    throw new DatabaseError(
      9,
      `$convert's 'to' argument must be a string or number, but is ${typeName(wanted)}`,
    );
  }
  if (!Number.isInteger(number)) {
    throw new DatabaseError(9, "In $convert, numeric 'to' argument is not an integer");
  }
  const name = NAME_OF_NUMBER.get(number);
  if (name !== undefined) return name;
  throw new DatabaseError(
    9,
    `In $convert, numeric value for 'to' does not correspond to a BSON type: ${number}`,
  );
}

function formatOf(value: Maybe): string | null {
  if (isNothing(value)) return null;
  if (typeof value === 'string') return value;
  throw new DatabaseError(4341107, `$convert requires that 'format' be a string, found: ${typeName(value)}`);
}

function isConversionFailure(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === 241;
}

function convert(operand: Value, compile: Compile): Expression {
  refuseWrongParts(operand);
  const [input, to, onError, onNull, format] = PARTS.map((part) => partOf(operand, part, compile)) as [
    Expression,
    Expression,
    Expression,
    Expression,
    Expression,
  ];
  const hasOnError = operand.has('onError');
  return (root) => {
    const value = input(root);
    const target = to(root);
    const name = isNothing(target) ? null : targetName(target);
    if (isNothing(value)) return operand.has('onNull') ? onNull(root) : null;
    if (name === null) return null;
    try {
      return convertTo(name, value, formatOf(format(root)));
    } catch (error) {
      if (!hasOnError || !isConversionFailure(error)) throw error;
      return onError(root);
    }
  };
}

function short(name: string, target: string, format: string | null = null): [string, Build] {
  return strict(name, 1, ([value]) => (isNothing(value) ? null : convertTo(target, value, format)));
}

/** Conversions between types. */
export const CONVERSION: OperatorTable = new Map<string, Build>([
  ['$convert', convert],
  short('$toBool', 'bool'),
  short('$toDate', 'date'),
  short('$toDecimal', 'decimal'),
  short('$toDouble', 'double'),
  short('$toInt', 'int'),
  short('$toLong', 'long'),
  short('$toObjectId', 'objectId'),
  short('$toString', 'string', 'auto'),
  short('$toUUID', 'binData', 'uuid'),
]);
