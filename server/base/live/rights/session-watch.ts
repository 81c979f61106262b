/** Looks again at the sessions behind open connections: whose is over is cut, whose person has changed is shown so. */
import type { Logger } from 'pino';
import type { Actor } from '#server/base/actor.ts';
import type { Connection, People } from '#server/base/live/connection/person.ts';
import type { Rights } from '#server/base/live/rights/rights.ts';
import type { Rooms } from '#server/base/live/room/rooms.ts';
import { minuteMs } from '#shared/base/units.ts';

/** The outside world of the watch. */
export interface WatchWorld {
  people: People;
  rooms: Rooms;
  rights: Rights;
  /** Who a session is of, from current data; null when it is over, however that came. */
  findActor: (sessionId: string) => Promise<Actor | null>;
  log: Logger;
  schedule: (delayMs: number, work: () => void) => () => void;
}

/** A session that ends because its time is up sends no signal: its connections outlive it by so much at most. */
export const sessionCheckMs = 10 * minuteMs;

/** Rules LV8 and LV30. */
export class SessionWatch {
  #world: WatchWorld;
  #cancel: () => void;
  #isStopped = false;

  constructor(world: WatchWorld) {
    this.#world = world;
    this.#cancel = this.#schedule();
  }

  /** Looks at every connection at once: anybody's session may be over. */
  async everythingChanged(): Promise<void> {
    await this.#lookAt([...this.#world.people.all()]);
  }

  /** Looks at every connection of a member at once. */
  async memberChanged(memberId: string): Promise<void> {
    await this.#lookAt(this.#world.people.of(memberId));
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #schedule(): () => void {
    return this.#world.schedule(sessionCheckMs, () => {
      void this.#lookAt([...this.#world.people.all()]).then(() => {
        if (!this.#isStopped) this.#cancel = this.#schedule();
      });
    });
  }

  /** Asked for together, which is as few reads as it takes; see `gathered`. */
  async #lookAt(connections: readonly Connection[]): Promise<void> {
    const bySession = Map.groupBy(connections, (connection) => connection.actor.sessionId);
    await Promise.all(
      Array.from(bySession, async ([sessionId, same]) => {
        try {
          const actor = await this.#world.rights.whileUnchanged(() => this.#world.findActor(sessionId));
          for (const connection of same) this.#take(connection, actor);
        } catch (error) {
          // A database that does not answer says nothing about a session.
          this.#world.log.warn({ err: error, sessionId }, 'a session could not be looked at');
        }
      }),
    );
  }

  #take(connection: Connection, actor: Actor | null): void {
    if (connection.isClosed) return;
    if (actor === null) {
      connection.wire.cut();
      return;
    }
    const before = connection.actor;
    connection.actor = actor;
    for (const seat of connection.seats.values()) {
      seat.actor = actor;
      if (before.name === actor.name && before.companyName === actor.companyName) continue;
      this.#world.rooms.find(seat.document)?.rename(seat);
    }
  }
}
