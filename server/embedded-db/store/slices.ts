// Long work cut into slices, with a pause after each so that others get their turn.
import { PAUSE, type Stream } from './row.ts';

/** Items compared or handed on between two pauses; well below a millisecond of work. */
const SLICE = 512;
const ITEMS_PER_PAUSE = 64;

/** Pauses, then a result. */
export type Sliced<T> = Generator<typeof PAUSE, T, undefined>;

/** The items with pauses between them, for sources that have all of them at once. */
export function* paced<T>(items: Iterable<T>): Stream<T> {
  let left = ITEMS_PER_PAUSE;
  for (const item of items) {
    yield item;
    if (--left > 0) continue;
    left = ITEMS_PER_PAUSE;
    yield PAUSE;
  }
}

type Order<T> = (a: T, b: T) => number;

/** Merges the sorted runs before and from `middle` into `to`; equal items keep their order. */
function* mergeRuns<T>(
  from: readonly T[],
  to: T[],
  [start, middle, end]: readonly [number, number, number],
  order: Order<T>,
): Sliced<void> {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takesLeft = right >= end || (left < middle && order(from[left] as T, from[right] as T) <= 0);
    to[at] = from[takesLeft ? left++ : right++] as T;
    if (at % SLICE === 0) yield PAUSE;
  }
}

/** Sorts as `toSorted` does, equal items keeping their order, but in slices. */
export function* sortInSlices<T>(items: readonly T[], order: Order<T>): Sliced<T[]> {
  const { length } = items;
  let from: T[] = [];
  for (let start = 0; start < length; start += SLICE) {
    for (const item of items.slice(start, start + SLICE).sort(order)) from.push(item);
    yield PAUSE;
  }
  let to: T[] = new Array<T>(length);
  for (let size = SLICE; size < length; size *= 2) {
    for (let start = 0; start < length; start += size * 2) {
      const middle = Math.min(start + size, length);
      yield* mergeRuns(from, to, [start, middle, Math.min(middle + size, length)], order);
    }
    [from, to] = [to, from];
  }
  return from;
}
