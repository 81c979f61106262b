/** Looks at the revision of rights while anybody is connected, and judges every seat anew within a minute. */
import type { People } from '#server/base/live/connection/person.ts';
import type { Rooms } from '#server/base/live/room/rooms.ts';
import { believedMs, followedMs, type RightsFollower } from '#server/base/rights-follower.ts';

/** The outside world of the rounds. */
export interface RoundsWorld {
  people: People;
  rooms: Rooms;
  follower: RightsFollower;
  now: () => Date;
  schedule: (delayMs: number, work: () => void) => () => void;
}

/** Time between two looks at the revision. */
export const lookEveryMs = followedMs / 2;
/** From this age on a seat is judged anew when its turn comes. */
const dueMs = believedMs / 2;
/** The seats of the hub take so many rounds, so that they are not all asked for at once; never fewer than these. */
const roundsForAll = 40;
const seatsAtLeast = 16;

/** Rules LV75 and LV76. */
export class RightsRounds {
  #world: RoundsWorld;
  #cancel: () => void;
  #isStopped = false;

  constructor(world: RoundsWorld) {
    this.#world = world;
    // Only what is asked for after the first look is followed.
    void world.follower.look();
    this.#cancel = this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #schedule(): () => void {
    return this.#world.schedule(lookEveryMs, () => {
      // The next look begins when it is due, however long this one takes.
      if (!this.#isStopped) this.#cancel = this.#schedule();
      if (!this.#world.people.isEmpty) void this.#round();
    });
  }

  async #round(): Promise<void> {
    const { follower, rooms, now } = this.#world;
    const asked = follower.ask();
    await follower.look();
    // A database that does not answer says nothing about anybody's rights.
    if (this.#isStopped || (asked.isFollowed && !follower.vouchesFor(asked))) return;
    const nowMs = now().getTime();
    const seats = [...rooms.seatsWhere(() => true)];
    const due = seats
      .filter(([, { judgedAtMs, isFollowed }]) => !isFollowed || Math.abs(nowMs - judgedAtMs) > dueMs)
      .sort(([, one], [, other]) => one.judgedAtMs - other.judgedAtMs);
    const most = Math.max(seatsAtLeast, Math.ceil(seats.length / roundsForAll));
    for (const [room, seat] of due.slice(0, most)) {
      // Its refusals have been told to the seat already.
      room.judgeAgain(seat).catch(() => undefined);
    }
  }
}
