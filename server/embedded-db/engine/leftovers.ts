// The background work that removes what dropped collections and indexes left in the file.
import { DatabaseError } from '../database-error.ts';
import { removeLeftovers } from '../store/leftovers.ts';
import type { Storage } from './storage.ts';
import { mayPass } from './store-failure.ts';
import type { Writer } from './writer.ts';

/** Removes leftovers in pieces, one round at a time. */
export class Leftovers {
  readonly #storage: Storage;
  readonly #writer: Writer;
  readonly #onFailure: (error: Error) => void;
  #round: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(storage: Storage, writer: Writer, onFailure: (error: Error) => void) {
    this.#storage = storage;
    this.#writer = writer;
    this.#onFailure = onFailure;
  }

  /** Asks for a round; after a crash or a full disk the next one finds what is left.
   *  @returns when everything that was there to remove has gone, or could not for now */
  remove(): Promise<void> {
    this.#isAskedAgain = this.#round !== null;
    this.#round ??= this.#run();
    return this.#round;
  }

  async #run(): Promise<void> {
    try {
      do {
        this.#isAskedAgain = false;
        await this.#removeOnce();
      } while (this.#isAskedAgain);
    } catch (error) {
      const isClosing = error instanceof DatabaseError && error.code === 91;
      if (!isClosing && !mayPass(error) && !this.#storage.watch.broken) this.#onFailure(error as Error);
    } finally {
      this.#round = null;
    }
  }

  #removeOnce(): Promise<void> {
    const { main } = this.#storage;
    return this.#writer.work(function* (_, pace) {
      for (const step of removeLeftovers(main)) {
        void step;
        if (pace.isOver) yield null;
      }
    });
  }
}
