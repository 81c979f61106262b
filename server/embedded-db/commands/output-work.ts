// Writing for $out and $merge: one document after another, with turns for others.
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { LockWait } from '../engine/locks.ts';
import { type Pace, type Work, waiting } from '../engine/work.ts';
import type { WriteTarget } from '../engine/write-target.ts';
import { type Context, reply } from './context.ts';
import { work } from './long-write.ts';

/** Takes the documents of a pipeline. */
export interface Sink {
  write(documents: readonly Doc[]): Promise<void>;
  /** After the last document. */
  finish(): Promise<void>;
  /** After a failure: what was begun is taken back where that is possible. */
  abandon(): Promise<void>;
}

/** A collection named by `'name'` or `{ db, coll }`. */
export function targetOf(
  stage: string,
  value: Value | undefined,
  db: string,
): readonly [db: string, name: string] {
  if (typeof value === 'string') return [db, value];
  const [given, name] = isDoc(value) ? [value.get('db') ?? db, value.get('coll')] : [];
  if (typeof given === 'string' && typeof name === 'string') return [given, name];
  throw new DatabaseError(
    16990,
    `${stage} only supports a string or object argument that names a collection`,
  );
}

/** What is done with one item; it waits for locks by itself. */
export type Each<T> = (target: WriteTarget, item: T, pace: Pace) => Work<void>;

/** Does a step that changes nothing when it meets a lock; waits for the owner and does it again. */
export function* patiently<T>(step: () => T): Work<T> {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof LockWait)) throw error;
    return yield* waiting(step, error.owner);
  }
}

/** Does something durable with each item; what was done before a failure stays. */
export async function forEachDurably<T>(context: Context, items: readonly T[], each: Each<T>): Promise<void> {
  await work(context, function* ({ target, pace }) {
    for (const item of items) {
      yield* each(target, item, pace);
      if (pace.isOver) yield null;
    }
    return reply({});
  });
}

/** Does one thing wholly or not at all, waiting for transactions in its way. */
export async function once(context: Context, step: (target: WriteTarget) => void): Promise<void> {
  await context.engine.writer.write(step);
}
