/** Lets a room judge only for those whose session lives and who are active, whatever the room itself asks for. */
import type { Actor } from '#server/base/actor.ts';
import type { LiveKind } from '#server/base/live/kind.ts';

/** The outside world of the check. */
export interface LivingWorld {
  /** Who a session is of, from current data; null when it is over or its member is not active. */
  findActor: (sessionId: string) => Promise<Actor | null>;
  /** Told of a session that is over. */
  over: (sessionId: string) => void;
}

/** The same kind, which answers null for whoever is not there any more. Rule LV60. */
export function onlyForTheLiving(kind: LiveKind, world: LivingWorld): LiveKind {
  return {
    ...kind,
    async judge(actor, key) {
      const [found, judgement] = await Promise.all([
        world.findActor(actor.sessionId),
        kind.judge(actor, key),
      ]);
      if (found?.memberId === actor.memberId) return judgement;
      world.over(actor.sessionId);
      return null;
    },
  };
}
