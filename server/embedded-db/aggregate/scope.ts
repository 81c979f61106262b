// What expressions are made of, shared by all operator families.
import { type Doc, Timestamp, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { effort } from '../value/effort.ts';

/** A compiled expression over a document; `undefined` is a missing value. */
export type Expression = (root: Doc) => Value | undefined;

/** A value that may be missing. */
export type Maybe = Value | undefined;

/** The place of one variable. A binder ($let, $map, …) writes it before the inner expression reads it; scopes are
 *  lexical and nothing recurses, so one place per binder is enough. */
export interface Cell {
  value: Maybe;
}

/** What an expression may refer to besides the document. One environment belongs to one running command. */
export interface Environment {
  /** `$$NOW`, the same during the whole command. */
  readonly now: Date;
  /** Variables of `let`, by name without `$$`. */
  readonly variables: ReadonlyMap<string, Cell>;
}

/** An environment without variables, at this moment. */
export function newEnvironment(variables: ReadonlyMap<string, Cell> = new Map()): Environment {
  return { now: new Date(), variables };
}

/** The same environment with more variables; inner ones hide outer ones of the same name. */
export function withCells(environment: Environment, cells: ReadonlyMap<string, Cell>): Environment {
  return { ...environment, variables: new Map([...environment.variables, ...cells]) };
}

/** `$$CLUSTER_TIME` for a moment. */
export function clusterTimeOf(now: Date): Timestamp {
  return new Timestamp((BigInt(Math.floor(now.getTime() / 1000)) << 32n) | 1n);
}

/** Compiles a nested expression, with more variables when `bound` is given. */
export type Compile = (source: Value, bound?: ReadonlyMap<string, Cell>) => Expression;

/** Makes the expression of one operator from its operand. */
export type Build = (operand: Value, compile: Compile) => Expression;

/** Operators by name. */
export type OperatorTable = ReadonlyMap<string, Build>;

/** How many operands an operator takes: exactly, or from–to. */
export type Arity = number | readonly [least: number, most: number] | null;

function checkArity(name: string, given: number, arity: Arity): void {
  if (typeof arity === 'number' && given !== arity) {
    throw new DatabaseError(
      16020,
      `Expression ${name} takes exactly ${arity} arguments. ${given} were passed in.`,
    );
  }
  if (arity !== null && typeof arity !== 'number' && (given < arity[0] || given > arity[1])) {
    throw new DatabaseError(
      28667,
      `Expression ${name} takes at least ${arity[0]} arguments, and at most ${arity[1]}, but ${given} were passed in.`,
    );
  }
}

/** The operands of an operator; a single one needs no array.
 *  @throws 16020, 28667 for another number of operands */
export function operands(name: string, operand: Value, compile: Compile, arity: Arity): Expression[] {
  const all = Array.isArray(operand) ? operand : [operand];
  checkArity(name, all.length, arity);
  return all.map((each) => compile(each));
}

/** Elements or characters an operator goes through in about one step. */
const [ELEMENTS_PER_STEP, CHARACTERS_PER_STEP] = [4, 64];

/** Counts what it takes to go through an operand once. */
function weighed(value: Maybe): Maybe {
  if (typeof value === 'string') effort(1 + value.length / CHARACTERS_PER_STEP);
  else effort(Array.isArray(value) ? 1 + value.length / ELEMENTS_PER_STEP : 1);
  return value;
}

/** An operator whose value depends on nothing but the values of its operands. */
export function strict(name: string, arity: Arity, apply: (values: Maybe[]) => Maybe): [string, Build] {
  return [
    name,
    (operand, compile) => {
      const parts = operands(name, operand, compile, arity);
      const [first, second] = parts;
      if (parts.length === 1 && first) return (root) => apply([weighed(first(root))]);
      if (parts.length === 2 && first && second) {
        return (root) => apply([weighed(first(root)), weighed(second(root))]);
      }
      return (root) => apply(parts.map((part) => weighed(part(root))));
    },
  ];
}

/** True for null and missing, which most operators answer with null. */
export function isNothing(value: Maybe): value is null | undefined {
  return value === null || value === undefined;
}
