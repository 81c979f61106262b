/** Who is in a document and where: gathered over a turn, or a window under load, and sent as one frame. Rules LV30 to LV33, LV72, LV125. */

import { prepareFrame } from '#server/base/live/connection/wire.ts';
import { NamedSeats } from '#server/base/live/room/named-seats.ts';
import { presentPerson, type Seat } from '#server/base/live/room/seat.ts';
import { fail } from '#shared/base/errors.ts';
import { liveLimits, type Place, type PresenceFrame, type PresentPerson } from '#shared/base/live.ts';
import { bytesOf } from '#shared/base/live-frame.ts';

/** How long a number that changes alone waits for company, in ms. */
const countMs = 250;
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
  #named = new NamedSeats();
  /** Named from now on. */
  #came = new Set<Seat>();
  #moved = new Set<Seat>();
  /** Known to the others, by another name. */
  #renamed = new Set<Seat>();
  /** Named no longer, or gone. */
  #left = new Set<Seat>();
  /** Newcomers whose answer did not name everybody. */
  #greeted = new Set<Seat>();
  #placeBytes = new WeakMap<Seat, number>();
  #isScheduled = false;
  /** How many all were told are present; 0 when all are named, null when some know another number. */
  #told: number | null = 0;
  #isCountScheduled = false;
  #isCountDue = false;

  constructor(world: PresenceWorld) {
    this.#world = world;
  }

  /**
   * Notes a newcomer.
   * @returns whom its answer names: everybody, or in a full room itself, and the others follow in one frame for all
   *   newcomers of the turn (five hundred who reconnect at once would otherwise be told of each other one by one)
   */
  came(seat: Seat): PresentPerson[] {
    if (this.#named.came(seat, this.#nowMs)) this.#came.add(seat);
    this.#schedule();
    if (this.#named.areAll) return this.#present(this.#world.seats);
    this.#greeted.add(seat);
    this.#scheduleCount();
    return [presentPerson(seat)];
  }

  /** @throws input.tooLarge for a place over 4 KB, input.invalid for one that is no JSON */
  moved(seat: Seat, place: Place | null): void {
    this.#placeBytes.set(seat, measurePlace(place));
    seat.place = place;
    const still = this.#named.moved(seat, this.#nowMs);
    if (still !== null) {
      this.#forget(still);
      this.#came.add(seat);
    }
    if (!this.#named.has(seat)) return;
    if (!this.#came.has(seat)) this.#moved.add(seat);
    this.#schedule();
  }

  /** Notes that somebody present is called otherwise now. */
  renamed(seat: Seat): void {
    if (!this.#named.has(seat)) return;
    this.#renamed.add(seat);
    this.#schedule();
  }

  left(seat: Seat): void {
    this.#greeted.delete(seat);
    if (this.#named.has(seat)) this.#forget(seat);
    const next = this.#named.left(seat, this.#nowMs);
    if (next !== null) this.#came.add(next);
    this.#scheduleCount();
  }

  get #nowMs(): number {
    return this.#world.now().getTime();
  }

  /** The number told beside the names. */
  get #count(): number {
    return this.#named.areAll ? 0 : this.#named.present;
  }

  /** To be told of no more. */
  #forget(seat: Seat): void {
    this.#moved.delete(seat);
    this.#renamed.delete(seat);
    this.#came.delete(seat);
    // Also who has not been announced: the answer to a join may have named them.
    this.#left.add(seat);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const { schedule, windowMs } = this.#world;
    const delayMs = Math.min(windowMs, this.#sentAtMs + windowMs - this.#nowMs);
    if (delayMs > 0) schedule(delayMs, () => this.#send());
    else setImmediate(() => this.#send());
  }

  /** A number alone goes with the next frame, or a little later with one of its own. */
  #scheduleCount(): void {
    if (this.#isCountScheduled || this.#count === this.#told) return;
    this.#isCountScheduled = true;
    this.#world.schedule(countMs, () => {
      this.#isCountScheduled = false;
      this.#isCountDue = true;
      this.#schedule();
    });
  }

  #send(): void {
    this.#isScheduled = false;
    this.#sentAtMs = this.#nowMs;
    const came = this.#came.union(this.#renamed);
    const [moved, left] = [this.#within(this.#moved), this.#left];
    this.#came = new Set();
    this.#renamed = new Set();
    this.#moved = this.#moved.difference(moved);
    this.#left = new Set();
    if (this.#moved.size > 0) this.#schedule();
    const greeted = this.#greet();
    const changed = new Set([...came, ...moved, ...left]);
    const isCounted = this.#count !== this.#told && (changed.size > 0 || this.#isCountDue);
    this.#isCountDue = false;
    if (changed.size === 0 && !isCounted) return;
    const message: PresenceFrame = { document: this.#world.document };
    if (came.size > 0) message.came = this.#present(came);
    if (moved.size > 0) message.moved = Array.from(moved, (seat) => [seat.clientId, seat.place]);
    if (left.size > 0) message.left = Array.from(left, (seat) => seat.clientId);
    if (isCounted) {
      message.present = this.#count;
      this.#told = this.#count;
    }
    // Who came, who left and how many there are is told once; places are repeated soon enough.
    const isVolatile = came.size === 0 && left.size === 0 && !isCounted;
    const only = changed.size === 1 && !isCounted ? [...changed][0] : undefined;
    this.#tell(message, isVolatile, (seat) => seat !== only && !greeted.has(seat));
  }

  #tell(message: PresenceFrame, isVolatile: boolean, isReader: (seat: Seat) => boolean): void {
    const readers = [...this.#world.seats].filter(isReader);
    if (readers.length === 0) return;
    const frame = prepareFrame('presence', message);
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

  /** Tells newcomers who is here. @returns who has been told */
  #greet(): ReadonlySet<Seat> {
    const greeted = this.#greeted;
    if (greeted.size === 0) return greeted;
    this.#greeted = new Set();
    const named = new Set([...this.#world.seats].filter((seat) => this.#named.has(seat)));
    const message = { document: this.#world.document, came: this.#present(named), present: this.#count };
    if (this.#count !== this.#told) {
      this.#told = null;
      this.#scheduleCount();
    }
    this.#tell(message, false, (seat) => greeted.has(seat));
    return greeted;
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
