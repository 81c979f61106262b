// The model of filters: which documents a filter matches, or the code it is refused with.
import { BSONRegExp } from 'bson';
import { compareTest, inTest, modTest, regexTest, sizeOperand, typeTest } from './filter-tests.ts';
import { matchValues } from './match-values.ts';
import { exact, isNumber } from './numbers.ts';
import { type Doc, isDoc, isRegex, ModelError, type Value } from './values.ts';

/** True for the documents a filter matches. */
export type DocTest = (root: Doc) => boolean;
/** A condition on what a path reaches; asked with arrays whole or with their elements. */
type Condition = (look: (whole: boolean) => readonly Value[]) => boolean;
/** How `$expr` is decided; given by the caller, for expressions are a part of their own. */
export type ExpressionTest = (expression: Value) => DocTest;

const noExpressions: ExpressionTest = () => {
  throw new ModelError(2, '$expr is not known here');
};

/** Reads a filter.
 *  @throws ModelError with the server's code, whatever the documents are */
export function parseFilter(filter: Doc, expressionTest: ExpressionTest = noExpressions): DocTest {
  const tests = [...filter].map(([name, operand]) => parseClause(name, operand, expressionTest));
  return (root) => tests.every((test) => test(root));
}

function parseClause(name: string, operand: Value, expressionTest: ExpressionTest): DocTest {
  switch (name) {
    case '$and': {
      const parts = parseList(operand, expressionTest);
      return (root) => parts.every((part) => part(root));
    }
    case '$or': {
      const parts = parseList(operand, expressionTest);
      return (root) => parts.some((part) => part(root));
    }
    case '$nor': {
      const parts = parseList(operand, expressionTest);
      return (root) => !parts.some((part) => part(root));
    }
    case '$expr':
      return expressionTest(operand);
    case '$comment':
      return () => true;
    default: {
      if (name.startsWith('$')) throw new ModelError(2, `unknown top level operator: ${name}`);
      const condition = parseCondition(operand);
      return (root) => condition((whole) => matchValues(root, name, whole));
    }
  }
}

function parseList(operand: Value, expressionTest: ExpressionTest): DocTest[] {
  if (!Array.isArray(operand) || operand.length === 0) throw new ModelError(2, 'needs a nonempty array');
  return operand.map((part) => {
    if (!isDoc(part)) throw new ModelError(2, 'entries need to be full objects');
    return parseFilter(part, expressionTest);
  });
}

function firstName(value: Doc): string {
  return value.keys().next().value ?? '';
}

/** True for `{ $gt: 1 }` and the like. */
export function isOperators(value: Value): value is Doc {
  return isDoc(value) && firstName(value).startsWith('$');
}

function any(whole: boolean, test: (value: Value) => boolean): Condition {
  return (look) => look(whole).some(test);
}

function all(conditions: readonly Condition[]): Condition {
  return (look) => conditions.every((condition) => condition(look));
}

function not(condition: Condition): Condition {
  return (look) => !condition(look);
}

/** A condition on a field: a value to equal, a regular expression or operators. */
export function parseCondition(operand: Value): Condition {
  if (isRegex(operand)) return any(false, regexTest(operand));
  return isOperators(operand) ? parseOperators(operand) : any(false, compareTest('$eq', operand));
}

function parseOperators(operators: Doc): Condition {
  if (operators.has('$options') && !operators.has('$regex'))
    throw new ModelError(2, '$options needs a $regex');
  return all(
    [...operators]
      .filter(([name]) => name !== '$options')
      .map(([name, operand]) => parseOperator(name, operand, operators.get('$options'))),
  );
}

function parseOperator(name: string, operand: Value, options: Value): Condition {
  switch (name) {
    case '$eq':
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (isRegex(operand) && name !== '$eq') throw new ModelError(2, "Can't have RegEx as arg to predicate");
      return any(false, compareTest(name, operand));
    case '$ne':
      if (isRegex(operand)) throw new ModelError(2, "Can't have regex as arg to $ne.");
      return not(any(false, compareTest('$eq', operand)));
    case '$in':
      return any(false, inTest(operand));
    case '$nin':
      return not(any(false, inTest(operand)));
    case '$regex':
      return any(false, regexTest(parseRegex(operand, options)));
    case '$not':
      return not(parseNot(operand));
    default:
      return parseShapeOperator(name, operand);
  }
}

function parseShapeOperator(name: string, operand: Value): Condition {
  switch (name) {
    case '$exists':
      return existence(operand);
    case '$type':
      return any(false, typeTest(operand));
    case '$mod':
      return any(false, modTest(operand));
    case '$size': {
      const size = sizeOperand(operand);
      return any(true, (value) => Array.isArray(value) && value.length === size);
    }
    case '$all':
      return parseAll(operand);
    case '$elemMatch':
      return parseElemMatch(operand);
    default:
      throw new ModelError(2, `unknown operator: ${name}`);
  }
}

function existence(operand: Value): Condition {
  const wanted =
    operand !== null &&
    operand !== false &&
    !(isNumber(operand) && exact(operand).coefficient === 0n && !exact(operand).special);
  const exists = any(false, (value) => value !== undefined);
  return wanted ? exists : not(exists);
}

function parseNot(operand: Value): Condition {
  if (isRegex(operand)) return any(false, regexTest(operand));
  if (!isDoc(operand) || operand.size === 0) throw new ModelError(2, '$not needs a regex or a document');
  return parseOperators(operand);
}

function parseRegex(operand: Value, options: Value): BSONRegExp {
  if (options !== undefined && typeof options !== 'string')
    throw new ModelError(2, '$options has to be a string');
  if (typeof operand === 'string') return new BSONRegExp(operand, options ?? '');
  if (isRegex(operand)) return new BSONRegExp(operand.pattern, options ?? operand.options);
  throw new ModelError(2, '$regex has to be a string');
}

function parseAll(operand: Value): Condition {
  if (!Array.isArray(operand)) throw new ModelError(2, '$all needs an array');
  if (operand.length === 0) return () => false;
  const isElemMatch = (value: Value) => isDoc(value) && firstName(value) === '$elemMatch';
  if (isElemMatch(operand[0])) {
    if (!operand.every(isElemMatch)) throw new ModelError(2, '$all/$elemMatch has to be consistent');
    return all(operand.map((value) => parseOperators(value as Doc)));
  }
  if (operand.some(isOperators)) throw new ModelError(2, 'no $ expressions in $all');
  return all(operand.map(parseCondition));
}

const LOGICAL = new Set(['$and', '$or', '$nor', '$where', '$expr']);

/** Manual, "$elemMatch (query)": one element satisfies everything. Inside, arrays are not traversed once more; an
 *  element that is an array counts as a document named by its indexes. */
function parseElemMatch(operand: Value): Condition {
  if (!isDoc(operand)) throw new ModelError(2, '$elemMatch needs an Object');
  if (isOperators(operand) && !LOGICAL.has(firstName(operand))) {
    const inner = parseOperators(operand);
    return any(true, (array) => Array.isArray(array) && array.some((element) => inner(() => [element])));
  }
  const inner = parseFilter(operand);
  return any(
    true,
    (array) =>
      Array.isArray(array) &&
      array.some((element) => (isDoc(element) || Array.isArray(element)) && inner(asDoc(element))),
  );
}

function asDoc(value: Doc | Value[]): Doc {
  return isDoc(value) ? value : new Map(value.map((element, at) => [String(at), element]));
}
