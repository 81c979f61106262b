/** Asks the rooms who may read and write which document, and keeps the answer no longer than it may be kept. */
import type { Actor } from '#server/base/actor.ts';
import type { Judgement, LiveKind } from '#server/base/live/kind.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import type { Asked, RightsFollower } from '#server/base/rights-follower.ts';
import type { RightsSignal } from '#server/base/signals.ts';

/** Oldest answer a push may rely on when nobody says that nothing has changed, in ms. */
export const judgementMs = 1_000;

/** Most answers kept for those who come back; the oldest go first. */
const maxKept = 20_000;

/** An answer about rights, null for absent and foreign alike, and when it was asked for. */
export interface DatedJudgement extends Asked {
  judgement: Judgement | null;
  /** How many notices of changed rights there were by then. */
  signals: number;
}

/** Whose right in which document. */
export interface RightHolder {
  actor: Pick<Actor, 'sessionId' | 'memberId'>;
  relationshipId: string;
}

/** Picks those whom a notice of changed rights may be about. */
export function concerns(signal: RightsSignal): (holder: RightHolder) => boolean {
  if (signal.kind === 'memberChanged') return ({ actor }) => actor.memberId === signal.memberId;
  if (signal.kind === 'sessionEnded') return ({ actor }) => actor.sessionId === signal.sessionId;
  if (signal.kind === 'everythingChanged') return () => true;
  return ({ relationshipId }) => relationshipId === signal.relationshipId;
}

interface KeptJudgement extends DatedJudgement, RightHolder {
  judgement: Judgement;
}

/** All rights of the live engine. Rules LV5 to LV9, LV75 and LV76. */
export class Rights {
  #kinds: ReadonlyMap<string, LiveKind>;
  #now: () => Date;
  #follower: RightsFollower | null;
  #asking = new Map<Seat, Promise<DatedJudgement>>();
  /** By session and document. */
  #kept = new Map<string, KeptJudgement>();
  #signals = 0;

  /** @param follower - without one an answer is good for `judgementMs`, whatever happens */
  constructor(kinds: readonly LiveKind[], now: () => Date, follower: RightsFollower | null = null) {
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    this.#now = now;
    this.#follower = follower;
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

  /** Makes every answer being awaited too old, and forgets those the notice may be about. */
  noteSignal(signal: RightsSignal = { kind: 'everythingChanged' }): void {
    this.#signals += 1;
    const isConcerned = concerns(signal);
    for (const [key, kept] of this.#kept) if (isConcerned(kept)) this.#kept.delete(key);
  }

  /** @returns null for absent and foreign alike, whatever the kind. Rejects when the room cannot answer. */
  async judge(actor: Actor, document: string): Promise<Judgement | null> {
    return (await this.judgeDated(actor, document)).judgement;
  }

  /** As `judge`. An answer given before is given again while it is known to be still good. */
  async judgeDated(actor: Actor, document: string): Promise<DatedJudgement> {
    const key = keyOf(actor, document);
    const kept = this.#kept.get(key);
    const isGood = kept !== undefined && (await this.#follower?.confirms(kept)) === true;
    // Looked up again: what changed meanwhile has been heard by now.
    if (isGood && this.#kept.get(key) === kept) return { ...kept, signals: this.#signals };
    return this.#judgeNow(actor, document);
  }

  /** Asks until no notice of changed rights came between question and answer. */
  async whileUnchanged<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const before = this.#signals;
      const answer = await ask();
      if (before === this.#signals) return answer;
    }
  }

  /** Whether an answer may still be relied on, given that no notice about it has come. */
  isGood(asked: Asked): boolean {
    // A clock set back must not make an old answer young.
    const ageMs = this.#now().getTime() - asked.askedAtMs;
    return (ageMs >= 0 && ageMs <= judgementMs) || this.#follower?.vouchesFor(asked) === true;
  }

  /** Whether the seat's answer may still be relied on. */
  isFresh(seat: Seat): boolean {
    return this.isGood({ askedAtMs: seat.judgedAtMs, isFollowed: seat.isFollowed });
  }

  /** As `isFresh`, after a look at whether anything has changed where that can save asking again. */
  async isFreshOnLook(seat: Seat): Promise<boolean> {
    await this.#follower?.confirms({ askedAtMs: seat.judgedAtMs, isFollowed: seat.isFollowed });
    return this.isFresh(seat);
  }

  /** Asks again for a seat; those who ask meanwhile get the same answer, which is as old for them as for the first. */
  judgeAgain(seat: Seat): Promise<DatedJudgement> {
    let asking = this.#asking.get(seat);
    if (asking === undefined) {
      asking = this.#judgeNow(seat.actor, seat.document).finally(() => this.#asking.delete(seat));
      this.#asking.set(seat, asking);
    }
    return asking;
  }

  async #judgeNow(actor: Actor, document: string): Promise<DatedJudgement> {
    const asked = this.#ask();
    const found = this.find(document);
    for (;;) {
      const signals = this.#signals;
      const judgement = found === null ? null : await found.kind.judge(actor, found.key);
      if (signals !== this.#signals) continue;
      const dated = { judgement, signals, ...asked };
      // In the turn of the comparison: a notice that comes later finds it and takes it away.
      this.#keep(actor, document, dated);
      return dated;
    }
  }

  #ask(): Asked {
    return this.#follower?.ask() ?? { askedAtMs: this.#now().getTime(), isFollowed: false };
  }

  #keep(actor: Actor, document: string, dated: DatedJudgement): void {
    const { judgement, isFollowed } = dated;
    if (this.#follower === null) return;
    const key = keyOf(actor, document);
    this.#kept.delete(key);
    if (judgement === null || !isFollowed) return;
    const { sessionId, memberId } = actor;
    const { relationshipId } = judgement;
    this.#kept.set(key, { ...dated, judgement, actor: { sessionId, memberId }, relationshipId });
    if (this.#kept.size > maxKept) this.#kept.delete(this.#kept.keys().next().value ?? '');
  }
}

function keyOf({ sessionId }: Actor, document: string): string {
  return `${sessionId} ${document}`;
}
