// Which order of strings is in force: the order of their bytes, or that of a collation while its command runs.

/** How strings compare, and what stands for a string in key bytes. */
export interface TextOrder {
  /** Equal for equal collations; '' for the order of bytes. */
  readonly id: string;
  readonly compare: (a: string, b: string) => number;
  /** Equal for texts that compare as equal. With `strings: 'classes'` a few others may have it too. */
  readonly key: (text: string) => string;
  /** What bounds may be made of strings: all, points that hold too much, or none. */
  readonly strings: 'exact' | 'classes' | 'none';
}

/** For bounds in an index of another collation: only values without strings have the same keys in both. */
export const FOREIGN_ORDER: TextOrder = {
  id: 'another',
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  key: (text) => text,
  strings: 'none',
};

/** Null is the order of bytes. Everything that runs under an order is synchronous, so that one variable says it. */
let current: TextOrder | null = null;

/** The order in force; null for the order of bytes. */
export function textOrder(): TextOrder | null {
  return current;
}

/** What stands for a text in keys and identities. */
export function keyText(text: string): string {
  return current === null ? text : current.key(text);
}

/** Runs something under an order; every comparison and every key inside obeys it. */
export function underOrder<T>(order: TextOrder | null, run: () => T): T {
  if (order === current) return run();
  const before = current;
  current = order;
  try {
    return run();
  } finally {
    current = before;
  }
}

function* stepsUnderOrder<T, R>(
  order: TextOrder,
  stream: Generator<T, R, undefined>,
): Generator<T, R, undefined> {
  let isDone = false;
  try {
    for (;;) {
      const next = underOrder(order, () => stream.next());
      if (next.done) {
        isDone = true;
        return next.value;
      }
      yield next.value;
    }
  } finally {
    if (!isDone) stream.return(undefined as R);
  }
}

/** The same stream, every step of it under an order. */
export function streamUnderOrder<T, R>(
  order: TextOrder | null,
  stream: Generator<T, R, undefined>,
): Generator<T, R, undefined> {
  return order === null ? stream : stepsUnderOrder(order, stream);
}
