/** Lets nobody keep the hub busy with the past: few readings of one person, of one company, and of all at a time. */
import type { Actor } from '#server/base/actor.ts';
import { fail } from '#shared/base/errors.ts';

/** Readings of one person at the same time; more are refused. */
const perPerson = 6;
/** Readings of everybody at the same time; more wait. */
const atOnce = 4;
/** Those of one company: one place is always another one's. */
const ofCompanyAtOnce = 3;

/** Somebody whose reading waits. */
interface Waiting {
  companyId: string;
  start: () => void;
}

/** Rule HI9. */
export class ReadingTurns {
  #byPerson = new Map<string, number>();
  /** By company; no entry for none. */
  #running = new Map<string, number>();
  #total = 0;
  #waiting: Waiting[] = [];

  /** Runs one reading in its turn. @throws rate.limited when the person has too many */
  async run<Answer>(
    { memberId, companyId }: Pick<Actor, 'memberId' | 'companyId'>,
    read: () => Promise<Answer>,
  ): Promise<Answer> {
    if ((this.#byPerson.get(memberId) ?? 0) >= perPerson) fail('rate.limited');
    count(this.#byPerson, memberId, 1);
    try {
      await new Promise<void>((start) => {
        this.#waiting.push({ companyId, start });
        this.#startSome();
      });
      try {
        return await read();
      } finally {
        this.#total -= 1;
        count(this.#running, companyId, -1);
        this.#startSome();
      }
    } finally {
      count(this.#byPerson, memberId, -1);
    }
  }

  #startSome(): void {
    while (this.#total < atOnce) {
      const next = this.#next();
      if (next === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#total += 1;
      count(this.#running, next.companyId, 1);
      next.start();
    }
  }

  /** Of the companies that have the fewest readings under way, whoever has waited longest. */
  #next(): Waiting | undefined {
    let found: Waiting | undefined;
    let fewest = ofCompanyAtOnce;
    for (const waiting of this.#waiting) {
      const running = this.#running.get(waiting.companyId) ?? 0;
      if (running < fewest) [found, fewest] = [waiting, running];
    }
    return found;
  }
}

function count(counts: Map<string, number>, id: string, change: 1 | -1): void {
  const after = (counts.get(id) ?? 0) + change;
  if (after > 0) counts.set(id, after);
  else counts.delete(id);
}
