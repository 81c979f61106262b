/** Lets nobody keep the hub busy with the past: few readings of one person at a time, and few of all. */
import { fail } from '#shared/base/errors.ts';

/** Readings of one person at the same time; more are refused. */
const perPerson = 6;
/** Readings of everybody at the same time; more wait. */
const atOnce = 4;

/** Rule HI9. */
export class ReadingTurns {
  #byPerson = new Map<string, number>();
  #running = 0;
  #waiting: (() => void)[] = [];

  /** Runs one reading in its turn. @throws rate.limited when the person has too many */
  async run<Answer>(memberId: string, read: () => Promise<Answer>): Promise<Answer> {
    const count = this.#byPerson.get(memberId) ?? 0;
    if (count >= perPerson) fail('rate.limited');
    this.#byPerson.set(memberId, count + 1);
    try {
      await this.#turn();
      try {
        return await read();
      } finally {
        this.#running -= 1;
        this.#waiting.shift()?.();
      }
    } finally {
      const left = (this.#byPerson.get(memberId) ?? 1) - 1;
      if (left > 0) this.#byPerson.set(memberId, left);
      else this.#byPerson.delete(memberId);
    }
  }

  async #turn(): Promise<void> {
    while (this.#running >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }
}
