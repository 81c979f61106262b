// A filter document compiled once into a test of documents.

import { compileExpression } from '../aggregate/expression.ts';
import { truthy } from '../aggregate/truth.ts';
import { type Doc, isDoc, Regex, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { effort } from '../value/effort.ts';
import { testsBits } from './bits.ts';
import { compileSchema } from './json-schema/schema.ts';
import { someInHolder } from './match-path.ts';
import {
  compares,
  equals,
  hasSize,
  hasType,
  isIn,
  matchesRegex,
  modulo,
  type ValueTest,
} from './predicate.ts';

type Holder = Doc | readonly Value[];
type HolderTest = (holder: Holder) => boolean;

/** A compiled filter. */
export type Filter = (source: Doc) => boolean;

type OperatorCompiler = (path: readonly string[], operand: Value, siblings: Doc) => HolderTest;

function any(path: readonly string[], test: ValueTest): HolderTest {
  return (holder) => {
    effort();
    return path.length === 0 ? test(holder as Value) : someInHolder(holder, path, 'elements', test);
  };
}

function whole(path: readonly string[], test: ValueTest): HolderTest {
  return (holder) => {
    effort();
    return path.length === 0 ? test(holder as Value) : someInHolder(holder, path, 'whole', test);
  };
}

function not(test: HolderTest): HolderTest {
  return (holder) => !test(holder);
}

function all(tests: readonly HolderTest[]): HolderTest {
  return tests.length === 1 ? (tests[0] as HolderTest) : (holder) => tests.every((test) => test(holder));
}

function isOperatorDoc(value: Value): value is Doc {
  if (!isDoc(value)) return false;
  const first = value.keys().next();
  return !first.done && first.value.startsWith('$') && !['$ref', '$id', '$db'].includes(first.value);
}

function equality(path: readonly string[], operand: Value): HolderTest {
  return any(path, operand instanceof Regex ? matchesRegex(operand) : equals(operand));
}

function regexOf(operand: Value, siblings: Doc): Regex {
  const options = siblings.get('$options');
  if (options !== undefined && typeof options !== 'string') {
    throw new DatabaseError(2, '$options has to be a string');
  }
  if (operand instanceof Regex) return new Regex(operand.source, options ?? operand.options);
  if (typeof operand !== 'string') throw new DatabaseError(2, '$regex has to be a string');
  return new Regex(operand, options ?? '');
}

function elemMatch(path: readonly string[], operand: Value): HolderTest {
  if (!isDoc(operand)) throw new DatabaseError(2, '$elemMatch needs an Object');
  const test = elementTest(operand);
  return whole(path, (value) => Array.isArray(value) && value.some((each) => test(each)));
}

/** The test `$elemMatch` (and `$pull`) applies to each element. */
export function elementTest(operand: Doc): (element: Value) => boolean {
  const logical = ['$and', '$or', '$nor', '$expr', '$where'];
  if (isOperatorDoc(operand) && !logical.includes(operand.keys().next().value ?? '')) {
    // An empty path: the operators test the element itself, without looking inside nested arrays.
    const test = operators([], operand);
    return (element) => test(element as Holder);
  }
  const test = compile(operand);
  return (element) => (isDoc(element) || Array.isArray(element)) && test(element);
}

function allOf(path: readonly string[], operand: Value): HolderTest {
  if (!Array.isArray(operand)) throw new DatabaseError(2, '$all needs an array');
  if (operand.length === 0) return () => false;
  return all(
    operand.map((each) => {
      if (isDoc(each) && each.has('$elemMatch')) return elemMatch(path, each.get('$elemMatch') ?? null);
      if (isOperatorDoc(each)) throw new DatabaseError(2, 'no $ expressions in $all');
      return equality(path, each);
    }),
  );
}

function negated(path: readonly string[], operand: Value): HolderTest {
  if (operand instanceof Regex) return not(equality(path, operand));
  if (!isDoc(operand)) throw new DatabaseError(2, '$not needs a regex or a document');
  if (operand.size === 0) throw new DatabaseError(2, '$not cannot be empty');
  return not(operators(path, operand));
}

/** Operators a server has and the engine leaves out. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['$near', '$nearSphere', '$geoWithin', '$geoIntersects', '$within', '$minDistance', '$maxDistance'],
]);

function unknownOperator(name: string): DatabaseError {
  if (LEFT_OUT.has(name)) return notSupported(name);
  return new DatabaseError(2, `unknown operator: ${name}`);
}

const OPERATORS: Readonly<Record<string, OperatorCompiler>> = {
  // Unlike `{ a: /x/ }`, which matches text, `$eq` is equality with the expression itself.
  $eq: (path, operand) => any(path, equals(operand)),
  $ne: (path, operand) => {
    if (operand instanceof Regex) throw new DatabaseError(2, "Can't have regex as arg to $ne.");
    return not(equality(path, operand));
  },
  $gt: (path, operand) =>
    any(
      path,
      compares(operand, (order) => order > 0),
    ),
  $gte: (path, operand) =>
    any(
      path,
      compares(operand, (order) => order >= 0),
    ),
  $lt: (path, operand) =>
    any(
      path,
      compares(operand, (order) => order < 0),
    ),
  $lte: (path, operand) =>
    any(
      path,
      compares(operand, (order) => order <= 0),
    ),
  $in: (path, operand) => any(path, isIn(operand)),
  $nin: (path, operand) => {
    if (!Array.isArray(operand)) throw new DatabaseError(2, '$nin needs an array');
    return not(any(path, isIn(operand)));
  },
  $not: negated,
  $exists: (path, operand) => {
    const test = any(path, (value) => value !== undefined);
    return truthy(operand) ? test : not(test);
  },
  $type: (path, operand) => any(path, hasType(operand)),
  $regex: (path, operand, siblings) => any(path, matchesRegex(regexOf(operand, siblings))),
  $options: (_path, _operand, siblings) => {
    if (!siblings.has('$regex')) throw new DatabaseError(2, '$options needs a $regex');
    return () => true;
  },
  $all: allOf,
  $elemMatch: elemMatch,
  $size: (path, operand) => whole(path, hasSize(operand)),
  $mod: (path, operand) => any(path, modulo(operand)),
  $bitsAllSet: (path, operand) => any(path, testsBits('$bitsAllSet', operand)),
  $bitsAnySet: (path, operand) => any(path, testsBits('$bitsAnySet', operand)),
  $bitsAllClear: (path, operand) => any(path, testsBits('$bitsAllClear', operand)),
  $bitsAnyClear: (path, operand) => any(path, testsBits('$bitsAnyClear', operand)),
  $comment: () => () => true,
};

function operators(path: readonly string[], source: Doc): HolderTest {
  const tests: HolderTest[] = [];
  for (const [name, operand] of source) {
    const build = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (!build) throw unknownOperator(name);
    tests.push(build(path, operand, source));
  }
  return all(tests);
}

function branches(name: string, operand: Value): HolderTest[] {
  if (!Array.isArray(operand)) throw new DatabaseError(2, `${name} must be an array`);
  if (operand.length === 0) throw new DatabaseError(2, '$and/$or/$nor must be a nonempty array');
  return operand.map((each) => {
    if (!isDoc(each)) throw new DatabaseError(2, '$or/$and/$nor entries need to be full objects');
    return compile(each);
  });
}

function logical(name: string, operand: Value): HolderTest {
  switch (name) {
    case '$and':
      return all(branches(name, operand));
    case '$or': {
      const tests = branches(name, operand);
      return (holder) => tests.some((test) => test(holder));
    }
    case '$nor': {
      const tests = branches(name, operand);
      return (holder) => !tests.some((test) => test(holder));
    }
    case '$expr': {
      const evaluate = compileExpression(operand);
      return (holder) => isDoc(holder) && truthy(evaluate(holder));
    }
    case '$comment':
      return () => true;
    case '$jsonSchema': {
      const schema = compileSchema(operand);
      return (holder) => isDoc(holder) && schema(holder).length === 0;
    }
    case '$where':
    case '$text':
      throw notSupported(name);
    default:
      throw new DatabaseError(2, `unknown top level operator: ${name}`);
  }
}

function compile(source: Doc): HolderTest {
  const tests: HolderTest[] = [];
  for (const [name, operand] of source) {
    if (name.startsWith('$')) tests.push(logical(name, operand));
    else if (isOperatorDoc(operand)) tests.push(operators(name.split('.'), operand));
    else tests.push(equality(name.split('.'), operand));
  }
  return tests.length === 0 ? () => true : all(tests);
}

/** Compiles a filter.
 *  @throws 2 BadValue for unknown operators and wrong operands; 115 for what the engine leaves out */
export function compileFilter(source: Doc): Filter {
  return compile(source);
}
