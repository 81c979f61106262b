// What expressions are made of, shared by all operator tables.
import type { Doc, Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';

/** What an expression sees: the document, and the variables of `$let`, `$map` and their kind. */
export interface Scope {
  readonly root: Doc;
  readonly variables: ReadonlyMap<string, Value | undefined>;
}

/** A compiled expression; `undefined` is a missing value. */
export type Expression = (scope: Scope) => Value | undefined;

/** Compiles a nested expression. */
export type Compile = (source: Value) => Expression;

/** Operators by name. */
export type OperatorTable = ReadonlyMap<string, (operand: Value, compile: Compile) => Expression>;

/** The scope of a document without variables. */
export function scopeOf(root: Doc): Scope {
  return { root, variables: new Map() };
}

/** The operands of an operator that takes `count` of them, or any number when it is null.
 *  @throws 16020 for another number of operands */
export function operands(name: string, operand: Value, compile: Compile, count: number | null): Expression[] {
  const all = Array.isArray(operand) ? operand : [operand];
  if (count !== null && all.length !== count) {
    throw new DatabaseError(
      16020,
      `Expression ${name} takes exactly ${count} arguments. ${all.length} were passed in.`,
    );
  }
  return all.map(compile);
}

/** An operator whose value depends on nothing but the values of its operands. */
export function strict(
  name: string,
  count: number | null,
  apply: (values: (Value | undefined)[]) => Value | undefined,
): [string, (operand: Value, compile: Compile) => Expression] {
  return [
    name,
    (operand, compile) => {
      const parts = operands(name, operand, compile, count);
      return (scope) => apply(parts.map((part) => part(scope)));
    },
  ];
}

/** True for null and missing, which most operators answer with null. */
export function isNothing(value: Value | undefined): value is null | undefined {
  return value === null || value === undefined;
}
