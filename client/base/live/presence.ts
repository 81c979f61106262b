/** Who else is in a document, and telling the hub where oneself is: at most ten times a second. */
import type { Cancel, LiveClock } from '#client/base/live/clock.ts';
import type { Place, PresenceFrame, PresentPerson } from '#shared/base/live.ts';

const shortestGapMs = 100;

/** What presence needs from its document. */
export interface PresencePorts {
  clock: LiveClock;
  /** May be dropped on the way. */
  send(place: Place | null): void;
  changed(): void;
}

/** True for a person without input for three minutes; they are drawn as an outline. */
export function isIdle(person: PresentPerson): boolean {
  return person.place?.['idle'] === true;
}

/** Presence of one tab in one document. */
export class Presence {
  private readonly ports: PresencePorts;
  private others: PresentPerson[] = [];
  /** How many connections there are while not all are named, one's own among them; 0 while all are. */
  private present = 0;
  private place: Place | null = null;
  private idle = false;
  private gap: Cancel | null = null;
  private owed = false;
  private active = false;
  private ownClientId = -1;

  constructor(ports: PresencePorts) {
    this.ports = ports;
  }

  /** Everyone else the hub names, in its order; the same array until it changes. */
  get people(): readonly PresentPerson[] {
    return this.others;
  }

  /** How many more connections there are than those of `people` and one's own: the hub names some of a crowd alone. */
  get unnamed(): number {
    return Math.max(0, this.present - this.others.length - 1);
  }

  /** One's own place as set last. */
  get ownPlace(): Place | null {
    return this.place;
  }

  /** Called at join: who is here, oneself (`ownClientId`) among them; and tells where one is. */
  start(people: readonly PresentPerson[], ownClientId: number): void {
    this.active = true;
    this.ownClientId = ownClientId;
    this.present = 0;
    this.show(people);
    if (this.place !== null || this.idle) this.tell();
  }

  /** Takes the changes of one turn: left before came, for one who reconnects does both under one client id. */
  hear({ came = [], moved = [], left = [], present = this.present }: PresenceFrame): void {
    if (!this.active) return;
    this.present = present;
    const people = new Map(this.others.map((person) => [person.clientId, person]));
    for (const clientId of left) people.delete(clientId);
    for (const person of came) people.set(person.clientId, person);
    for (const [clientId, place] of moved) {
      const person = people.get(clientId);
      if (person !== undefined) people.set(clientId, { ...person, place });
    }
    this.show([...people.values()]);
  }

  /** The connection or the document ended: nobody is known to be here. */
  stop(): void {
    this.active = false;
    this.owed = false;
    if (this.others.length === 0 && this.present === 0) return;
    this.others = [];
    this.present = 0;
    this.ports.changed();
  }

  /** Sets the whole place. @param place - null when nowhere in particular */
  setPlace(place: Place | null): void {
    this.place = place;
    this.tell();
  }

  /** Adds `idle: true` to what is sent, or takes it away. */
  setIdle(idle: boolean): void {
    if (this.idle === idle) return;
    this.idle = idle;
    this.tell();
  }

  /** Tells at once that one is nowhere, for a tab about to be frozen or closed; the place itself is remembered. */
  hide(): void {
    if (this.active) this.ports.send(null);
  }

  /** After `hide`: the hub is told again where one is. */
  tellAgain(): void {
    this.tell();
  }

  private show(people: readonly PresentPerson[]): void {
    this.others = people.filter((person) => person.clientId !== this.ownClientId);
    this.ports.changed();
  }

  /** Leading edge first, then the last place of each gap. */
  private tell(): void {
    if (!this.active) return;
    this.owed = true;
    if (this.gap === null) this.sendOwed();
  }

  private sendOwed(): void {
    this.gap = null;
    if (!this.owed || !this.active) return;
    this.owed = false;
    this.ports.send(this.idle ? { ...this.place, idle: true } : this.place);
    this.gap = this.ports.clock.after(shortestGapMs, () => this.sendOwed());
  }
}
