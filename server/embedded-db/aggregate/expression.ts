// Aggregation expressions compiled once into functions of a document.

import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { notSupported } from '../database-error.ts';

/** What an expression sees: the document and the variables of `$let`, `$map`, `$filter`. */
export interface Scope {
  readonly root: Doc;
  readonly current: Doc;
  readonly variables: ReadonlyMap<string, Value | undefined>;
}

/** A compiled expression; `undefined` is a missing value. */
export type Expression = (scope: Scope) => Value | undefined;

/** Compiles an expression. */
export function compileExpression(source: Value): Expression {
  if (isDoc(source)) throw notSupported('expression');
  return () => source;
}
