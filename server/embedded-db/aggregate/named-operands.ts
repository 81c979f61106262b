// Operators that take an object of named parts: reading the parts, refusing others.
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { typeName } from '../value/type-order.ts';
import type { Compile, Expression } from './scope.ts';

/** Codes an operator answers with for a wrong operand. */
export interface PartCodes {
  /** The operand is no object. */
  readonly object: number;
  /** A part nobody knows. */
  readonly unknown: number;
  /** A required part is missing: one code for all, or one for each name. */
  readonly missing: number | Readonly<Record<string, number>>;
}

/** The parts an operator knows. */
export interface Parts {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  readonly codes: PartCodes;
}

/** The operand as an object with only known parts, all required ones among them. */
export function partsOf(name: string, operand: Value, parts: Parts): Doc {
  const { required, optional = [], codes } = parts;
  if (!isDoc(operand)) {
    throw new DatabaseError(
      codes.object,
      `${name} only supports an object as an argument, found: ${typeName(operand)}`,
    );
  }
  for (const part of operand.keys()) {
    if (!required.includes(part) && !optional.includes(part)) {
      throw new DatabaseError(codes.unknown, `${name} found an unknown argument: ${part}`);
    }
  }
  for (const part of required) {
    if (operand.has(part)) continue;
    const code = typeof codes.missing === 'number' ? codes.missing : (codes.missing[part] ?? 9);
    throw new DatabaseError(code, `${name} requires '${part}' to be specified`);
  }
  return operand;
}

/** A part as an expression; a missing one gives `undefined`. */
export function partOf(source: Doc, part: string, compile: Compile): Expression {
  const value = source.get(part);
  return value === undefined ? () => undefined : compile(value);
}

/** A literal true or false of a part, false when it is absent.
 *  @throws the code given when it is something else */
export function flagPart(source: Doc, part: string, code: number): boolean {
  const value = source.get(part) ?? false;
  if (typeof value !== 'boolean') {
    throw new DatabaseError(code, `'${part}' must be a bool, found ${typeName(value)}`);
  }
  return value;
}
