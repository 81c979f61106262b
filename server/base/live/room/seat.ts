/** One connection's place in one document. */
import type { Actor } from '#server/base/actor.ts';
import type { Wire } from '#server/base/live/connection/wire.ts';
import type { Judgement } from '#server/base/live/kind.ts';
import type { Place, PresentPerson } from '#shared/base/live.ts';

/** Who sits where, with the last answer about their rights. */
export interface Seat {
  /** As of the last look at the session. */
  actor: Actor;
  readonly wire: Wire;
  readonly document: string;
  readonly clientId: number;
  judgement: Judgement;
  /** When `judgement` was asked for, in ms; -Infinity when it must be asked for again. */
  judgedAtMs: number;
  /** Whether every change of rights since `judgedAtMs` is heard of. */
  isFollowed: boolean;
  place: Place | null;
  /** Client ids claimed at join that are not kept unless something is written under them. */
  claims: number[];
  /** The pushes held back while rights are asked for again; they keep their order. */
  held: Promise<unknown> | null;
  /** True once the seat is out of its room; nothing is sent to it then. */
  isGone: boolean;
  /** Called once, when it is out of its room. */
  readonly left: () => void;
}

/** How others see a seat. */
export function presentPerson(seat: Seat): PresentPerson {
  const { actor, clientId, judgement, place } = seat;
  return {
    clientId,
    memberId: actor.memberId,
    name: actor.name,
    companyName: actor.companyName,
    side: judgement.side,
    place,
  };
}
