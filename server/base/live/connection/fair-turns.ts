/** Shares the hub's time between companies: in each turn of the event loop every company is served so much. */

/** A message that waits for its company's turn. */
interface Waiting {
  bytes: number;
  serve: () => void;
}

/** The outside world of the turns. */
export interface TurnsWorld {
  /** Runs work after everything that has arrived by now has been read. */
  nextTurn: (work: () => void) => void;
  /** Runs work after a moment in which a pace has grown. */
  later: (work: () => void) => void;
  /** Takes a message out of a company's pace; false when it is past it, and has to wait. */
  allows: (companyId: string, bytes: number) => boolean;
  /** Stops reading from a company's connections, or goes on: what they send waits with them instead of here. */
  hold: (companyId: string, isHeld: boolean) => void;
}

/** What all companies that wait are served in one turn, in messages; alone, a company has all of it. */
export const messagesPerTurn = 128;
/** Bytes that count as one more message. */
export const bytesPerMessage = 2_048;
/** Waiting messages from which a company is not read from until they are served. */
const heldFrom = 2 * messagesPerTurn;
/** A message from so many bytes on is enough: few of them fill memory. */
const largeBytes = 32 * 1024;

/**
 * Rule LV78. Whoever is within their share and pace is served at once; what is beyond waits, in its order. Refusing it
 * would cost as much as serving it, and be followed by the next.
 */
export class FairTurns {
  #world: TurnsWorld;
  /** What each company was served in this turn, in messages. */
  #served = new Map<string, number>();
  #lines = new Map<string, Waiting[]>();
  #held = new Set<string>();
  #isScheduled = false;

  constructor(world: TurnsWorld) {
    this.#world = world;
  }

  /** Serves a message now, or behind those of its company that wait. */
  take(companyId: string, bytes: number, serve: () => void): void {
    const line = this.#lines.get(companyId);
    const served = this.#served.get(companyId) ?? 0;
    this.#schedule(this.#world.nextTurn);
    if (line === undefined && served < this.#share && this.#world.allows(companyId, bytes)) {
      this.#served.set(companyId, served + costOf(bytes));
      serve();
    } else if (line === undefined) this.#lines.set(companyId, [{ bytes, serve }]);
    else this.#queue(companyId, line, { bytes, serve });
  }

  get #share(): number {
    return messagesPerTurn / Math.max(1, this.#lines.size);
  }

  #queue(companyId: string, line: Waiting[], waiting: Waiting): void {
    line.push(waiting);
    // Now and then again: whoever has connected since is read from.
    if (line.length % heldFrom !== 0 && waiting.bytes < largeBytes) return;
    this.#held.add(companyId);
    this.#world.hold(companyId, true);
  }

  #schedule(when: TurnsWorld['later']): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    when(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    this.#served.clear();
    const share = this.#share;
    let hasMore = false;
    for (const [companyId, line] of [...this.#lines]) {
      const served = this.#serve(companyId, line, share);
      this.#served.set(companyId, served);
      if (line.length === 0) this.#finish(companyId);
      else if (served >= share) hasMore = true;
    }
    if (this.#lines.size > 0) this.#schedule(hasMore ? this.#world.nextTurn : this.#world.later);
  }

  /** @returns what was served, less than the share when the line is empty or past its pace */
  #serve(companyId: string, line: Waiting[], share: number): number {
    let served = 0;
    let count = 0;
    for (const { bytes, serve } of line) {
      if (served >= share || !this.#world.allows(companyId, bytes)) break;
      served += costOf(bytes);
      count += 1;
      serve();
    }
    line.splice(0, count);
    return served;
  }

  #finish(companyId: string): void {
    this.#lines.delete(companyId);
    if (this.#held.delete(companyId)) this.#world.hold(companyId, false);
  }
}

function costOf(bytes: number): number {
  return 1 + bytes / bytesPerMessage;
}
