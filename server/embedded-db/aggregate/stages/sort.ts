// $sort, also with the $limit that follows it.
import { LazyDoc } from '../../bson/lazy-doc.ts';
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compareSortKeys, type SortField, sortKey, valueSort } from '../../query/sort.ts';
import { PAUSE, type Stream } from '../../store/row.ts';
import { paced, type Sliced, sortInSlices } from '../../store/slices.ts';
import { type Memory, memorySize, stageMemory } from '../memory.ts';
import type { Maybe } from '../scope.ts';
import type { Stage } from '../stage.ts';

interface Sorted {
  readonly source: Doc;
  readonly keys: readonly Maybe[];
  readonly size: number;
}

class SortBuffer {
  readonly #fields: readonly SortField[];
  readonly #keep: number;
  readonly #memory: Memory = stageMemory('$sort');
  #all: Sorted[] = [];

  constructor(fields: readonly SortField[], keep: number) {
    this.#fields = fields;
    this.#keep = keep;
  }

  add(source: Doc): void {
    const size = memorySize(source);
    this.#all.push({ source, keys: sortKey(source, this.#fields), size });
    if (source instanceof LazyDoc) source.forget();
    this.#memory.use(size);
  }

  /** True when those that cannot be among the wanted ones should be dropped. */
  get isFull(): boolean {
    return this.#all.length >= this.#keep * 2 + 1_000;
  }

  /** Sorts what there is and drops what is too much; equal ones stay in the order they came. */
  *trim(): Sliced<void> {
    this.#all = yield* sortInSlices(this.#all, (a, b) => compareSortKeys(a.keys, b.keys, this.#fields));
    for (const { size } of this.#all.splice(this.#keep)) this.#memory.use(-size);
  }

  *results(): Stream<Doc> {
    yield* this.trim();
    for (const each of paced(this.#all)) yield each === PAUSE ? PAUSE : each.source;
  }
}

/** The fields of a sort specification.
 *  @throws 15973, 15976 for anything but a document with fields */
export function sortFields(value: Value): SortField[] {
  if (!isDoc(value)) throw new DatabaseError(15973, 'the $sort key specification must be an object');
  if (value.size === 0) throw new DatabaseError(15976, '$sort stage must have at least one sort key');
  return valueSort(value);
}

/** Sorts; with a `keep` only as many as will be asked for are held.
 *  @throws 292 beyond the memory of a stage */
export function sortStage(value: Value, keep = Number.POSITIVE_INFINITY): Stage {
  const fields = sortFields(value);
  return function* (input): Stream<Doc> {
    const buffer = new SortBuffer(fields, keep);
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else buffer.add(item);
      if (buffer.isFull) yield* buffer.trim();
    }
    yield* buffer.results();
  };
}
