// Single parts of a date: $year, $isoWeek, $hour and their kind.
import { Int32, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { dayOfYear, isoWeek, isoWeekday, weekOfYear } from '../calendar.ts';
import { dateOperand, zoneOperand } from '../date-operand.ts';
import { partOf } from '../named-operands.ts';
import { type Build, type Compile, type Expression, isNothing, type OperatorTable } from '../scope.ts';
import { toLocal } from '../time-zone.ts';

interface DateOperands {
  readonly date: Expression;
  readonly zone: Expression;
  readonly hasZone: boolean;
}

/** `'$date'`, `['$date']` or `{ date, timezone }`. */
function read(name: string, operand: Value, compile: Compile): DateOperands {
  const isLong = isDoc(operand) && !operand.keys().next().value?.startsWith('$');
  if (!isLong) {
    if (Array.isArray(operand) && operand.length !== 1) {
      throw new DatabaseError(
        40536,
        `${name} accepts exactly one argument if given an array, but was given ${operand.length}`,
      );
    }
    const date = Array.isArray(operand) ? (operand[0] as Value) : operand;
    return { date: compile(date), zone: () => undefined, hasZone: false };
  }
  for (const part of operand.keys()) {
    if (part !== 'date' && part !== 'timezone') {
      throw new DatabaseError(40535, `unrecognized option to ${name}: "${part}"`);
    }
  }
  if (!operand.has('date')) throw new DatabaseError(40539, `missing 'date' argument to ${name}`);
  return {
    date: partOf(operand, 'date', compile),
    zone: partOf(operand, 'timezone', compile),
    hasZone: operand.has('timezone'),
  };
}

function part(name: string, pick: (localMs: number) => number | bigint): [string, Build] {
  const build: Build = (operand, compile) => {
    const { date, zone, hasZone } = read(name, operand, compile);
    return (root) => {
      const value = date(root);
      if (isNothing(value)) return null;
      const at = zoneOperand(zone(root), hasZone);
      if (!at) return null;
      const found = pick(toLocal(at, dateOperand(value).getTime()));
      return typeof found === 'bigint' ? found : new Int32(found);
    };
  };
  return [name, build];
}

/** Parts of dates, in local time. */
export const DATE_PARTS: OperatorTable = new Map([
  part('$year', (ms) => new Date(ms).getUTCFullYear()),
  part('$month', (ms) => new Date(ms).getUTCMonth() + 1),
  part('$dayOfMonth', (ms) => new Date(ms).getUTCDate()),
  part('$dayOfWeek', (ms) => new Date(ms).getUTCDay() + 1),
  part('$dayOfYear', dayOfYear),
  part('$hour', (ms) => new Date(ms).getUTCHours()),
  part('$minute', (ms) => new Date(ms).getUTCMinutes()),
  part('$second', (ms) => new Date(ms).getUTCSeconds()),
  part('$millisecond', (ms) => new Date(ms).getUTCMilliseconds()),
  part('$week', weekOfYear),
  part('$isoWeek', (ms) => isoWeek(ms).week),
  part('$isoWeekYear', (ms) => BigInt(isoWeek(ms).year)),
  part('$isoDayOfWeek', isoWeekday),
]);
