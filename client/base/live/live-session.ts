/** All live documents of one signed-in person in one tab, over one connection. */
import type { Cancel, LiveClock } from '#client/base/live/clock.ts';
import { Connection } from '#client/base/live/connection.ts';
import type { DeviceStore } from '#client/base/live/device-store.ts';
import { LiveGrid } from '#client/base/live/grid/live-grid.ts';
import { type KeptAside, listKeptAside } from '#client/base/live/kept-aside.ts';
import type { LiveTransport } from '#client/base/live/link.ts';
import { type DocumentPorts, LiveDocument } from '#client/base/live/live-document.ts';
import { emptyView, type LiveView, viewOf } from '#client/base/live/live-view.ts';
import type { OpenThing } from '#client/base/live/open-thing.ts';
import { RefusedNames } from '#client/base/live/refused-names.ts';
import { isOffline, quietLossMs, type SaveState, saveStateOf } from '#client/base/live/save-state.ts';
import { SessionEars } from '#client/base/live/session-ears.ts';
import type { EventFrame } from '#shared/base/live.ts';

/** The outside world of a session; tests hand in another one. */
export interface LiveSessionPorts {
  transport: LiveTransport;
  store: DeviceStore;
  clock: LiveClock;
  /** @param refused - the token that the hub refused just now @returns null when signed out */
  getToken(refused: string | null): Promise<string | null>;
  /** What the browser says of its network. */
  isOnline(): boolean;
  /** First parts of the names of grids; none by default. */
  gridKinds?: ReadonlySet<string>;
}

interface Opened {
  document: OpenThing;
  view: LiveView;
  users: number;
  /** Set while nobody uses it: it is left when this runs. */
  leaving: Cancel | null;
  listeners: Set<() => void>;
}

/** A page that changes, or a strict double mount, must not leave and join again. */
const lingerMs = 3_000;

/** See the file's first line. */
export class LiveSession {
  private readonly ports: LiveSessionPorts;
  private readonly connection: Connection;
  private readonly opened = new Map<string, Opened>();
  private readonly listeners = new Set<() => void>();
  private readonly ears = new SessionEars();
  private quietLoss: Cancel | null = null;
  private stopped = false;
  private outdated = false;
  private readonly refused: RefusedNames;

  constructor(ports: LiveSessionPorts) {
    this.ports = ports;
    const { transport, clock, getToken, store } = ports;
    this.refused = new RefusedNames(store, () => this.changed());
    this.connection = new Connection({
      transport,
      clock,
      getToken,
      opened: (link) => {
        for (const { document } of this.opened.values()) document.connect(link);
        this.ears.opened();
        void this.sendLeftOvers();
        this.changed();
      },
      lost: () => {
        for (const { document } of this.opened.values()) document.disconnect();
        this.sayLossLater();
        this.changed();
      },
      hear: {
        updates: (frame) => this.opened.get(frame.document)?.document.hear(frame),
        presence: (frame) => this.opened.get(frame.document)?.document.hearPresence(frame),
        rights: (frame) =>
          this.opened.get(frame.document)?.document.hearRights(frame.mayWrite, frame.quarantined),
        documentClosed: (frame) => this.opened.get(frame.document)?.document.hearClosed(frame.code),
        roomEvent: (frame) => this.ears.hear(frame),
      },
    });
  }

  /** Connects, and sends what earlier tabs could not. */
  start(): void {
    this.sayLossLater();
    this.connection.wake();
    void this.sendLeftOvers();
    void this.refused.load();
  }

  /** Shares one document among all who ask for its name; each `open` wants one `release`. */
  open(name: string): LiveDocument {
    const document = this.share(name, (ports) => new LiveDocument(ports));
    return document instanceof LiveDocument ? document : unfit(name);
  }

  /** As `open`, for a grid; its kind must be among `gridKinds`, so that what a closed tab left unsent is sent. */
  openGrid(name: string): LiveGrid {
    const grid = this.isGrid(name) ? this.share(name, (ports) => new LiveGrid(ports)) : null;
    return grid instanceof LiveGrid ? grid : unfit(name);
  }

  private isGrid(name: string): boolean {
    return this.ports.gridKinds?.has(name.split('/')[0] ?? '') === true;
  }

  private share(name: string, make: (ports: DocumentPorts) => OpenThing): OpenThing {
    const known = this.opened.get(name);
    if (known !== undefined) {
      known.users++;
      known.leaving?.();
      known.leaving = null;
      return known.document;
    }
    const listeners = new Set<() => void>();
    const { store, clock } = this.ports;
    const document = make({
      name,
      store,
      clock,
      changed: () => {
        this.notice(document);
        for (const listener of [...listeners]) listener();
        this.changed();
      },
    });
    this.opened.set(name, { document, view: emptyView, users: 1, leaving: null, listeners });
    const link = this.connection.openLink;
    if (link !== null) document.connect(link);
    return document;
  }

  /** The last release leaves the document, after a moment and not before its edits are stored. */
  release(name: string): void {
    const known = this.opened.get(name);
    if (known === undefined) return;
    known.users--;
    if (known.users <= 0) this.leaveLater(name, known);
  }

  /** What is to be seen of a document now; the same object until that changes. */
  view(name: string): LiveView {
    const known = this.opened.get(name);
    if (known === undefined) return emptyView;
    const { document } = known;
    if (document instanceof LiveDocument) known.view = viewOf(document, known.view);
    return known.view;
  }

  /** Calls back whenever something to be shown of an open document changes. @returns how to stop */
  watch(name: string, listener: () => void): () => void {
    const listeners = this.opened.get(name)?.listeners;
    listeners?.add(listener);
    return () => listeners?.delete(listener);
  }

  /** Calls back whenever any save state may have changed. @returns how to stop */
  watchAll(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Room events by name. @returns how to stop */
  onEvent(name: string, listener: (frame: EventFrame) => void): () => void {
    return this.ears.onEvent(name, listener);
  }

  /** Calls back when the connection is open again after a loss. @returns how to stop */
  onReconnected(listener: () => void): () => void {
    return this.ears.onReconnected(listener);
  }

  /** Of these documents; names that nobody has open are left out. */
  saveState(names: readonly string[]): SaveState {
    const documents = names.flatMap((name) => this.opened.get(name)?.document ?? []);
    const facts = documents.map((document) => document.saveFacts);
    const waiting = facts.reduce((sum, document) => sum + document.waiting, 0);
    return saveStateOf(facts, this.isOffline(waiting));
  }

  /** Documents with edits that were not accepted, open or not; the same array until it changes. */
  get refusedNames(): readonly string[] {
    return this.refused.list;
  }

  /** All that this device alone has, of any tab. @throws when the device cannot be asked */
  async listKeptAside(): Promise<KeptAside[]> {
    const documents = [...this.opened.values()].map(({ document }) => document);
    await Promise.all(documents.map((document) => document.settle()));
    return listKeptAside(this.ports.store);
  }

  /** Forgets refused edits of a document for good, open or not. */
  async dropRefused(name: string, ids: readonly number[]): Promise<void> {
    const known = this.opened.get(name);
    if (known?.document instanceof LiveDocument) return known.document.refused.drop(ids);
    const { store } = this.ports;
    await store.dropRefused(ids);
    this.refused.tell(name, (await store.listRefused(name)).length > 0);
    this.changed();
  }

  /** True once the hub has said that it no longer speaks as this page does; only a reload ends that. */
  get isOutdated(): boolean {
    return this.outdated;
  }

  /** Edits of all documents that the hub has not stored; asked before a tab closes. */
  get waiting(): number {
    return [...this.opened.values()].reduce((sum, { document }) => sum + document.waiting, 0);
  }

  /** The network is back or the tab is looked at: whatever waits is tried now. */
  wake(): void {
    const link = this.connection.openLink;
    if (link === null) {
      this.connection.wake();
    } else {
      for (const { document } of this.opened.values()) document.connect(link);
      void this.sendLeftOvers();
    }
    this.changed();
  }

  /**
   * Edits of all documents and tabs that are gone when the device is wiped: unsent ones and ones set aside.
   * @throws when the device cannot be asked
   */
  async countUnstored(): Promise<number> {
    const documents = [...this.opened.values()].map(({ document }) => document);
    const unkept = await Promise.all(documents.map((document) => document.settle()));
    return unkept.reduce((sum, count) => sum + count, await this.ports.store.countUnstored());
  }

  /** No input for three minutes, or input again. */
  setIdle(idle: boolean): void {
    for (const { document } of this.opened.values()) document.presence.setIdle(idle);
  }

  /** The browser says the network is gone: an open socket would notice only after its ping. */
  networkLost(): void {
    this.connection.restart();
    this.changed();
  }

  /** The tab is hidden: what is typed is kept and pushed without waiting for a frame. */
  flush(): void {
    for (const { document } of this.opened.values()) document.flush();
  }

  /** The tab may be frozen or closed without another word: keep what is typed, be nowhere. */
  hide(): void {
    this.flush();
    for (const { document } of this.opened.values()) document.presence.hide();
  }

  /** The tab is shown again after `hide`. */
  show(): void {
    for (const { document } of this.opened.values()) document.presence.tellAgain();
    this.wake();
  }

  /** Signed out, or the tab ends: leaves everything. Unsent edits stay in the store. */
  stop(): void {
    this.stopped = true;
    this.quietLoss?.();
    for (const { document, leaving } of this.opened.values()) {
      leaving?.();
      document.leave();
    }
    this.opened.clear();
    this.connection.stop();
  }

  private notice(document: OpenThing): void {
    if (document.isOutdated) this.outdated = true;
    if (document.isLoaded) this.refused.tell(document.name, document.refused.list.length > 0);
  }

  private isOffline(waiting: number): boolean {
    if (this.outdated) return true;
    const { openLink, lostForMs } = this.connection;
    return isOffline({ isOpen: openLink !== null, isOnline: this.ports.isOnline(), lostForMs }, waiting);
  }

  /** Another tab may have been closed since they were looked for last. */
  private async sendLeftOvers(): Promise<void> {
    const names = await this.ports.store.documentsWithUnsent().catch(() => []);
    if (this.stopped) return;
    for (const name of names) {
      const isOpen = this.opened.has(name);
      const document = this.isGrid(name) ? this.openGrid(name) : this.open(name);
      this.release(name);
      if (isOpen) void document.takeLeftOvers();
    }
  }

  private leaveLater(name: string, known: Opened): void {
    known.leaving?.();
    known.leaving = this.ports.clock.after(lingerMs, () => {
      known.leaving = null;
      if (known.document.isBusy) return this.leaveLater(name, known);
      this.opened.delete(name);
      known.document.leave();
    });
  }

  private sayLossLater(): void {
    this.quietLoss?.();
    this.quietLoss = this.ports.clock.after(quietLossMs, () => this.changed());
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function unfit(name: string): never {
  throw new Error(`${name} is open as something else, or of no kind known here`);
}
