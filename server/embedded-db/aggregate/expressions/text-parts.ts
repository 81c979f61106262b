// Parts of a text and where they are: $substr…, $indexOf….
import { Int32, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { isNothing, type Maybe, type OperatorTable, strict } from '../scope.ts';
import { nameOf } from './arithmetic.ts';
import { coercedText } from './text-of.ts';
import { int32Of, placeOperand } from './whole-operand.ts';

function isContinuation(bytes: Buffer, at: number): boolean {
  return at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80;
}

function byteNumber(name: string, value: Maybe, what: string, code: number): number {
  const number = asNumber(value);
  if (number !== null) return Math.trunc(number);
  throw new DatabaseError(code, `${name}:  ${what} must be a numeric type (is BSON type ${nameOf(value)})`);
}

function substrBytes(name: string, [text, start, count]: readonly Maybe[]): Value {
  const bytes = Buffer.from(coercedText(text));
  const from = byteNumber(name, start, 'starting index', 16034);
  const length = byteNumber(name, count, 'length', 16035);
  if (from < 0) {
    throw new DatabaseError(50752, `${name}:  starting index must be non-negative (got: ${from})`);
  }
  if (from >= bytes.length) return '';
  // A negative length means: to the end.
  const to = length < 0 ? bytes.length : Math.min(from + length, bytes.length);
  if (isContinuation(bytes, from)) {
    throw new DatabaseError(28656, `${name}:  Invalid range, starting index is a UTF-8 continuation byte.`);
  }
  if (isContinuation(bytes, to)) {
    throw new DatabaseError(
      28657,
      `${name}:  Invalid range, ending index is in the middle of a UTF-8 character.`,
    );
  }
  return bytes.toString('utf8', from, to);
}

function cpNumber(value: Maybe, what: string, code: number): number {
  if (asNumber(value) === null) {
    throw new DatabaseError(
      code,
      `$substrCP: ${what} must be a numeric type (is BSON type ${nameOf(value)})`,
    );
  }
  const number = int32Of(value);
  if (number !== null) return number;
  throw new DatabaseError(code + 1, `$substrCP: ${what} cannot be represented as a 32-bit integral value`);
}

function substrCP([text, start, count]: readonly Maybe[]): Value {
  const all = coercedText(text);
  const from = cpNumber(start, 'starting index', 34450);
  const length = cpNumber(count, 'length', 34452);
  if (length < 0) throw new DatabaseError(34454, '$substrCP: length must be a nonnegative integer.');
  if (from < 0) {
    throw new DatabaseError(34455, '$substrCP: the starting index must be nonnegative integer.');
  }
  return [...all].slice(from, from + length).join('');
}

function textOperand(name: string, value: Maybe, code: number, which: string): string {
  if (typeof value === 'string') return value;
  throw new DatabaseError(
    code,
    `${name} requires a string as the ${which} argument, found: ${nameOf(value)}`,
  );
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function rangeOf(name: string, start: Maybe, end: Maybe, length: number): Range {
  const from = start === undefined ? 0 : placeOperand(name, 'starting', start);
  const to = end === undefined ? length : placeOperand(name, 'ending', end);
  return { from, to: Math.min(to, length) };
}

function indexOfBytes([text, token, start, end]: readonly Maybe[]): Value {
  if (isNothing(text)) return null;
  const bytes = Buffer.from(textOperand('$indexOfBytes', text, 40091, 'first'));
  const wanted = Buffer.from(textOperand('$indexOfBytes', token, 40092, 'second'));
  const { from, to } = rangeOf('$indexOfBytes', start, end, bytes.length);
  if (from > bytes.length || to < from) return new Int32(-1);
  const found = bytes.subarray(0, to).indexOf(wanted, from);
  return new Int32(found);
}

function indexOfCP([text, token, start, end]: readonly Maybe[]): Value {
  if (isNothing(text)) return null;
  const points = [...textOperand('$indexOfCP', text, 40093, 'first')];
  const wanted = textOperand('$indexOfCP', token, 40094, 'second');
  const { from, to } = rangeOf('$indexOfCP', start, end, points.length);
  if (from > points.length || to < from) return new Int32(-1);
  const part = points.slice(from, to).join('');
  const found = part.indexOf(wanted);
  return new Int32(found < 0 ? -1 : from + [...part.slice(0, found)].length);
}

/** Parts of text, by code points or by bytes of its UTF-8 form. */
export const TEXT_PARTS: OperatorTable = new Map([
  strict('$substr', 3, (values) => substrBytes('$substrBytes', values)),
  strict('$substrBytes', 3, (values) => substrBytes('$substrBytes', values)),
  strict('$substrCP', 3, substrCP),
  strict('$indexOfBytes', [2, 4], indexOfBytes),
  strict('$indexOfCP', [2, 4], indexOfCP),
]);
