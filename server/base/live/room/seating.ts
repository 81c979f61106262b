/** Who sits in a room: taking a seat, losing it, and what a seat may do from now on. */
import type { Logger } from 'pino';
import { prepareFrame } from '#server/base/live/connection/wire.ts';
import type { Judgement } from '#server/base/live/kind.ts';
import type { DocumentLog } from '#server/base/live/log/document-log.ts';
import type { DatedJudgement, Rights } from '#server/base/live/rights/rights.ts';
import { PresenceBoard } from '#server/base/live/room/presence.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import { type ErrorCode, fail } from '#shared/base/errors.ts';
import { type Join, type Joined, liveLimits, liveVersion, type Place } from '#shared/base/live.ts';

/** The outside world of the seats of one room. */
export interface SeatingWorld {
  document: string;
  rights: Rights;
  log: Logger;
  now: () => Date;
  schedule: (delayMs: number, work: () => void) => unknown;
  /** Least time between two frames about who is where, in ms. */
  windowMs: number;
  /** Told after a seat was lost. */
  left: (seat: Seat) => void;
}

/** The seats of one room. */
export class Seating {
  readonly seats = new Set<Seat>();
  #world: SeatingWorld;
  #presence: PresenceBoard;

  constructor(world: SeatingWorld) {
    this.#world = world;
    this.#presence = new PresenceBoard({ ...world, seats: this.seats });
  }

  /**
   * Seats a joiner, in the same turn in which it gets its answer: what comes after the answer reaches it as frames.
   * @throws live.foreignClient when the client id is somebody else's
   */
  sit(log: DocumentLog, seat: Seat, join: Join): Joined {
    const { memberId } = seat.actor;
    const isForeign = (clientId: number): boolean =>
      (log.content.owners.get(clientId) ?? memberId) !== memberId;
    if (isForeign(seat.clientId)) fail('live.foreignClient');
    this.#unseatBefore(seat);
    const earlier = join.earlierClientIds ?? [];
    claimFor(
      log,
      seat,
      earlier.filter((clientId) => !isForeign(clientId)),
    );
    this.seats.add(seat);
    const people = this.#presence.came(seat);
    const missing = log.missingSince(join.epoch === log.epoch ? join.seq : undefined);
    const isLarge = missing.bytes > liveLimits.socketLoadBytes;
    return {
      ok: true,
      version: liveVersion,
      epoch: log.epoch,
      seq: missing.seq,
      stateVector: log.stateVector,
      updates: isLarge ? [] : missing.updates,
      load: isLarge ? 'http' : 'here',
      ...writing(seat.judgement),
      side: seat.judgement.side,
      people,
      foreignClientIds: earlier.filter(isForeign),
    };
  }

  /** Takes a seat out; `code` is told to its connection, null when it knows or is gone. */
  leave(seat: Seat, code: ErrorCode | null): void {
    if (seat.isGone) return;
    seat.isGone = true;
    this.seats.delete(seat);
    if (code !== null) seat.wire.send(prepareFrame('closed', { document: this.#world.document, code }));
    this.#presence.left(seat);
    seat.left();
    this.#world.left(seat);
  }

  /** @throws input.tooLarge, input.invalid */
  move(seat: Seat, place: Place | null): void {
    this.#presence.moved(seat, place);
  }

  /** Shows a seat under the name its actor has now. */
  rename(seat: Seat): void {
    if (!seat.isGone) this.#presence.renamed(seat);
  }

  /** Makes a seat's answer fresh, by as little as that takes. @throws thing.absent when it may no longer read */
  async freshen(seat: Seat): Promise<void> {
    if (!(await this.#world.rights.isFreshOnLook(seat))) await this.judgeAgain(seat);
  }

  /** Asks again what a seat may do, and acts on it at once. @throws thing.absent when it may no longer read */
  async judgeAgain(seat: Seat): Promise<void> {
    const { document } = this.#world;
    const { judgement, askedAtMs, isFollowed } = await this.#askAgain(seat);
    if (judgement === null) {
      this.leave(seat, 'thing.absent');
      fail('thing.absent');
    }
    if (seat.isGone) fail('live.notJoined');
    const before = seat.judgement;
    seat.judgement = judgement;
    seat.judgedAtMs = askedAtMs;
    seat.isFollowed = isFollowed;
    if (before.mayWrite === judgement.mayWrite && before.quarantined === judgement.quarantined) return;
    seat.wire.send(prepareFrame('rights', { document, ...writing(judgement) }));
  }

  async #askAgain(seat: Seat): Promise<DatedJudgement> {
    const { document, rights, log } = this.#world;
    try {
      for (;;) {
        const dated = await rights.judgeAgain(seat);
        // A notice may have come while the answer was on its way here.
        if (dated.signals === rights.signals) return dated;
      }
    } catch (error) {
      log.error({ err: error, document }, 'rights could not be judged');
      this.leave(seat, 'internal');
      return fail('internal');
    }
  }

  /** One seat for a connection, and one connection for a client id: two writers under one id would diverge. */
  #unseatBefore(newcomer: Seat): void {
    for (const seat of [...this.seats]) {
      if (seat.wire === newcomer.wire) this.leave(seat, null);
      else if (seat.clientId === newcomer.clientId) this.leave(seat, 'live.superseded');
    }
  }
}

/**
 * Ids of one member in one document that are stored with nothing written under them: each page load brings one, and
 * whoever loads pages on purpose must not fill the store. Far above what one person's tabs and devices need.
 */
export const unusedIdsPerMember = 256;

/** A writer's own id is stored as theirs at once; other ids only once something is written under them. */
function claimFor(log: DocumentLog, seat: Seat, earlier: readonly number[]): void {
  const { memberId } = seat.actor;
  for (const clientId of earlier) log.claim(clientId, memberId);
  seat.claims = [...earlier, seat.clientId];
  // Who comes back brings an id that is theirs already; counting goes through everybody's.
  const hasRoom = () => log.isBound(seat.clientId) || log.unusedOf(memberId) < unusedIdsPerMember;
  const isKept = seat.judgement.mayWrite && hasRoom();
  if (isKept) log.bind(seat.clientId, memberId);
  else log.claim(seat.clientId, memberId);
}

/** What a client is told of its right to write. */
function writing({ mayWrite, quarantined }: Judgement): { mayWrite: boolean; quarantined?: boolean } {
  return quarantined === true ? { mayWrite, quarantined } : { mayWrite };
}
