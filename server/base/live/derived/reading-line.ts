/** Subjects to be read one after the other, in a thread of their own. */
import { type DeriveLimits, DeriverThread } from '#server/base/live/derived/deriver-thread.ts';

/** The outside world of a line. */
export interface LineWorld {
  /** Reads a subject in a thread; never rejects. */
  read: (subject: string, thread: DeriverThread) => Promise<void>;
  /** Nothing waits any more. */
  rested: () => void;
}

/** Runs by itself from the first subject on. */
export class ReadingLine {
  #thread: DeriverThread;
  #world: LineWorld;
  #names = new Set<string>();
  #isRunning = false;

  constructor(limits: DeriveLimits, world: LineWorld) {
    this.#thread = new DeriverThread(limits);
    this.#world = world;
  }

  /** Whether nothing is being read. */
  get isIdle(): boolean {
    return !this.#isRunning;
  }

  /** Whether a subject waits. */
  has(subject: string): boolean {
    return this.#names.has(subject);
  }

  /** Puts a subject at the end, unless it waits already. */
  add(subject: string): void {
    this.#names.add(subject);
    if (!this.#isRunning) void this.#run();
  }

  /** Forgets who waits, and ends the thread. */
  close(): Promise<void> {
    this.#names.clear();
    return this.#thread.stop();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (const name of this.#names) {
      this.#names.delete(name);
      await this.#world.read(name, this.#thread);
    }
    this.#isRunning = false;
    this.#world.rested();
  }
}
