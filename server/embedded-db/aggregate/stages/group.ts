// $group: one accumulator a field, one state a group.
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { PAUSE, type Stream } from '../../store/row.ts';
import { paced } from '../../store/slices.ts';
import { identityOf } from '../../value/identity.ts';
import type { Accumulating, Accumulator } from '../accumulators/accumulator.ts';
import { compileAccumulator } from '../accumulators/catalogue.ts';
import { compilerIn } from '../expression.ts';
import { type Memory, memorySize, stageMemory } from '../memory.ts';
import type { Compile, Environment, Expression } from '../scope.ts';

/** An accumulator with the field it is written to. */
export interface GroupField extends Accumulating {
  readonly name: string;
}

/** Compiles the accumulators of `$group` and its kind; `_id` is not among them.
 *  @throws 40235, 40236 for names no field can have */
export function groupFields(source: Doc, compile: Compile): GroupField[] {
  const out: GroupField[] = [];
  for (const [name, value] of source) {
    if (name === '_id') continue;
    if (name.includes('.')) throw new DatabaseError(40235, `The field name '${name}' cannot contain '.'`);
    if (name.startsWith('$')) {
      throw new DatabaseError(40236, `The field name '${name}' cannot be an operator name`);
    }
    out.push({ name, ...compileAccumulator(name, value, compile) });
  }
  return out;
}

interface Group {
  readonly id: Value;
  readonly states: readonly Accumulator[];
}

/** What a group and each of its accumulators take, about, whatever they are given. */
const STATE_BYTES = 128;

const NO_FIELDS: Doc = new Map();

/** The states of all groups met so far, in the order they were met. */
export class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #fields: readonly GroupField[];
  readonly #memory: Memory;

  constructor(fields: readonly GroupField[], memory: Memory) {
    this.#fields = fields;
    this.#memory = memory;
  }

  /** Adds a document to the group with this id, which is made when it is new. */
  add(id: Value, source: Doc): void {
    const key = identityOf(id);
    let group = this.#groups.get(key);
    if (!group) {
      group = this.#open(id);
      this.#groups.set(key, group);
      this.#memory.use(memorySize(id) + key.length + STATE_BYTES * (this.#fields.length + 1));
    }
    const { states } = group;
    for (let i = 0; i < states.length; i++) {
      (states[i] as Accumulator).add((this.#fields[i] as GroupField).evaluate(source));
    }
  }

  #open(id: Value): Group {
    const names = isDoc(id) ? id : NO_FIELDS;
    return { id, states: this.#fields.map((field) => field.make(this.#memory, names)) };
  }

  /** A document for each group: `_id`, then the fields. */
  *results(): Stream<Doc> {
    for (const group of paced(this.#groups.values())) {
      if (group === PAUSE) {
        yield PAUSE;
        continue;
      }
      const { id, states } = group;
      const out: Doc = new Map([['_id', id]]);
      for (let i = 0; i < states.length; i++) {
        out.set((this.#fields[i] as GroupField).name, (states[i] as Accumulator).result() ?? null);
      }
      yield out;
    }
  }
}

/** Groups a stream by an expression. */
export function* grouped(input: Stream<Doc>, key: Expression, groups: Groups): Stream<Doc> {
  for (const each of input) {
    if (each === PAUSE) yield PAUSE;
    else groups.add(key(each) ?? null, each);
  }
  yield* groups.results();
}

/** Compiles a `$group` stage.
 *  @throws 15947, 15955 without `_id`; see `compileAccumulator` for the fields */
export function groupStage(source: Value, environment: Environment): (input: Stream<Doc>) => Stream<Doc> {
  if (!isDoc(source)) throw new DatabaseError(15947, "a group's fields must be specified in an object");
  const id = source.get('_id');
  if (id === undefined) throw new DatabaseError(15955, 'a group specification must include an _id');
  const compile = compilerIn(environment);
  const key = compile(id);
  const fields = groupFields(source, compile);
  return (input) => grouped(input, key, new Groups(fields, stageMemory('$group')));
}
