// Aggregation expressions compiled once into functions of a document.
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { ARRAY_OPERATORS } from './array-expressions.ts';
import { NUMBER_OPERATORS } from './number-expressions.ts';
import type { Expression, OperatorTable, Scope } from './scope.ts';
import { VALUE_OPERATORS } from './value-expressions.ts';

/** A field path over a value: arrays are mapped, elements without the field are left out. */
function follow(value: Value | undefined, path: readonly string[], at: number): Value | undefined {
  if (at === path.length) return value;
  if (isDoc(value)) return follow(value.get(path[at] as string), path, at + 1);
  if (!Array.isArray(value)) return undefined;
  return value.map((each) => follow(each, path, at)).filter((each) => each !== undefined);
}

function variable(name: string): (scope: Scope) => Value | undefined {
  switch (name) {
    case 'ROOT':
      return (scope) => scope.root;
    case 'CURRENT':
      return (scope) => scope.root;
    case 'REMOVE':
      return () => undefined;
    case 'NOW': {
      const now = new Date();
      return () => now;
    }
    default:
      return (scope) => {
        if (!scope.variables.has(name)) throw new DatabaseError(17276, `Use of undefined variable: ${name}`);
        return scope.variables.get(name);
      };
  }
}

function fieldPath(text: string): Expression {
  if (!text.startsWith('$$')) {
    const path = text.slice(1).split('.');
    if (path.includes('')) throw new DatabaseError(16872, `'${text}' by itself is not a valid FieldPath`);
    return (scope) => follow(scope.root, path, 0);
  }
  const [name, ...path] = text.slice(2).split('.') as [string, ...string[]];
  const start = variable(name);
  return (scope) => follow(start(scope), path, 0);
}

const OPERATORS: OperatorTable = new Map([...VALUE_OPERATORS, ...NUMBER_OPERATORS, ...ARRAY_OPERATORS]);

function operator(name: string, operand: Value, source: Doc): Expression {
  if (source.size !== 1) {
    throw new DatabaseError(
      15983,
      `An object representing an expression must have exactly one field: ${[...source.keys()].join(', ')}`,
    );
  }
  if (name === '$literal') return () => operand;
  const build = OPERATORS.get(name);
  if (!build) throw notSupported(`the expression ${name}`);
  return build(operand, compileExpression);
}

function object(source: Doc): Expression {
  const fields = [...source].map(([name, value]) => [name, compileExpression(value)] as const);
  return (scope) => {
    const out: Doc = new Map();
    for (const [name, evaluate] of fields) {
      const value = evaluate(scope);
      if (value !== undefined) out.set(name, value);
    }
    return out;
  };
}

/** Compiles an expression: field paths, variables, operators, documents, arrays and constants.
 *  @throws 115 for operators the engine leaves out, 168 and others for wrong operands */
export function compileExpression(source: Value): Expression {
  if (typeof source === 'string' && source.startsWith('$')) return fieldPath(source);
  if (Array.isArray(source)) {
    const elements = source.map(compileExpression);
    return (scope) => elements.map((evaluate) => evaluate(scope) ?? null);
  }
  if (!isDoc(source)) return () => source;
  const first = source.keys().next().value;
  return first?.startsWith('$') ? operator(first, source.get(first) ?? null, source) : object(source);
}
