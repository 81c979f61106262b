// Tables of expressions with their documented results, compared with their exact BSON types.
import { BSON, serialize } from 'bson';
import { compileExpression } from '../aggregate/expression.ts';
import { encodeDoc } from '../bson/encode.ts';
import { DatabaseError } from '../database-error.ts';
import { docOf } from './test-database.ts';

/** An expression, the document it sees, and its result (`undefined`: the field is missing). */
export type ExpressionCase = readonly [expression: unknown, expected: unknown, document?: object];

/** The canonical extended JSON of a value, so that types are compared too. */
export function canonical(value: unknown): string {
  return BSON.EJSON.stringify(BSON.deserialize(serialize({ value }), { promoteValues: false }), {
    relaxed: false,
  });
}

/** The result of an expression as canonical extended JSON. */
export function evaluated(expression: unknown, document: object = {}): string {
  const source = docOf({ expression }).get('expression') ?? null;
  const value = compileExpression(source)(docOf(document));
  const bytes = encodeDoc(new Map(value === undefined ? [] : [['value', value]]));
  return BSON.EJSON.stringify(BSON.deserialize(bytes, { promoteValues: false }), { relaxed: false });
}

/** The code an expression is refused with, 0 when it has a value. */
export function expressionCode(expression: unknown, document: object = {}): number {
  try {
    evaluated(expression, document);
  } catch (error) {
    if (error instanceof DatabaseError) return error.code;
    throw error;
  }
  return 0;
}

/** What differs between the cases and their results; empty when all agree. */
export function disagreements(cases: readonly ExpressionCase[]): string[] {
  const out: string[] = [];
  for (const [expression, expected, document] of cases) {
    const wanted = expected === undefined ? '{}' : canonical(expected);
    let found: string;
    try {
      found = evaluated(expression, document);
    } catch (error) {
      found = error instanceof Error ? error.message : String(error);
    }
    if (found !== wanted) out.push(`${JSON.stringify(expression)} gives ${found}, not ${wanted}`);
  }
  return out;
}

/** The same for expressions that have to be refused: pairs of an expression and its code. */
export function wrongCodes(cases: readonly (readonly [expression: unknown, code: number])[]): string[] {
  return cases
    .map(([expression, code]) => [expression, code, expressionCode(expression)] as const)
    .filter(([, code, found]) => code !== found)
    .map(([expression, code, found]) => `${JSON.stringify(expression)} is ${found}, not ${code}`);
}
