// How much a stage may keep: nothing is spilled to disk, so beyond the limit it is refused.
import { LazyDoc } from '../bson/lazy-doc.ts';
import { isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { effort } from '../value/effort.ts';

/** What one blocking stage may keep, as on a server. */
export const MAX_STAGE_BYTES = 100 * 1024 * 1024;

/** What a value costs besides its content. */
const OVERHEAD = 16;

/** Roughly the bytes a value takes, close to its BSON size. A stored document counts as its bytes. */
export function memorySize(value: Value | undefined): number {
  if (typeof value === 'string') return OVERHEAD + value.length;
  if (typeof value !== 'object' || value === null) return OVERHEAD;
  effort();
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + memorySize(each), OVERHEAD);
  if (isDoc(value)) {
    const stored = value instanceof LazyDoc ? value.storedBytes : null;
    if (stored) return OVERHEAD + stored.length;
    let sum = OVERHEAD;
    for (const [name, field] of value) sum += name.length + memorySize(field);
    return sum;
  }
  return 'bytes' in value ? OVERHEAD + value.bytes.length : OVERHEAD * 2;
}

/** Counts what a stage or an accumulator keeps. */
export class Memory {
  readonly #refuse: () => DatabaseError;
  readonly #outer: Memory | null;
  #used = 0;

  constructor(refuse: () => DatabaseError, outer: Memory | null = null) {
    this.#refuse = refuse;
    this.#outer = outer;
  }

  /** Notes bytes that are kept (or, negative, let go), also with the memory around this one.
   *  @throws the refusal given when the limit is passed */
  use(bytes: number): void {
    this.#used += bytes;
    if (this.#used > MAX_STAGE_BYTES) throw this.#refuse();
    this.#outer?.use(bytes);
  }
}

/** The memory of a stage that a server could let spill.
 *  @throws 292 when more is used */
export function stageMemory(stage: string): Memory {
  return new Memory(
    () =>
      new DatabaseError(
        292,
        stage === '$sort'
          ? 'Sort exceeded memory limit of 104857600 bytes, but did not opt in to external sorting.'
          : `Exceeded memory limit for ${stage}, but didn't allow external spilling. The embedded database never spills to disk.`,
      ),
  );
}

/** The memory of an accumulator that no server lets spill, within that of its stage.
 *  @throws 146 when more is used */
export function accumulatorMemory(name: string, outer: Memory): Memory {
  return new Memory(
    () =>
      new DatabaseError(
        146,
        `${name} used too much memory and cannot spill to disk. Memory limit: ${MAX_STAGE_BYTES} bytes`,
      ),
    outer,
  );
}
