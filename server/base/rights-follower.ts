/** Follows the revision of rights, so that an answer about them stays good for as long as nothing has changed. */
import type { RightsNews } from '#server/base/rights-revision.ts';
import type { Signals } from '#server/base/signals.ts';
import { minuteMs, secondMs } from '#shared/base/units.ts';

/** The outside world of the follower. */
export interface FollowerWorld {
  /** What changed since a revision; null for nothing. Rejects when nobody can say. */
  readNews: (known: number | null) => Promise<RightsNews | null>;
  /** Told of what other processes changed, and once more of what this one did. */
  signals: Signals;
  now: () => Date;
}

/** When something was asked for, and whether every change since then is heard of. */
export interface Asked {
  askedAtMs: number;
  isFollowed: boolean;
}

/** How old the last look at the revision may be for answers to rely on it, in ms. */
export const followedMs = secondMs;
/** Longest that an answer is believed because nothing is said to have changed: someone may edit records by hand. */
export const believedMs = minuteMs;

/** Rule LV75. What changed by another process is sent as a signal here, within the time between two looks. */
export class RightsFollower {
  #world: FollowerWorld;
  #known: number | null = null;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(world: FollowerWorld) {
    this.#world = world;
  }

  /** The date of a question asked now. */
  ask(): Asked {
    return { askedAtMs: this.#world.now().getTime(), isFollowed: this.#known !== null };
  }

  /** Whether an answer is still good, given that no signal has been heard since it was asked for. */
  vouchesFor({ askedAtMs, isFollowed }: Asked): boolean {
    if (!isFollowed) return false;
    const nowMs = this.#world.now().getTime();
    return isWithin(nowMs - askedAtMs, believedMs) && isWithin(nowMs - this.#readAtMs, followedMs);
  }

  /** Looks at the revision if it has to, and says whether an answer is still good for all that is known then. */
  async confirms(asked: Asked): Promise<boolean> {
    const isYoung = isWithin(this.#world.now().getTime() - asked.askedAtMs, believedMs);
    if (!asked.isFollowed || !isYoung) return false;
    if (!this.vouchesFor(asked)) await this.look();
    return this.vouchesFor(asked);
  }

  /** Looks at the revision now; those who want to meanwhile look with it. Never rejects: answers age instead. */
  look(): Promise<void> {
    this.#reading ??= this.#read()
      .catch(() => undefined)
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { readNews, signals, now } = this.#world;
    const begunAtMs = now().getTime();
    const isFirst = this.#known === null;
    const news = await readNews(this.#known);
    if (news !== null) {
      this.#known = news.revision;
      if (news.changes === null) signals.send({ kind: 'everythingChanged' });
      else if (!isFirst) for (const change of news.changes) signals.send(change);
    }
    this.#readAtMs = begunAtMs;
  }
}

/** A clock set back must not make an old answer young. */
function isWithin(ageMs: number, limitMs: number): boolean {
  return ageMs >= 0 && ageMs <= limitMs;
}
