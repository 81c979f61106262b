// $unionWith, $facet: several pipelines in one.
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { PAUSE, type Stream } from '../../store/row.ts';
import { typeName } from '../../value/type-order.ts';
import { MAX_STAGE_BYTES, Memory, memorySize } from '../memory.ts';
import { type Stage, type StageBuild, textField } from '../stage.ts';

/** The documents of the input, then those of another collection. */
export const unionWithStage: StageBuild = (value, context): Stage => {
  if (typeof value !== 'string' && !isDoc(value)) {
    throw new DatabaseError(
      9,
      `the $unionWith stage specification must be an object or string, but found ${typeName(value)}`,
    );
  }
  const source: Doc = typeof value === 'string' ? new Map([['coll', value]]) : value;
  for (const name of source.keys()) {
    if (name !== 'coll' && name !== 'pipeline') {
      throw new DatabaseError(40415, `BSON field '$unionWith.${name}' is an unknown field.`);
    }
  }
  const others = context.compileOn(textField('$unionWith', source, 'coll'), source.get('pipeline') ?? [], {
    place: '$unionWith',
  });
  return function* (input) {
    yield* input;
    yield* others(new Map());
  };
};

/** One of the pipelines of `$facet`: fed document by document, it says so when it wants more. */
class Branch {
  readonly name: string;
  readonly found: Value[] = [];
  readonly #output: Stream<Doc>;
  readonly #memory: Memory;
  #next: Doc | null = null;
  #isHungry = false;
  #isOver = false;
  #isDone = false;

  constructor(name: string, stage: Stage, memory: Memory) {
    this.name = name;
    this.#memory = memory;
    this.#output = stage(this.#input());
  }

  *#input(): Stream<Doc> {
    for (;;) {
      const next = this.#next;
      this.#next = null;
      if (next) yield next;
      else if (this.#isOver) return;
      else {
        this.#isHungry = true;
        yield PAUSE;
      }
    }
  }

  /** Runs the pipeline on one more document, up to the moment it asks for another. */
  *feed(source: Doc): Stream<Doc> {
    this.#next = source;
    this.#isHungry = false;
    yield* this.#run(() => this.#isHungry);
  }

  /** Runs it to its end, with a chance for others now and then. */
  *finish(): Stream<Doc> {
    this.#isOver = true;
    yield* this.#run(() => false);
  }

  *#run(isEnough: () => boolean): Stream<Doc> {
    for (let n = 1; !this.#isDone && !isEnough(); n++) {
      const step = this.#output.next();
      if (step.done) this.#isDone = true;
      else if (step.value !== PAUSE) {
        this.#memory.use(memorySize(step.value));
        this.found.push(step.value);
      } else if (!this.#isHungry) yield PAUSE;
      if (n % 64 === 0) yield PAUSE;
    }
  }
}

function tooLarge(): DatabaseError {
  return new DatabaseError(
    4031700,
    `document constructed by $facet exceeds the limit of ${MAX_STAGE_BYTES} bytes`,
  );
}

/** One document with the results of several pipelines over the same input. */
export const facetStage: StageBuild = (value, context): Stage => {
  if (!isDoc(value) || value.size === 0) {
    throw new DatabaseError(40169, 'the $facet specification must be a non-empty object');
  }
  const stages = [...value].map(([name, pipeline]) => {
    if (!Array.isArray(pipeline)) {
      throw new DatabaseError(
        40170,
        `arguments to $facet must be arrays, ${name} is type ${typeName(pipeline)}`,
      );
    }
    return [name, context.compile(pipeline, { place: '$facet' })] as const;
  });
  return function* (input) {
    const memory = new Memory(tooLarge);
    const branches = stages.map(([name, stage]) => new Branch(name, stage, memory));
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else for (const branch of branches) yield* branch.feed(item);
    }
    for (const branch of branches) yield* branch.finish();
    yield new Map(branches.map((branch): [string, Value] => [branch.name, branch.found]));
  };
};
