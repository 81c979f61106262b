// What the keywords of $jsonSchema share: the form of a check, and the reading of their values.
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { typeName } from '../../value/type-order.ts';

/** Says what is wrong, in the form of the server's `errInfo`; made only when somebody asks. */
export type Failure = () => Doc;

/** Null when a value satisfies a keyword. */
export type Check = (value: Value) => Failure | null;

/** A compiled schema: everything that is wrong with a value; [] when nothing is. */
export type Schema = (value: Value) => readonly Failure[];

/** Compiles a nested schema. */
export type CompileSchema = (source: Value, keyword: string) => Schema;

/** A document from its parts; undefined ones are left out. */
export function detail(fields: Readonly<Record<string, Value | undefined>>): Doc {
  const out: Doc = new Map();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) out.set(name, value);
  return out;
}

/** The failure most keywords report.
 *  @param specifiedAs - the keyword with its value, as the schema has it */
export function unsatisfied(operatorName: string, specifiedAs: Doc, reason: string, value: Value): Failure {
  return () => detail({ operatorName, specifiedAs, reason, consideredValue: value });
}

/** What failures say. */
export function told(failures: readonly Failure[]): Doc[] {
  return failures.map((each) => each());
}

function wrong(keyword: string, expected: string, value: Value): DatabaseError {
  return new DatabaseError(
    14,
    `$jsonSchema keyword '${keyword}' must be ${expected}, not ${typeName(value)}`,
  );
}

/** @throws 14 TypeMismatch */
export function objectOf(keyword: string, value: Value): Doc {
  if (!isDoc(value)) throw wrong(keyword, 'an object', value);
  return value;
}

/** @throws 14 TypeMismatch */
export function numberOf(keyword: string, value: Value): number {
  const number = asNumber(value);
  if (number === null) throw wrong(keyword, 'a number', value);
  return number;
}

/** A length or count.
 *  @throws 14 TypeMismatch, 9 FailedToParse */
export function countOf(keyword: string, value: Value): number {
  const number = numberOf(keyword, value);
  if (!Number.isInteger(number) || number < 0) {
    throw new DatabaseError(9, `$jsonSchema keyword '${keyword}' must be a non-negative integer`);
  }
  return number;
}

/** @throws 14 TypeMismatch */
export function flagOf(keyword: string, value: Value): boolean {
  if (typeof value !== 'boolean') throw wrong(keyword, 'a boolean', value);
  return value;
}

/** Names, each once and at least one.
 *  @throws 14 TypeMismatch, 9 FailedToParse */
export function namesOf(keyword: string, value: Value): string[] {
  if (!Array.isArray(value)) throw wrong(keyword, 'an array', value);
  const names = value.map((each) => {
    if (typeof each !== 'string') throw wrong(keyword, 'an array of strings', each);
    return each;
  });
  if (names.length === 0)
    throw new DatabaseError(9, `$jsonSchema keyword '${keyword}' cannot be an empty array`);
  if (new Set(names).size < names.length) {
    throw new DatabaseError(9, `$jsonSchema keyword '${keyword}' array cannot contain duplicate values`);
  }
  return names;
}

/** A list with at least one element.
 *  @throws 14 TypeMismatch, 9 FailedToParse */
export function listOf(keyword: string, value: Value): readonly Value[] {
  if (!Array.isArray(value)) throw wrong(keyword, 'an array', value);
  if (value.length === 0)
    throw new DatabaseError(9, `$jsonSchema keyword '${keyword}' cannot be an empty array`);
  return value;
}
