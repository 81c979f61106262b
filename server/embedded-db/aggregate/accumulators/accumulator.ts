// What accumulators are made of, shared by all families.
import type { Doc, Value } from '../../bson/value.ts';
import type { Memory } from '../memory.ts';
import type { Compile, Expression, Maybe } from '../scope.ts';

/** Collects the values of one field of one group. */
export interface Accumulator {
  add(value: Maybe): void;
  /** A missing result is written as null. */
  result(): Maybe;
}

/** An accumulator compiled for one field. */
export interface Accumulating {
  /** What is added for each document. */
  readonly evaluate: Expression;
  /** A new state. `group` is the id of the group when it is a document; `memory` is that of the stage. */
  make(memory: Memory, group: Doc): Accumulator;
}

/** Compiles the operand of an accumulator. */
export type AccumulatorBuild = (operand: Value, compile: Compile) => Accumulating;

/** Accumulators by name. */
export type AccumulatorTable = ReadonlyMap<string, AccumulatorBuild>;

/** An accumulator of a plain expression, whose state needs to know nothing else. */
export function plain(name: string, make: (memory: Memory) => Accumulator): [string, AccumulatorBuild] {
  return [name, (operand, compile) => ({ evaluate: compile(operand), make })];
}
