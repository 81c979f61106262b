/** One live document in one tab: loaded from the device, joined at the hub, edited, and never silently lost. */
import type * as Y from 'yjs';
import type { LiveClock } from '#client/base/live/clock.ts';
import type { DeviceStore, KeptFacts } from '#client/base/live/device-store.ts';
import type { LiveLink } from '#client/base/live/link.ts';
import { Membership } from '#client/base/live/membership.ts';
import { Outgoing, type StoredPush } from '#client/base/live/outgoing.ts';
import { Presence } from '#client/base/live/presence.ts';
import type { PresenceAwareness } from '#client/base/live/presence-awareness.ts';
import { Received } from '#client/base/live/received.ts';
import { isBarred } from '#client/base/live/refusals.ts';
import { RefusedEdits } from '#client/base/live/refused-edits.ts';
import type { DocumentFacts } from '#client/base/live/save-state.ts';
import { SettingAside } from '#client/base/live/setting-aside.ts';
import { ShownDoc } from '#client/base/live/shown-doc.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import {
  type Join,
  type Joined,
  liveLimits,
  type PresenceFrame,
  type UpdatesFrame,
} from '#shared/base/live.ts';

/** What a document needs from its session. */
export interface DocumentPorts {
  name: string;
  store: DeviceStore;
  clock: LiveClock;
  /** Something a person may see has changed. */
  changed(): void;
}

/** Driven by its session; all it tells is about this moment. */
export class LiveDocument {
  readonly name: string;
  readonly presence: Presence;
  readonly refused: RefusedEdits;
  private readonly ports: DocumentPorts;
  private readonly membership: Membership;
  private readonly outgoing: Outgoing;
  private readonly received: Received;
  private readonly shown: ShownDoc;
  private readonly aside: SettingAside;
  private facts: KeptFacts | null = null;
  /** Rises whenever a load under way no longer matters. */
  private life = 0;
  private isLoading = true;
  private quarantined = false;

  constructor(ports: DocumentPorts) {
    const { name, store, clock, changed } = ports;
    this.ports = ports;
    this.name = name;
    this.received = new Received(name, store, clock);
    this.refused = new RefusedEdits(name, store, changed);
    this.presence = new Presence({
      clock,
      send: (place) => this.membership.link?.presence({ document: name, place }),
      changed: () => this.peopleChanged(),
    });
    this.membership = new Membership({
      document: name,
      clock,
      request: () => this.request(),
      renewClientId: () => this.shown.renewClientId(),
      joined: (answer) => this.joined(answer),
      take: (frame) => this.take(frame),
      parted: () => this.parted(),
      shut: (code) => void this.shut(code),
    });
    this.outgoing = new Outgoing({
      document: name,
      store,
      clock,
      changed,
      push: async (update) => (await this.membership.link?.push(name, update)) ?? { ok: false, code: 'lost' },
      stored: (done, push) => this.stored(done, push),
      resync: () => this.membership.resync(),
      refused: (code) => void this.setAside(code),
    });
    this.shown = new ShownDoc({
      presence: this.presence,
      random: () => clock.random(),
      edited: (update) => this.outgoing.add(update),
    });
    this.aside = new SettingAside({
      document: name,
      clock,
      outgoing: this.outgoing,
      received: this.received,
      shown: this.shown,
      refused: this.refused,
      epoch: () => this.facts?.epoch ?? null,
      emptied: () => this.emptied(),
      resync: () => this.membership.resync(),
    });
    void this.load();
  }

  /** Another object when what it showed was refused or belongs to another history. */
  get doc(): Y.Doc {
    return this.shown.doc;
  }

  /** Presence as editors read it; another object when its client id is another. */
  get awareness(): PresenceAwareness {
    return this.shown.awareness;
  }

  /** True when there is something to show: the hub's answer, or what the device kept of it. */
  get isReady(): boolean {
    return this.facts !== null && this.shutBy === undefined;
  }

  /** True while the hub tells of every change. */
  get isJoined(): boolean {
    return this.membership.isJoined;
  }

  /** As the hub said last; false before it was ever heard. */
  get mayWrite(): boolean {
    return this.facts?.mayWrite ?? false;
  }

  /** True while nobody may write it, because it breaks whoever reads it. */
  get isQuarantined(): boolean {
    return this.quarantined;
  }

  /** Why the hub does not show this document; undefined when it does, was not asked yet, or cannot be understood. */
  get shutBy(): ErrorCode | undefined {
    // What stands on the screen stays there until the person reloads: they may be typing.
    return this.isOutdated && this.facts !== null ? undefined : this.membership.shutBy;
  }

  /** True once the hub refused this page's version of the protocol. */
  get isOutdated(): boolean {
    return this.membership.shutBy === 'live.protocolUnknown';
  }

  /** True once the device was read: `refused` then holds those of earlier tabs too. */
  get isLoaded(): boolean {
    return !this.isLoading;
  }

  /** Edits of this device not yet stored by the hub. */
  get waiting(): number {
    return this.outgoing.waiting;
  }

  /** True while leaving would put off something: a load from the device, or edits to be sent. */
  get isBusy(): boolean {
    return this.isLoading || this.waiting > 0;
  }

  /** False when closing the tab now would lose an unsent edit. */
  get allKept(): boolean {
    return this.waiting === 0 || (this.ports.store.lasting && this.outgoing.allKept);
  }

  /** What its save state is made of. */
  get saveFacts(): DocumentFacts {
    const { isReady, mayWrite, waiting, allKept } = this;
    return { isReady, mayWrite, waiting, allKept, refusedBy: this.refused.list[0]?.code ?? this.shutBy };
  }

  /** The session has a connection, or wants the hub asked again. */
  connect(link: LiveLink): void {
    this.membership.connect(link);
  }

  /** The connection is gone; editing goes on. */
  disconnect(): void {
    this.membership.disconnect();
  }

  /** Durable updates from the hub, one's own among them. */
  hear(frame: UpdatesFrame): void {
    this.membership.hear(frame);
  }

  /** Changes of who is here. */
  hearPresence(frame: PresenceFrame): void {
    this.presence.hear(frame);
  }

  /** The right to write changed while joined. */
  hearRights(mayWrite: boolean, quarantined = false): void {
    this.setQuarantined(quarantined);
    if (this.facts !== null) this.learn({ ...this.facts, mayWrite }, this.facts.seq, []);
  }

  /** The hub took this connection out of the document. */
  hearClosed(code: ErrorCode): void {
    this.membership.closed(code);
  }

  /** Ends the frame and writes down what was heard; for a tab about to be frozen or closed. */
  flush(): void {
    this.outgoing.flush();
    this.received.flush();
  }

  /** Pushes what was refused once more, as it was; the hub stores it or refuses it again. */
  retryRefused(): Promise<void> {
    return this.aside.tryAgain();
  }

  /** Brings the device up to date. @returns how many edits not stored by the hub it could not keep */
  async settle(): Promise<number> {
    const [unkept] = await Promise.all([this.outgoing.keepAll(), this.received.settle()]);
    return unkept + this.refused.unkept;
  }

  /** Takes over what other tabs have kept: one that is closed will not send it. Sent by both it is stored once. */
  async takeLeftOvers(): Promise<void> {
    const { life } = this;
    const unsent = this.membership.mayJoin ? await this.received.loadUnsent().catch(() => []) : [];
    if (life !== this.life || !this.membership.mayJoin) return;
    const updates = this.outgoing.adopt(unsent.filter(({ id }) => !this.refused.holds(id)));
    if (updates.length === 0) return;
    this.shown.apply(updates);
    this.membership.resync();
    this.ports.changed();
  }

  /** Leaves the hub and stops; unsent edits stay in the store. */
  leave(): void {
    this.life++;
    this.flush();
    this.membership.hold();
    this.outgoing.pause();
    this.shown.destroy();
  }

  private async load(): Promise<void> {
    const life = ++this.life;
    this.isLoading = true;
    const [kept] = await Promise.all([this.received.load(), this.refused.load()]);
    if (life !== this.life) return;
    this.isLoading = false;
    this.facts = kept.facts;
    const unsent = kept.unsent.filter(({ id }) => !this.refused.holds(id));
    this.shown.apply([...kept.received, ...unsent.map((entry) => entry.update)]);
    this.outgoing.adopt(unsent);
    this.membership.release();
    this.ports.changed();
  }

  private request(): Omit<Join, 'version'> {
    const { facts } = this;
    const { clientID: clientId } = this.doc;
    const earlier = this.outgoing.clientIds().filter((id) => id !== clientId);
    return {
      document: this.name,
      clientId,
      ...(earlier.length === 0 ? {} : { earlierClientIds: earlier.slice(0, liveLimits.clientsPerUpdate) }),
      ...(facts === null ? {} : { epoch: facts.epoch, seq: facts.seq }),
    };
  }

  private joined(answer: Joined): boolean {
    const { facts } = this;
    const isSameHistory = facts === null || (facts.epoch === answer.epoch && facts.seq <= answer.seq);
    const refusal = isSameHistory ? 'live.foreignClient' : 'live.historyReplaced';
    if (!isSameHistory || answer.foreignClientIds.length > 0) {
      void this.setAside(refusal);
      return false;
    }
    const { epoch, seq, mayWrite } = answer;
    this.setQuarantined(answer.quarantined === true);
    this.learn({ epoch, seq, mayWrite }, facts?.seq ?? 0, answer.updates);
    this.presence.start(answer.people, this.doc.clientID);
    this.outgoing.resume(answer.stateVector);
    return true;
  }

  private take({ seq, updates }: UpdatesFrame): void {
    const { facts } = this;
    if (facts === null || seq <= facts.seq) return;
    if (seq - updates.length > facts.seq) this.membership.resync();
    else this.learn({ ...facts, seq }, facts.seq, updates);
  }

  /** A batch of one author is not sent back to them: the answer alone tells that the log has grown, and by what. */
  private stored(done: readonly number[], push: StoredPush | undefined): void {
    const { facts } = this;
    if (facts === null) return;
    if (push?.seq === facts.seq + 1) this.learn({ ...facts, seq: push.seq }, facts.seq, [push.update], done);
    else this.learn(facts, facts.seq, [], done);
  }

  private learn(
    facts: KeptFacts,
    fromSeq: number,
    updates: readonly Uint8Array[],
    done: readonly number[] = [],
  ): void {
    const isSame = this.isReady && this.mayWrite === facts.mayWrite;
    this.facts = facts;
    this.shown.apply(updates);
    this.received.add({ facts, fromSeq, updates, done });
    if (!isSame) this.ports.changed();
  }

  private setQuarantined(quarantined: boolean): void {
    if (this.quarantined === quarantined) return;
    this.quarantined = quarantined;
    this.ports.changed();
  }

  private parted(): void {
    this.outgoing.pause();
    this.presence.stop();
    this.ports.changed();
  }

  private async shut(code: ErrorCode): Promise<void> {
    if (isBarred(code)) await this.aside.putAside(code);
    this.ports.changed();
  }

  /** Never accepted, or of another history: what is unsent goes aside, and the hub's state is loaded anew. */
  private async setAside(code: ErrorCode): Promise<void> {
    const life = ++this.life;
    this.membership.hold();
    await this.aside.putAside(code);
    if (life === this.life) await this.load();
  }

  private emptied(): void {
    this.facts = null;
    this.ports.changed();
  }

  private peopleChanged(): void {
    this.shown.awareness.peopleChanged();
    this.ports.changed();
  }
}
