// Functions of $setWindowFields: ranks, shifts, and accumulators over windows.
import { type Doc, Int32, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError, notSupported } from '../../database-error.ts';
import { compareSortKeys, type SortField } from '../../query/sort.ts';
import { asNumber } from '../../value/arithmetic.ts';
import type { Accumulating, Accumulator } from '../accumulators/accumulator.ts';
import { compileAccumulator } from '../accumulators/catalogue.ts';
import { type Memory, stageMemory } from '../memory.ts';
import { partOf } from '../named-operands.ts';
import type { Compile, Maybe } from '../scope.ts';
import { readWindow, spanOf, type Window } from './window-bounds.ts';

/** The documents of one partition in order, with their sort keys. */
export interface Partition {
  readonly documents: readonly Doc[];
  readonly keys: readonly (readonly Maybe[])[];
}

/** Gives the value of a field for each position of a partition, asked for from first to last. */
export type WindowFunction = (partition: Partition) => (at: number) => Maybe;

/** What a function is compiled with. */
export interface WindowContext {
  readonly compile: Compile;
  readonly sort: readonly SortField[];
}

const LEFT_OUT: ReadonlySet<string> = new Set([
  ...[
    '$derivative',
    '$integral',
    '$expMovingAvg',
    '$linearFill',
    '$locf',
    '$covariancePop',
    '$covarianceSamp',
  ],
  '$minMaxScaler',
]);

function ranking(name: string, operand: Value, source: Doc, { sort }: WindowContext): WindowFunction {
  if (!isDoc(operand) || operand.size > 0 || source.size > 1) {
    throw new DatabaseError(5371601, 'Rank style window functions take no other arguments');
  }
  if (sort.length === 0 || (name !== '$documentNumber' && sort.length !== 1)) {
    throw new DatabaseError(
      5371602,
      `${name} must be specified with a top level sortBy expression with exactly one element`,
    );
  }
  return ({ keys }) => {
    let [rank, dense] = [1, 1];
    return (at) => {
      const isNew = at > 0 && compareSortKeys(keys[at] ?? [], keys[at - 1] ?? [], sort) !== 0;
      if (isNew) {
        rank = at + 1;
        dense++;
      }
      return new Int32(name === '$documentNumber' ? at + 1 : name === '$rank' ? rank : dense);
    };
  };
}

function shifting(operand: Value, { compile, sort }: WindowContext): WindowFunction {
  const by = isDoc(operand) ? asNumber(operand.get('by')) : null;
  if (!isDoc(operand) || !operand.has('output') || by === null || !Number.isInteger(by)) {
    throw new DatabaseError(9, "$shift requires 'output' and an integer 'by'");
  }
  if (sort.length === 0) throw new DatabaseError(5371602, '$shift requires a sortBy');
  const output = partOf(operand, 'output', compile);
  const fallback = partOf(operand, 'default', compile)(new Map()) ?? null;
  return ({ documents }) =>
    (at) => {
      const other = documents[at + by];
      return other ? output(other) : fallback;
    };
}

/** A copy of what the accumulator goes on with. */
function copied(value: Maybe): Maybe {
  if (Array.isArray(value)) return [...value];
  return isDoc(value) ? new Map(value) : (value ?? null);
}

const NO_GROUP: Doc = new Map();

/** One running accumulator as long as windows only grow at their end; a new one for each that slides. */
class Running {
  readonly #accumulating: Accumulating;
  readonly #documents: readonly Doc[];
  readonly #memory: Memory = stageMemory('$setWindowFields');
  #state: Accumulator | null = null;
  #from = 0;
  #to = 0;

  constructor(accumulating: Accumulating, documents: readonly Doc[]) {
    this.#accumulating = accumulating;
    this.#documents = documents;
  }

  over(from: number, to: number): Maybe {
    if (!this.#state || from !== this.#from || to < this.#to) {
      this.#state = this.#accumulating.make(
        this.#state ? stageMemory('$setWindowFields') : this.#memory,
        NO_GROUP,
      );
      this.#from = from;
      this.#to = from;
    }
    for (; this.#to < to; this.#to++) {
      this.#state.add(this.#accumulating.evaluate(this.#documents[this.#to] as Doc));
    }
    return copied(this.#state.result());
  }
}

function refuseWindow(window: Window, sort: readonly SortField[]): void {
  const isBounded = window.lower !== 'unbounded' || window.upper !== 'unbounded';
  if (window.kind === 'documents' && isBounded && sort.length === 0) {
    throw new DatabaseError(5339901, 'Document-based bounds require a sortBy');
  }
  if (window.kind === 'range' && (sort.length !== 1 || sort[0]?.direction !== 1)) {
    throw new DatabaseError(5339902, 'Range-based bounds require sortBy a single, ascending field');
  }
}

function accumulating(name: string, source: Doc, { compile, sort }: WindowContext): WindowFunction {
  const window = readWindow(source.get('window'));
  refuseWindow(window, sort);
  const operand = source.get(name) ?? null;
  const compiled = compileAccumulator(name, new Map([[name, operand]]), compile);
  return ({ documents, keys }) => {
    const running = new Running(compiled, documents);
    const first = keys.map((key) => key[0]);
    return (at) => {
      const { from, to } = spanOf(window, first, at);
      return running.over(from, to);
    };
  };
}

/** Compiles the function of one output field.
 *  @throws 9 FailedToParse for a wrong form, 115 for functions the engine leaves out */
export function windowFunction(source: Value, context: WindowContext): WindowFunction {
  const name = isDoc(source) ? [...source.keys()].find((key) => key !== 'window') : undefined;
  if (
    !isDoc(source) ||
    name === undefined ||
    source.size > 2 ||
    (source.size === 2 && !source.has('window'))
  ) {
    throw new DatabaseError(
      9,
      "Window function found with unexpected arguments: it takes one operator and 'window'",
    );
  }
  if (LEFT_OUT.has(name)) throw notSupported(`the window function ${name}`);
  const operand = source.get(name) ?? null;
  if (name === '$rank' || name === '$denseRank' || name === '$documentNumber') {
    return ranking(name, operand, source, context);
  }
  return name === '$shift' ? shifting(operand, context) : accumulating(name, source, context);
}
