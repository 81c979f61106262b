/** Who of a room is named to the others: everybody, or in a crowd those who do something. Rule LV125. */
import type { Seat } from '#server/base/live/room/seat.ts';

/** So many are named; of all others it is only told how many they are. */
export const mostNamed = 64;
/** Who has not moved for so long gives way to somebody who does. */
export const stillMs = 10_000;

/** The seats of a room that are named. Others are only left over while all places are taken. */
export class NamedSeats {
  /** With when each moved last, in ms; the longest still first. */
  #named = new Map<Seat, number>();
  #others = new Set<Seat>();

  /** Whether everybody in the room is named. */
  get areAll(): boolean {
    return this.#others.size === 0;
  }

  /** How many are in the room. */
  get present(): number {
    return this.#named.size + this.#others.size;
  }

  has(seat: Seat): boolean {
    return this.#named.has(seat);
  }

  /** @returns whether the newcomer is named */
  came(seat: Seat, nowMs: number): boolean {
    if (this.#named.size >= mostNamed) this.#others.add(seat);
    else this.#named.set(seat, nowMs);
    return this.#named.has(seat);
  }

  /** @returns who gives way to somebody who was not named; null when nobody does */
  moved(seat: Seat, nowMs: number): Seat | null {
    if (this.#named.delete(seat)) {
      this.#named.set(seat, nowMs);
      return null;
    }
    const [first] = this.#named;
    if (first === undefined || nowMs - first[1] < stillMs || !this.#others.delete(seat)) return null;
    const [still] = first;
    this.#named.delete(still);
    this.#others.add(still);
    this.#named.set(seat, nowMs);
    return still;
  }

  /** @returns who is named now that there is room; null when nobody waits for it, or the one who left was not named */
  left(seat: Seat, nowMs: number): Seat | null {
    this.#others.delete(seat);
    if (!this.#named.delete(seat)) return null;
    const [next = null] = this.#others;
    if (next === null) return null;
    this.#others.delete(next);
    this.#named.set(next, nowMs);
    return next;
  }
}
