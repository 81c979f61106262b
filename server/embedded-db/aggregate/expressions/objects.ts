// $mergeObjects, $objectToArray, $getField, $setField, $unsetField, and what values are: $type, sizes, $rand.

import { encodeDoc } from '../../bson/encode.ts';
import { show } from '../../bson/show.ts';
import { Binary, type Doc, Int32, isDoc, Timestamp, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { isNumber, typeName } from '../../value/type-order.ts';
import { partOf, partsOf } from '../named-operands.ts';
import {
  type Build,
  type Compile,
  type Expression,
  isNothing,
  type Maybe,
  type OperatorTable,
  strict,
} from '../scope.ts';
import { nameOf } from './arithmetic.ts';

/** Puts the fields of a value into `out`; null and missing add nothing.
 *  @throws 40400 for anything but a document */
export function mergeInto(out: Doc, value: Maybe): void {
  if (isNothing(value)) return;
  if (!isDoc(value)) {
    throw new DatabaseError(
      40400,
      `$mergeObjects requires object inputs, but input ${show(value)} is of type ${typeName(value)}`,
    );
  }
  for (const [name, field] of value) out.set(name, field);
}

function mergeObjects(values: readonly Maybe[]): Value {
  const out: Doc = new Map();
  const [only] = values;
  for (const value of values.length === 1 && Array.isArray(only) ? only : values) mergeInto(out, value);
  return out;
}

function objectToArray([value]: readonly Maybe[]): Value {
  if (isNothing(value)) return null;
  if (!isDoc(value)) {
    throw new DatabaseError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
  }
  return [...value].map(
    ([k, v]) =>
      new Map<string, Value>([
        ['k', k],
        ['v', v],
      ]),
  );
}

const GET_FIELD = {
  required: ['field', 'input'],
  codes: { object: 3041701, unknown: 3041701, missing: { field: 3041702, input: 3041703 } },
};

/** The short form names the field alone and reads the current document. */
function getField(operand: Value, compile: Compile): Expression {
  const isLong = isDoc(operand) && (operand.has('field') || operand.has('input'));
  const source: Doc = isLong
    ? partsOf('$getField', operand, GET_FIELD)
    : new Map<string, Value>([
        ['field', operand],
        ['input', '$$CURRENT'],
      ]);
  const [field, input] = [partOf(source, 'field', compile), partOf(source, 'input', compile)];
  return (root) => {
    const name = field(root);
    if (typeof name !== 'string') {
      throw new DatabaseError(
        3041704,
        `$getField requires 'field' to evaluate to type String, but got ${nameOf(name)}`,
      );
    }
    const value = input(root);
    if (isDoc(value)) return value.get(name);
    return value === null ? null : undefined;
  };
}

/** The name to set has to be known before any document is. */
function constantName(name: string, source: Doc): string {
  const field = source.get('field');
  const constant = isDoc(field) && field.size === 1 && field.has('$literal') ? field.get('$literal') : field;
  if (typeof constant === 'string' && (constant !== field || !constant.startsWith('$'))) return constant;
  throw new DatabaseError(
    typeof constant === 'string' ? 4161108 : 4161107,
    `${name} requires 'field' to evaluate to a constant of type String, but got ${nameOf(constant)}`,
  );
}

const SET_CODES = {
  object: 4161100,
  unknown: 4161101,
  missing: { field: 4161102, value: 4161103, input: 4161109 },
};

function setField(name: string, required: readonly string[]): [string, Build] {
  const build: Build = (operand, compile) => {
    const source = partsOf(name, operand, { required, codes: SET_CODES });
    const field = constantName(name, source);
    const [input, value] = [partOf(source, 'input', compile), partOf(source, 'value', compile)];
    return (root) => {
      const holder = input(root);
      if (isNothing(holder)) return null;
      if (!isDoc(holder)) {
        throw new DatabaseError(4161105, `${name} requires 'input' to evaluate to type Object`);
      }
      const next = value(root);
      const out: Doc = new Map(holder);
      if (next === undefined) out.delete(field);
      else out.set(field, next);
      return out;
    };
  };
  return [name, build];
}

function bsonSize([value]: readonly Maybe[]): Value {
  if (isNothing(value)) return null;
  if (isDoc(value)) return new Int32(encodeDoc(value).length);
  throw new DatabaseError(31393, `$bsonSize requires a document input, found: ${typeName(value)}`);
}

function binarySize([value]: readonly Maybe[]): Value {
  if (isNothing(value)) return null;
  if (typeof value === 'string') return new Int32(Buffer.byteLength(value));
  if (value instanceof Binary) return new Int32(value.bytes.length);
  throw new DatabaseError(
    51276,
    `$binarySize requires a string or BinData argument, found: ${typeName(value)}`,
  );
}

function timestampPart(name: string, code: number, part: (bits: bigint) => bigint) {
  return strict(name, 1, ([value]) => {
    if (isNothing(value)) return null;
    if (value instanceof Timestamp) return part(value.bits);
    throw new DatabaseError(code, `${name} requires a timestamp argument, found: ${typeName(value)}`);
  });
}

/** Documents, and the nature of values. */
export const OBJECTS: OperatorTable = new Map<string, Build>([
  strict('$mergeObjects', null, mergeObjects),
  strict('$objectToArray', 1, objectToArray),
  ['$getField', getField],
  setField('$setField', ['field', 'input', 'value']),
  setField('$unsetField', ['field', 'input']),
  strict('$type', 1, ([value]) => nameOf(value)),
  strict('$isNumber', 1, ([value]) => isNumber(value)),
  strict('$bsonSize', 1, bsonSize),
  strict('$binarySize', 1, binarySize),
  timestampPart('$tsSecond', 5687301, (bits) => bits >> 32n),
  timestampPart('$tsIncrement', 5687302, (bits) => bits & 0xffffffffn),
  ['$rand', () => () => Math.random()],
]);
