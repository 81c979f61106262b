/** What each message of a client does. Nothing here knows Socket.IO. */
import type { Connection } from '#server/base/live/connection/person.ts';
import type { Rights } from '#server/base/live/rights/rights.ts';
import type { LiveRoom } from '#server/base/live/room/room.ts';
import type { Rooms } from '#server/base/live/room/rooms.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import { fail } from '#shared/base/errors.ts';
import {
  type CellHistory,
  type Done,
  type Join,
  type Joined,
  type Leave,
  liveLimits,
  type Presence,
  type Push,
  type Pushed,
  type ReadCell,
} from '#shared/base/live.ts';

/** The outside world of the desk. */
export interface DeskWorld {
  rooms: Rooms;
  rights: Rights;
  now: () => Date;
}

/** How often a join is judged before it is sent away; each round but the last came to an answer that was too old. */
const judgingRounds = 3;
/** Pasts of cells one person reads at the same time: each is up to twenty readings of storage. */
const cellsAtOnce = 4;

/** Serves the messages. Every method throws or rejects with a code of the catalogue. */
export class Desk {
  #world: DeskWorld;

  constructor(world: DeskWorld) {
    this.#world = world;
  }

  /** @throws thing.absent, live.foreignClient, live.storageFailed, rate.limited */
  async join(connection: Connection, join: Join): Promise<Joined> {
    const { document } = join;
    if (connection.seats.size + connection.joining.size >= liveLimits.documentsPerSocket)
      fail('rate.limited');
    const ticket = Symbol(document);
    connection.joining.set(document, ticket);
    try {
      const { room, seat } = await this.#prepare(connection, join);
      if (connection.isClosed || connection.joining.get(document) !== ticket) fail('live.notJoined');
      const joined = room.sit(seat, join);
      connection.seats.set(document, seat);
      return joined;
    } finally {
      if (connection.joining.get(document) === ticket) connection.joining.delete(document);
    }
  }

  leave(connection: Connection, { document }: Leave): Done {
    connection.joining.delete(document);
    const seat = connection.seats.get(document);
    if (seat !== undefined) this.#unseat(seat);
    return { ok: true };
  }

  /** @throws live.notJoined, and as `LiveRoom.push` */
  push(connection: Connection, { document, update }: Push): Promise<Pushed> {
    const { room, seat } = this.#seated(connection, document);
    return room.push(seat, update);
  }

  /** @throws live.notJoined, rate.limited, input.invalid for what is no grid or did not set the cell, and as `judgeAgain` */
  async cellHistory(connection: Connection, asked: ReadCell): Promise<CellHistory> {
    const { room, seat } = this.#seated(connection, asked.document);
    const { person } = connection;
    if (person.cellsRead >= cellsAtOnce) fail('rate.limited');
    person.cellsRead += 1;
    try {
      return await room.readCell(seat, asked);
    } finally {
      person.cellsRead -= 1;
    }
  }

  /** @throws live.notJoined, rate.limited, input.tooLarge, input.invalid */
  presence(connection: Connection, { document, place }: Presence): Done {
    const { room, seat } = this.#seated(connection, document);
    if (!connection.presence.take(1, this.#world.now().getTime())) fail('rate.limited');
    room.move(seat, place);
    return { ok: true };
  }

  /** Takes a closed connection out of everything. */
  forget(connection: Connection): void {
    connection.joining.clear();
    for (const seat of [...connection.seats.values()]) this.#unseat(seat);
  }

  #unseat(seat: Seat): void {
    this.#world.rooms.find(seat.document)?.leave(seat, null);
  }

  #seated(connection: Connection, document: string): { room: LiveRoom; seat: Seat } {
    const seat = connection.seats.get(document);
    const room = this.#world.rooms.find(document);
    if (seat === undefined || room === undefined) fail('live.notJoined');
    return { room, seat };
  }

  /** Rights first, so that a foreign document is never even loaded; and again when loading took its time. */
  async #prepare(connection: Connection, join: Join): Promise<{ room: LiveRoom; seat: Seat }> {
    const { rooms, rights } = this.#world;
    for (let round = 1; ; round += 1) {
      const dated = await rights.judgeDated(connection.actor, join.document);
      const { judgement, askedAtMs, isFollowed } = dated;
      if (judgement === null) fail('thing.absent');
      const room = await rooms.at(join.document);
      await room.prepare(join);
      if (connection.isClosed) fail('live.notJoined');
      if (dated.signals !== rights.signals || !rights.isGood(dated)) {
        // A hub too slow to answer within a second must not be asked by everybody without end.
        if (round === judgingRounds) fail('rate.limited');
        continue;
      }
      const seat: Seat = {
        actor: connection.actor,
        wire: connection.wire,
        document: join.document,
        clientId: join.clientId,
        judgement,
        judgedAtMs: askedAtMs,
        isFollowed,
        place: null,
        claims: [],
        held: null,
        isGone: false,
        left: () => {
          if (connection.seats.get(join.document) === seat) connection.seats.delete(join.document);
        },
      };
      return { room, seat };
    }
  }
}
