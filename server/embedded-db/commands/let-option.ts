// The `let` option: variables that the expressions of a command may use.

import { bindInFilter } from '../aggregate/bound-filter.ts';
import { compileExpression } from '../aggregate/expression.ts';
import { checkVariableName } from '../aggregate/field-path.ts';
import { type Cell, type Environment, newEnvironment } from '../aggregate/scope.ts';
import type { Doc } from '../bson/value.ts';
import { docOption } from './context.ts';

const NO_DOCUMENT: Doc = new Map();

/** Named constants of a command: expressions that see no document.
 *  @throws 16867, 16868 for names no variable can have */
export function constantsOf(body: Doc, option: string): Map<string, Cell> {
  const variables = new Map<string, Cell>();
  for (const [name, source] of docOption(body, option)) {
    variables.set(checkVariableName(name), { value: compileExpression(source)(NO_DOCUMENT) });
  }
  return variables;
}

/** What the expressions of a command may refer to: its `let` variables and its time. */
export function environmentOf(body: Doc): Environment {
  return newEnvironment(constantsOf(body, 'let'));
}

/** A filter option of a command, with the values of the `let` variables in its `$expr`. */
export function filterOption(body: Doc, option: string, environment: Environment): Doc {
  return bindInFilter(docOption(body, option), environment.variables);
}
