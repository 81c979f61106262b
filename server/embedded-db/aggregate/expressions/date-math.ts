// $dateAdd, $dateSubtract, $dateDiff, $dateTrunc.
import type { Doc, Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { momentOf, zoneOperand } from '../date-operand.ts';
import { addToDate, countUnits, type TimeUnit, truncateDate, unitOf, weekStartOf } from '../date-units.ts';
import { partOf, partsOf } from '../named-operands.ts';
import {
  type Build,
  type Compile,
  type Expression,
  isNothing,
  type Maybe,
  type OperatorTable,
} from '../scope.ts';
import { nameOf } from './arithmetic.ts';

/** The values of all parts for a document; null as soon as a given one is null or missing. */
type Read = (root: Doc) => Readonly<Record<string, Value>> | null;

function reader(source: Doc, compile: Compile): Read {
  const parts = [...source.keys()].map((name): [string, Expression] => [name, partOf(source, name, compile)]);
  return (root) => {
    const out: Record<string, Value> = {};
    for (const [name, evaluate] of parts) {
      const value = evaluate(root);
      if (isNothing(value)) return null;
      out[name] = value;
    }
    return out;
  };
}

function moment(operator: string, part: string, value: Maybe, code: number): Date {
  const found = isNothing(value) ? null : momentOf(value);
  if (found) return found;
  throw new DatabaseError(code, `${operator} requires '${part}' to be a date, but got ${nameOf(value)}`);
}

function whole(value: Maybe, code: number, why: string): number {
  const number = asNumber(value);
  if (number !== null && Number.isSafeInteger(number)) return number;
  throw new DatabaseError(code, why);
}

function usesWeeks(unit: TimeUnit): boolean {
  return unit === 'week';
}

function zone(values: Readonly<Record<string, Value>>) {
  const found = zoneOperand(values['timezone'], values['timezone'] !== undefined);
  if (found) return found;
  throw new DatabaseError(40517, 'timezone must evaluate to a string');
}

const ADD = {
  required: ['startDate', 'unit', 'amount'],
  optional: ['timezone'],
  codes: { object: 5166400, unknown: 5166401, missing: 5166402 },
};

function adding(name: string, sign: 1 | -1): [string, Build] {
  const build: Build = (operand, compile) => {
    const read = reader(partsOf(name, operand, ADD), compile);
    return (root) => {
      const values = read(root);
      if (!values) return null;
      const start = moment(name, 'startDate', values['startDate'], 5166403);
      const unit = unitOf(name, values['unit'], 5166404);
      const amount = whole(values['amount'], 5166405, `${name} expects integer amount of time units`);
      return addToDate(start, { unit, count: amount * sign, zone: zone(values) });
    };
  };
  return [name, build];
}

const DIFF = {
  required: ['startDate', 'endDate', 'unit'],
  optional: ['timezone', 'startOfWeek'],
  codes: {
    object: 5166301,
    unknown: 5166302,
    missing: { startDate: 5166303, endDate: 5166304, unit: 5166305 },
  },
};

function dateDiff(operand: Value, compile: Compile): Expression {
  const source = partsOf('$dateDiff', operand, DIFF);
  const read = reader(source, compile);
  return (root) => {
    const values = read(root);
    if (!values) return null;
    const start = moment('$dateDiff', 'startDate', values['startDate'], 5166307);
    const end = moment('$dateDiff', 'endDate', values['endDate'], 5166307);
    const unit = unitOf('$dateDiff', values['unit'], 5439013);
    const weekStart = usesWeeks(unit) ? weekStartOf('$dateDiff', values['startOfWeek']) : 7;
    return BigInt(countUnits(start, end, { unit, zone: zone(values), weekStart }));
  };
}

const TRUNC = {
  required: ['date', 'unit'],
  optional: ['binSize', 'timezone', 'startOfWeek'],
  codes: { object: 5439007, unknown: 5439008, missing: { date: 5439009, unit: 5439010 } },
};

function dateTrunc(operand: Value, compile: Compile): Expression {
  const read = reader(partsOf('$dateTrunc', operand, TRUNC), compile);
  return (root) => {
    const values = read(root);
    if (!values) return null;
    const date = moment('$dateTrunc', 'date', values['date'], 5439012);
    const unit = unitOf('$dateTrunc', values['unit'], 5439013);
    const size = values['binSize'] ?? 1;
    const count = whole(size, 5439017, "$dateTrunc requires 'binSize' to be a 64-bit integer");
    if (count <= 0) {
      throw new DatabaseError(
        5439018,
        `$dateTrunc requires 'binSize' to be greater than 0, but got value ${count}`,
      );
    }
    const weekStart = usesWeeks(unit) ? weekStartOf('$dateTrunc', values['startOfWeek']) : 7;
    return truncateDate(date, { unit, count, zone: zone(values), weekStart });
  };
}

/** Arithmetic with units of time; an operand that is null or missing makes the result null. */
export const DATE_MATH: OperatorTable = new Map<string, Build>([
  adding('$dateAdd', 1),
  adding('$dateSubtract', -1),
  ['$dateDiff', dateDiff],
  ['$dateTrunc', dateTrunc],
]);
