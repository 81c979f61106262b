// The `let` option: variables that the expressions of a command may use.

import { compileExpression } from '../aggregate/expression.ts';
import { checkVariableName } from '../aggregate/field-path.ts';
import { type Cell, type Environment, newEnvironment } from '../aggregate/scope.ts';
import type { Doc } from '../bson/value.ts';
import { docOption } from './context.ts';

const NO_DOCUMENT: Doc = new Map();

/** What the expressions of a command may refer to: its `let` variables, which are constants, and its time.
 *  @throws 16867, 16868 for names no variable can have */
export function environmentOf(body: Doc): Environment {
  const variables = new Map<string, Cell>();
  const environment = newEnvironment(variables);
  for (const [name, source] of docOption(body, 'let')) {
    const value = compileExpression(source, newEnvironment())(NO_DOCUMENT);
    variables.set(checkVariableName(name), { value });
  }
  return environment;
}
