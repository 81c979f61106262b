/** All rooms that are in memory: one a document, made by the first who asks. */

import { Turnstile } from '#server/base/live/connection/turnstile.ts';
import { LiveRoom, type RoomWorld } from '#server/base/live/room/room.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import type { ErrorCode } from '#shared/base/errors.ts';

/** Documents that are read from storage at once: a whole company that connects must not need all of its memory at once. */
const readAtOnce = 16;

/** Finds rooms by document, and seats by person. */
export class Rooms {
  #rooms = new Map<string, LiveRoom>();
  #world: RoomWorld;

  constructor(world: Omit<RoomWorld, 'closed' | 'reading'>) {
    this.#world = {
      ...world,
      reading: new Turnstile(readAtOnce),
      closed: (room) => {
        if (this.#rooms.get(room.document) !== room) return;
        this.#rooms.delete(room.document);
        world.watcher?.closed(room.document);
      },
    };
  }

  /** How many rooms are in memory. */
  get count(): number {
    return this.#rooms.size;
  }

  /** The room of a document, loading when it is new; waits for one that is just closing. */
  async at(document: string): Promise<LiveRoom> {
    for (;;) {
      const room = this.#rooms.get(document);
      if (room === undefined) break;
      if (room.closing === null) return room;
      await room.closing;
    }
    const room = new LiveRoom(document, this.#world);
    this.#rooms.set(document, room);
    return room;
  }

  /** The room of a document if it is in memory. */
  find(document: string): LiveRoom | undefined {
    return this.#rooms.get(document);
  }

  /** Ends every room; nothing of theirs runs or waits afterwards. */
  end(code: ErrorCode): void {
    for (const room of [...this.#rooms.values()]) room.end(code);
  }

  /** Every seat that fits, with its room. */
  *seatsWhere(fits: (seat: Seat) => boolean): Generator<[LiveRoom, Seat]> {
    for (const room of this.#rooms.values()) {
      for (const seat of [...room.seats]) if (fits(seat)) yield [room, seat];
    }
  }
}
