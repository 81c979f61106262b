/** Reads along a reference from one record to another in one step instead of two. */

/** What a reference led to. */
export interface Led<From, To> {
  from: From;
  /** Null when what it refers to is not there. */
  to: To | null;
}

/** How to get from one record to another. */
export interface Way<From, To> {
  read: (key: string) => Promise<From | null>;
  /** The id that the first record names. */
  targetOf: (from: From) => string;
  readTarget: (id: string) => Promise<To | null>;
}

/**
 * Remembers where references led last time, and reads there at the same time as the reference. Only where to look is
 * remembered: both records are as of now, and a reference that leads elsewhere now is followed.
 */
export class ReadAhead {
  #targets = new Map<string, string>();
  readonly #most: number;

  /** @param most - references remembered; the oldest are followed step by step again */
  constructor(most = 10_000) {
    this.#most = most;
  }

  /** Says where a reference is likely to lead. */
  expect(key: string, target: string): void {
    if (this.#targets.get(key) === target) return;
    this.#targets.delete(key);
    this.#targets.set(key, target);
    if (this.#targets.size > this.#most) this.#targets.delete(this.#targets.keys().next().value ?? '');
  }

  /** @returns null when the first record is not there. Rejects when either cannot be read. */
  async follow<From, To>(key: string, way: Way<From, To>): Promise<Led<From, To> | null> {
    const expected = this.#targets.get(key);
    const [from, ahead] = await Promise.all([
      way.read(key),
      expected === undefined ? null : way.readTarget(expected),
    ]);
    if (from === null) {
      this.#targets.delete(key);
      return null;
    }
    const target = way.targetOf(from);
    if (target === expected) return { from, to: ahead };
    this.expect(key, target);
    return { from, to: await way.readTarget(target) };
  }
}
