/** Lets so many pieces of work run at once; the others wait in the order in which they came. */

/** One turnstile. Nothing it is given can hold the others up but by never ending. */
export class Turnstile {
  #free: number;
  #waiting: (() => void)[] = [];

  /** @param atOnce - at least 1 */
  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Runs work when its turn has come; settles as the work does. */
  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
