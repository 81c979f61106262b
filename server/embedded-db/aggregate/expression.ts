// Aggregation expressions compiled once into functions of a document.
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { EXPRESSION_OPERATORS } from './expressions/catalogue.ts';
import { checkField, splitFieldPath } from './field-path.ts';
import {
  type Compile,
  clusterTimeOf,
  type Environment,
  type Expression,
  newEnvironment,
  withCells,
} from './scope.ts';

/** Operators a server knows and this engine leaves out. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['$function', '$accumulator', '$meta', '$toHashedIndexKey', '$createObjectId', '$sampleRate'],
  ...['$sigmoid', '$encStrContains', '$encStrEndsWith', '$encStrStartsWith'],
]);

/** A field path over a value: arrays are mapped, elements without the field are left out. */
function follow(value: Value | undefined, path: readonly string[], at: number): Value | undefined {
  if (at === path.length) return value;
  if (isDoc(value)) return follow(value.get(path[at] as string), path, at + 1);
  if (!Array.isArray(value)) return undefined;
  const out: Value[] = [];
  for (const each of value) {
    // Arrays directly inside arrays are not looked into.
    const found = isDoc(each) ? follow(each, path, at) : undefined;
    if (found !== undefined) out.push(found);
  }
  return out;
}

function variable(name: string, environment: Environment): Expression {
  const cell = environment.variables.get(name);
  if (cell) return () => cell.value;
  switch (name) {
    case 'ROOT':
    case 'CURRENT':
      return (root) => root;
    case 'REMOVE':
      return () => undefined;
    case 'NOW':
      return () => environment.now;
    case 'CLUSTER_TIME': {
      const time = clusterTimeOf(environment.now);
      return () => time;
    }
    default:
      // DESCEND, PRUNE and KEEP are bound by $redact, their only place.
      throw new DatabaseError(17276, `Use of undefined variable: ${name}`);
  }
}

function fieldPath(text: string, environment: Environment): Expression {
  if (text.startsWith('$$')) {
    const [name, ...path] = splitFieldPath(text.slice(2)) as [string, ...string[]];
    const start = variable(name, environment);
    return path.length === 0 ? start : (root) => follow(start(root), path, 0);
  }
  if (text === '$') throw new DatabaseError(16872, "'$' by itself is not a valid FieldPath");
  const path = splitFieldPath(text.slice(1));
  const current = environment.variables.get('CURRENT');
  if (current) return () => follow(current.value, path, 0);
  const [only] = path;
  if (path.length === 1 && only !== undefined) return (root) => root.get(only);
  return (root) => follow(root, path, 0);
}

function operator(name: string, operand: Value, source: Doc, compile: Compile): Expression {
  if (source.size !== 1) {
    throw new DatabaseError(
      15983,
      `An object representing an expression must have exactly one field: ${[...source.keys()].join(', ')}`,
    );
  }
  const build = EXPRESSION_OPERATORS.get(name);
  if (build) return build(operand, compile);
  if (LEFT_OUT.has(name)) throw notSupported(`the expression ${name}`);
  throw new DatabaseError(168, `Unrecognized expression '${name}'`);
}

function object(source: Doc, compile: Compile): Expression {
  const fields = [...source].map(([name, value]) => [checkField(name), compile(value)] as const);
  return (root) => {
    const out: Doc = new Map();
    for (const [name, evaluate] of fields) {
      const value = evaluate(root);
      if (value !== undefined) out.set(name, value);
    }
    return out;
  };
}

function compileIn(source: Value, environment: Environment, compile: Compile): Expression {
  if (typeof source === 'string' && source.startsWith('$')) return fieldPath(source, environment);
  if (Array.isArray(source)) {
    const elements = source.map((each) => compile(each));
    return (root) => elements.map((evaluate) => evaluate(root) ?? null);
  }
  if (!isDoc(source)) return () => source;
  const first = source.keys().next().value;
  return first?.startsWith('$')
    ? operator(first, source.get(first) ?? null, source, compile)
    : object(source, compile);
}

/** Compiles expressions that see the variables of an environment. */
export function compilerIn(environment: Environment): Compile {
  const compile: Compile = (source, bound) =>
    bound
      ? compileExpression(source, withCells(environment, bound))
      : compileIn(source, environment, compile);
  return compile;
}

/** Compiles an expression: field paths, variables, operators, documents, arrays and constants.
 *  @throws 168 for unknown operators, 115 for those the engine leaves out, 17276 for unknown variables */
export function compileExpression(source: Value, environment: Environment = newEnvironment()): Expression {
  return compilerIn(environment)(source);
}
