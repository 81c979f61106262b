/** Shares the hub's time between companies, and a company's part between its people: so much in each turn of the loop. */

/** A message that waits for its turn. */
interface Waiting {
  bytes: number;
  serve: () => void;
}

/** What one person waits with. */
interface Line {
  messages: Waiting[];
  bytes: number;
  isHeld: boolean;
}

/** Who sent a message. */
export interface Sender {
  memberId: string;
  companyId: string;
}

/** The outside world of the turns. */
export interface TurnsWorld {
  /** Runs work after everything that has arrived by now has been read. */
  nextTurn: (work: () => void) => void;
  /** Runs work after a moment in which a pace has grown. */
  later: (work: () => void) => void;
  /** Takes a message out of a company's pace; false when it is past it, and has to wait. */
  allows: (companyId: string, bytes: number) => boolean;
  /** Stops reading from a person's connections, or goes on: what they send waits with them instead of here. */
  hold: (memberId: string, isHeld: boolean) => void;
}

/** What all companies that wait are served in one turn, in messages; alone, a company has all of it. */
export const messagesPerTurn = 128;
/** Bytes that count as one more message. */
export const bytesPerMessage = 2_048;
/** Waiting messages, or bytes, from which a person is not read from until they are served. */
const heldFrom = 64;
const heldFromBytes = 32 * 1024;

/**
 * Rule LV78. Whoever is within their share and pace is served at once; what is beyond waits, in its order. Refusing it
 * would cost as much as serving it, and be followed by the next. Of a company that waits, its people are served in
 * turn, so that nobody waits behind a colleague's flood.
 */
export class FairTurns {
  #world: TurnsWorld;
  /** What each company was served in this turn, in messages. */
  #served = new Map<string, number>();
  /** By company, then by member; whose turn comes next is first. */
  #lines = new Map<string, Map<string, Line>>();
  #isScheduled = false;

  constructor(world: TurnsWorld) {
    this.#world = world;
  }

  /** Serves a message now, or behind those of its sender that wait. */
  take({ memberId, companyId }: Sender, bytes: number, serve: () => void): void {
    const lines = this.#lines.get(companyId);
    const served = this.#served.get(companyId) ?? 0;
    this.#schedule(this.#world.nextTurn);
    if (lines === undefined && served < this.#share && this.#world.allows(companyId, bytes)) {
      this.#served.set(companyId, served + costOf(bytes));
      serve();
      return;
    }
    const company = lines ?? new Map<string, Line>();
    if (lines === undefined) this.#lines.set(companyId, company);
    this.#queue(memberId, company, { bytes, serve });
  }

  get #share(): number {
    return messagesPerTurn / Math.max(1, this.#lines.size);
  }

  #queue(memberId: string, company: Map<string, Line>, waiting: Waiting): void {
    const line = company.get(memberId) ?? { messages: [], bytes: 0, isHeld: false };
    company.set(memberId, line);
    line.messages.push(waiting);
    line.bytes += waiting.bytes;
    // Now and then again: a connection that was opened since is read from.
    if (line.messages.length % heldFrom !== 0 && line.bytes < heldFromBytes) return;
    line.isHeld = true;
    this.#world.hold(memberId, true);
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
    for (const [companyId, company] of [...this.#lines]) {
      const served = this.#serve(companyId, company, share);
      this.#served.set(companyId, served);
      if (company.size === 0) this.#lines.delete(companyId);
      else if (served >= share) hasMore = true;
    }
    if (this.#lines.size > 0) this.#schedule(hasMore ? this.#world.nextTurn : this.#world.later);
  }

  /** One message of each person after the other. @returns what was served; less than the share when past the pace */
  #serve(companyId: string, company: Map<string, Line>, share: number): number {
    let served = 0;
    // A map goes on with what is set again while it is walked through: whoever was served comes again at its end.
    for (const [memberId, line] of company) {
      const [next] = line.messages;
      if (served >= share || next === undefined || !this.#world.allows(companyId, next.bytes)) break;
      line.messages.shift();
      line.bytes -= next.bytes;
      company.delete(memberId);
      if (line.messages.length > 0) company.set(memberId, line);
      else if (line.isHeld) this.#world.hold(memberId, false);
      served += costOf(next.bytes);
      next.serve();
    }
    return served;
  }
}

function costOf(bytes: number): number {
  return 1 + bytes / bytesPerMessage;
}
