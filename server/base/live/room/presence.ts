/** Who is in a document and where: gathered over a turn, or a window under load, and sent as one frame. Rules LV30 to LV33, LV72. */

import { prepareFrame } from '#server/base/live/connection/wire.ts';
import { presentPerson, type Seat } from '#server/base/live/room/seat.ts';
import { fail } from '#shared/base/errors.ts';
import { liveLimits, type Place, type PresenceFrame, type PresentPerson } from '#shared/base/live.ts';
import { bytesOf } from '#shared/base/live-frame.ts';

/** Up to so many people are named in the answer to a join. */
const namedInAnswer = 64;
/** Places take so many bytes of an answer or frame: far below what a connection may have unread. */
const placesBytes = 256 * 1024;

/** The outside world of a board. */
export interface PresenceWorld {
  document: string;
  /** The room's own set, read at every send. */
  seats: ReadonlySet<Seat>;
  now: () => Date;
  schedule: (delayMs: number, work: () => void) => unknown;
  /** Least time between two frames, in ms; 0: they only wait for the end of a turn. */
  windowMs: number;
}

/** The presence of one room. Who somebody is comes from the seat; a client only ever says where it is. */
export class PresenceBoard {
  #world: PresenceWorld;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #came = new Set<Seat>();
  #moved = new Set<Seat>();
  /** Known to the others, by another name. */
  #renamed = new Set<Seat>();
  #left = new Set<Seat>();
  /** Newcomers whose answer did not name everybody. */
  #greeted = new Set<Seat>();
  #placeBytes = new WeakMap<Seat, number>();
  #isScheduled = false;

  constructor(world: PresenceWorld) {
    this.#world = world;
  }

  /**
   * Notes a newcomer.
   * @returns whom its answer names: everybody, or in a full room itself, and the others follow in one frame for all
   *   newcomers of the turn (five hundred who reconnect at once would otherwise be told of each other one by one)
   */
  came(seat: Seat): PresentPerson[] {
    this.#came.add(seat);
    this.#schedule();
    if (this.#world.seats.size <= namedInAnswer) return this.#present(this.#world.seats);
    this.#greeted.add(seat);
    return [presentPerson(seat)];
  }

  /** @throws input.tooLarge for a place over 4 KB, input.invalid for one that is no JSON */
  moved(seat: Seat, place: Place | null): void {
    this.#placeBytes.set(seat, measurePlace(place));
    seat.place = place;
    if (!this.#came.has(seat)) this.#moved.add(seat);
    this.#schedule();
  }

  /** Notes that somebody present is called otherwise now. */
  renamed(seat: Seat): void {
    this.#renamed.add(seat);
    this.#schedule();
  }

  left(seat: Seat): void {
    this.#moved.delete(seat);
    this.#renamed.delete(seat);
    this.#greeted.delete(seat);
    if (!this.#came.delete(seat)) this.#left.add(seat);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const { now, schedule, windowMs } = this.#world;
    const delayMs = Math.min(windowMs, this.#sentAtMs + windowMs - now().getTime());
    if (delayMs > 0) schedule(delayMs, () => this.#send());
    else setImmediate(() => this.#send());
  }

  #send(): void {
    this.#isScheduled = false;
    this.#sentAtMs = this.#world.now().getTime();
    this.#greet();
    const came = this.#came.union(this.#renamed);
    const [moved, left] = [this.#within(this.#moved), this.#left];
    this.#came = new Set();
    this.#renamed = new Set();
    this.#moved = this.#moved.difference(moved);
    this.#left = new Set();
    if (this.#moved.size > 0) this.#schedule();
    const changed = new Set([...came, ...moved, ...left]);
    const only = changed.size === 1 ? [...changed][0] : undefined;
    const readers = [...this.#world.seats].filter((seat) => seat !== only);
    if (changed.size === 0 || readers.length === 0) return;
    const message: PresenceFrame = { document: this.#world.document };
    if (came.size > 0) message.came = this.#present(came);
    if (moved.size > 0) message.moved = Array.from(moved, (seat) => [seat.clientId, seat.place]);
    if (left.size > 0) message.left = Array.from(left, (seat) => seat.clientId);
    const frame = prepareFrame('presence', message);
    // Places are repeated soon enough; who came and left is not.
    const isVolatile = came.size === 0 && left.size === 0;
    for (const seat of readers) {
      if (isVolatile) seat.wire.sendVolatile(frame);
      else seat.wire.send(frame);
    }
  }

  /** As many of them, from the first, as have room for their places in one frame. */
  #within(seats: ReadonlySet<Seat>): Set<Seat> {
    let left = placesBytes;
    const fitting = [...seats].filter((seat) => {
      left -= this.#placeBytes.get(seat) ?? 0;
      return left >= 0;
    });
    return new Set(fitting);
  }

  /** All of them, those beyond the room for places without theirs. */
  #present(seats: ReadonlySet<Seat>): PresentPerson[] {
    const placed = this.#within(seats);
    return Array.from(seats, (seat) => {
      const person = presentPerson(seat);
      return placed.has(seat) ? person : { ...person, place: null };
    });
  }

  #greet(): void {
    if (this.#greeted.size === 0) return;
    const frame = prepareFrame('presence', {
      document: this.#world.document,
      came: this.#present(this.#world.seats),
    });
    for (const seat of this.#greeted) seat.wire.send(frame);
    this.#greeted.clear();
  }
}

/** The bytes of a place as it travels, which JSON would not show: it leaves out keys without a value. */
function measurePlace(place: Place | null): number {
  if (!isJson(place)) fail('input.invalid');
  const bytes = bytesOf(place);
  return bytes > liveLimits.presenceBytes ? fail('input.tooLarge') : bytes;
}

/** Frames can carry more than JSON: undefined, bytes, and numbers that are none. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value !== 'object') return value !== undefined;
  return !(value instanceof Uint8Array) && Object.values(value).every(isJson);
}
