/** What all connections of one person share, and what one connection is. */
import type { Actor } from '#server/base/actor.ts';
import { LeftPaces } from '#server/base/live/connection/left-paces.ts';
import { Pace, type PaceLimit } from '#server/base/live/connection/pace.ts';
import type { Wire } from '#server/base/live/connection/wire.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import { liveLimits } from '#shared/base/live.ts';

/** How fast and how much one person or address may send. A connection past its limits by far is cut. */
export interface LivePaces {
  socketsPerAddress: number;
  socketsPerPerson: number;
  messagesOfSocket: PaceLimit;
  messagesOfPerson: PaceLimit;
  bytesOfPerson: PaceLimit;
  /** All people of a company together, however many connections they have: so much, and more with each of them. */
  messagesOfCompany: CrowdLimit;
  bytesOfCompany: CrowdLimit;
  presenceOfSocket: PaceLimit;
  /** Refused messages in a row after which a connection is cut. */
  refusalsBeforeCut: number;
}

/** A limit of many, which grows with their number. */
export interface CrowdLimit extends PaceLimit {
  forEach: PaceLimit;
}

/** Well above what typing, pasting and reconnecting after a day offline need. */
export const defaultPaces: LivePaces = {
  socketsPerAddress: 1_000,
  socketsPerPerson: 40,
  messagesOfSocket: { burst: 600, perSecond: 100 },
  messagesOfPerson: { burst: 1_200, perSecond: 200 },
  bytesOfPerson: { burst: 16 * 1024 * 1024, perSecond: 1024 * 1024 },
  // Somebody who types and moves makes 15 messages a second; one may well be faster, a whole company at once not.
  messagesOfCompany: { burst: 2_000, perSecond: 2_000, forEach: { burst: 40, perSecond: 20 } },
  bytesOfCompany: {
    burst: 64 * 1024 * 1024,
    perSecond: 4 * 1024 * 1024,
    forEach: { burst: 64 * 1024, perSecond: 16 * 1024 },
  },
  presenceOfSocket: { burst: liveLimits.presencePerSecond, perSecond: liveLimits.presencePerSecond },
  refusalsBeforeCut: 2_000,
};

/** One connection that has shown who it is. */
export interface Connection {
  /** As of the last look at the session. */
  actor: Actor;
  readonly wire: Wire;
  /** Seats by document. */
  readonly seats: Map<string, Seat>;
  /** The last join under way, by document; leaving takes it back. */
  readonly joining: Map<string, symbol>;
  readonly messages: Pace;
  readonly presence: Pace;
  readonly person: Person;
  refusals: number;
  /** Bytes received that have not been counted against the person's pace yet. */
  unpaidBytes: number;
  isClosed: boolean;
}

/** One person while any connection of theirs is open. */
export interface Person {
  readonly memberId: string;
  readonly company: Company;
  readonly connections: Set<Connection>;
  readonly messages: Pace;
  readonly bytes: Pace;
  /** Pasts of cells being read for them now. */
  cellsRead: number;
}

/** One company while any of its people is connected. */
export interface Company {
  readonly companyId: string;
  readonly people: Set<Person>;
  readonly messages: Pace;
  readonly bytes: Pace;
}

/** Everybody connected, by member and by company. */
export class People {
  #people = new Map<string, Person>();
  #companies = new Map<string, Company>();
  #left = new LeftPaces();
  #paces: LivePaces;
  #now: () => Date;

  constructor(paces: LivePaces, now: () => Date) {
    this.#paces = paces;
    this.#now = now;
  }

  /** Adds a connection; null when this person has too many. */
  connect(actor: Actor, wire: Wire): Connection | null {
    const nowMs = this.#now().getTime();
    let person = this.#people.get(actor.memberId);
    if (person === undefined) {
      person = this.#come(actor, nowMs);
    }
    if (person.connections.size >= this.#paces.socketsPerPerson) return null;
    const connection: Connection = {
      actor,
      wire,
      seats: new Map(),
      joining: new Map(),
      messages: new Pace(this.#paces.messagesOfSocket, nowMs),
      presence: new Pace(this.#paces.presenceOfSocket, nowMs),
      person,
      refusals: 0,
      unpaidBytes: 0,
      isClosed: false,
    };
    person.connections.add(connection);
    return connection;
  }

  /** Forgets a connection, and the person with the last one. */
  disconnect(connection: Connection): void {
    connection.isClosed = true;
    connection.person.connections.delete(connection);
    if (connection.person.connections.size === 0) this.#go(connection.person);
  }

  #come(actor: Actor, nowMs: number): Person {
    const { memberId, companyId } = actor;
    const company = this.#companies.get(companyId) ?? {
      companyId,
      people: new Set<Person>(),
      messages: new Pace(this.#paces.messagesOfCompany, nowMs),
      bytes: new Pace(this.#paces.bytesOfCompany, nowMs),
      ...this.#left.take(companyId),
    };
    const person = {
      memberId,
      company,
      connections: new Set<Connection>(),
      cellsRead: 0,
      messages: new Pace(this.#paces.messagesOfPerson, nowMs),
      bytes: new Pace(this.#paces.bytesOfPerson, nowMs),
      ...this.#left.take(memberId),
    };
    company.people.add(person);
    this.#companies.set(companyId, company);
    this.#people.set(memberId, person);
    this.#resize(company);
    return person;
  }

  #go({ memberId, company }: Person): void {
    const nowMs = this.#now().getTime();
    const person = this.#people.get(memberId);
    this.#people.delete(memberId);
    if (person !== undefined) {
      company.people.delete(person);
      this.#left.keep(memberId, person, nowMs);
    }
    this.#resize(company);
    if (company.people.size > 0) return;
    this.#companies.delete(company.companyId);
    this.#left.keep(company.companyId, company, nowMs);
  }

  #resize({ people, messages, bytes }: Company): void {
    messages.limit = limitOf(this.#paces.messagesOfCompany, people.size);
    bytes.limit = limitOf(this.#paces.bytesOfCompany, people.size);
  }

  /** Connections of a member; [] when there are none. */
  of(memberId: string): Connection[] {
    return [...(this.#people.get(memberId)?.connections ?? [])];
  }

  /** Takes a message out of a company's pace; false, and nothing taken, when it is past it. */
  allows(companyId: string, bytes: number): boolean {
    const company = this.#companies.get(companyId);
    if (company === undefined) return true;
    const nowMs = this.#now().getTime();
    if (!company.bytes.has(bytes, nowMs)) return false;
    return company.messages.take(1, nowMs) && company.bytes.take(bytes, nowMs);
  }

  /** Whether nobody is connected. */
  get isEmpty(): boolean {
    return this.#people.size === 0;
  }

  *all(): Generator<Connection> {
    for (const person of this.#people.values()) yield* person.connections;
  }
}

/** What a crowd of so many may do. */
function limitOf({ burst, perSecond, forEach }: CrowdLimit, count: number): PaceLimit {
  return { burst: burst + count * forEach.burst, perSecond: perSecond + count * forEach.perSecond };
}
