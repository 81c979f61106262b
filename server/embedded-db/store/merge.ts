// Merging sorted streams into one.
import { PAUSE, type Stream } from './row.ts';

interface Head<T> {
  readonly value: T;
  readonly source: Stream<T>;
}

/** The next value of a stream, its pauses passed on; undefined at the end. */
function* pull<T>(source: Stream<T>): Generator<typeof PAUSE, T | undefined, undefined> {
  for (;;) {
    const next = source.next();
    if (next.done) return undefined;
    if (next.value !== PAUSE) return next.value as T;
    yield PAUSE;
  }
}

/** Puts a head into a list sorted from last to first. */
function place<T>(heads: Head<T>[], head: Head<T>, compare: (a: T, b: T) => number): void {
  let low = 0;
  let high = heads.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare((heads[middle] as Head<T>).value, head.value) > 0) low = middle + 1;
    else high = middle;
  }
  heads.splice(low, 0, head);
}

/** All values of streams that are sorted each, in order. */
export function* merge<T>(sources: readonly Stream<T>[], compare: (a: T, b: T) => number): Stream<T> {
  const heads: Head<T>[] = [];
  for (const source of sources) {
    const value = yield* pull(source);
    if (value !== undefined) place(heads, { value, source }, compare);
  }
  for (let head = heads.pop(); head; head = heads.pop()) {
    yield head.value;
    const value = yield* pull(head.source);
    if (value !== undefined) place(heads, { value, source: head.source }, compare);
  }
}
