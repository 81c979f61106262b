/** Asks the rooms who may read and write which document, and keeps the answer no longer than it may be kept. */
import type { Actor } from '#server/base/actor.ts';
import type { Judgement, LiveKind } from '#server/base/live/kind.ts';
import type { Seat } from '#server/base/live/seat.ts';

/** Oldest answer a push may rely on, in ms. */
export const judgementMs = 1_000;

/** An answer about rights, null for absent and foreign alike, and when it was asked for. */
export interface DatedJudgement {
  judgement: Judgement | null;
  askedAtMs: number;
}

/** All rights of the live engine. Rule LV5 to LV9. */
export class Rights {
  #kinds: ReadonlyMap<string, LiveKind>;
  #now: () => Date;
  #asking = new Map<Seat, Promise<DatedJudgement>>();
  #signals = 0;

  constructor(kinds: readonly LiveKind[], now: () => Date) {
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    this.#now = now;
  }

  /** The kind of a document and the rest of its name; null for a kind nobody registered. */
  find(document: string): { kind: LiveKind; key: string[] } | null {
    const [name = '', ...key] = document.split('/');
    const kind = this.#kinds.get(name);
    return kind === undefined ? null : { kind, key };
  }

  /** Changes with every notice of changed rights: an answer asked for before is too old. */
  get signals(): number {
    return this.#signals;
  }

  /** Makes every answer being awaited too old. */
  noteSignal(): void {
    this.#signals += 1;
  }

  /** @returns null for absent and foreign alike, whatever the kind. Rejects when the room cannot answer. */
  async judge(actor: Actor, document: string): Promise<Judgement | null> {
    const found = this.find(document);
    if (found === null) return null;
    return this.whileUnchanged(() => found.kind.judge(actor, found.key));
  }

  /** Asks until no notice of changed rights came between question and answer. */
  async whileUnchanged<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const before = this.#signals;
      const answer = await ask();
      if (before === this.#signals) return answer;
    }
  }

  /** Whether the seat's answer may still be relied on. */
  isFresh(seat: Seat): boolean {
    // A clock set back must not make an old answer young.
    const ageMs = this.#now().getTime() - seat.judgedAtMs;
    return ageMs >= 0 && ageMs <= judgementMs;
  }

  /** Asks again for a seat; those who ask meanwhile get the same answer, which is as old for them as for the first. */
  judgeAgain(seat: Seat): Promise<DatedJudgement> {
    let asking = this.#asking.get(seat);
    if (asking === undefined) {
      const askedAtMs = this.#now().getTime();
      asking = this.judge(seat.actor, seat.document)
        .then((judgement) => ({ judgement, askedAtMs }))
        .finally(() => this.#asking.delete(seat));
      this.#asking.set(seat, asking);
    }
    return asking;
  }
}
