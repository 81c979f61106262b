/** One seeded session of several tabs on one document: everything that can go wrong with lines, tabs, server and storage. */
import * as Y from 'yjs';
import type { LinkEvents } from '#client/base/live/link.ts';
import type { LiveDocument } from '#client/base/live/live-document.ts';
import { LiveSession } from '#client/base/live/live-session.ts';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';
import { SocketLink } from '#client/base/live/socket-transport.ts';
import type { Actor } from '#server/base/actor.ts';
import { HandLine } from '#tests/live/hand-line.ts';
import { HandServer } from '#tests/live/hand-server.ts';
import { ManualClock } from '#tests/live/manual-clock.ts';
import { editAtRandom } from '#tests/live/random-edits.ts';
import { SeededRandom } from '#tests/live/seeded-random.ts';

/** The one document of every session. */
export const fuzzDocument = 'plan/0123456789abcdefghjk/shared';

/** A device store that remembers every edit it was ever given. */
class WitnessStore extends MemoryDeviceStore {
  readonly everKept: Uint8Array[] = [];

  override keepUnsent(document: string, update: Uint8Array): Promise<number> {
    this.everKept.push(update);
    return super.keepUnsent(document, update);
  }
}

/** A person's browser; its tabs share one store. */
interface Device {
  actor: Actor;
  store: WitnessStore;
}

/** An open tab. */
export interface Tab {
  device: Device;
  clock: ManualClock;
  session: LiveSession;
  document: LiveDocument;
  line: HandLine | null;
}

type Step = keyof typeof steps | 'rights';

/** How often each thing happens, in relation to the others. */
const steps = {
  edit: 80,
  toServer: 50,
  toClient: 50,
  frame: 20,
  second: 8,
  store: 45,
  storeBadly: 0.7,
  drop: 2,
  dropQuietly: 0.8,
  serverNotices: 2,
  crashTab: 0.8,
  closeTab: 0.8,
  serverMoment: 4,
  serverMinute: 0.5,
  killServer: 0.6,
  storageDown: 0.4,
} as const;

/** What a session may be told; everything has a default. */
export interface SessionOptions {
  /** Whether the right to write comes and goes as well; then edits may be refused. */
  withRights?: boolean;
  server?: HandServer;
  /** How often things happen, where that differs from `steps`. */
  weights?: Partial<Record<Step, number>>;
}

/** Drives one session; every choice comes from the seed. */
export class RandomSession {
  readonly server: HandServer;
  readonly devices: Device[];
  tabs: Tab[] = [];
  /** Updates that the hub acknowledged. */
  readonly acknowledged: Uint8Array[] = [];
  private readonly random: SeededRandom;
  private readonly weights: Record<Step, number>;
  private edits = 0;

  constructor(seed: number, options: SessionOptions = {}) {
    this.random = new SeededRandom(seed);
    this.server = options.server ?? new HandServer();
    this.weights = { ...steps, rights: options.withRights === true ? 5 : 0, ...options.weights };
    const persons = 2 + this.random.below(2);
    this.devices = Array.from({ length: persons }, (_, at) => ({
      actor: actorOf(at),
      store: new WitnessStore(),
    }));
    const tabs = 3 + this.random.below(3);
    for (let at = 0; at < tabs; at++)
      this.openTab(this.devices[at % persons] ?? this.random.pick(this.devices));
  }

  /** Lets `count` random things happen; most sessions begin with everyone joined. */
  async run(count: number): Promise<void> {
    if (this.random.chance(0.8)) await this.heal();
    await this.goOn(count);
  }

  /** As `run`, in the middle of a session. */
  async goOn(count: number): Promise<void> {
    for (let step = 0; step < count; step++) {
      await this.step(this.random.weighted(this.weights));
      await breathe();
    }
  }

  /**
   * Nothing goes wrong any more and time passes.
   * @returns false when that did not bring everyone to the same, saved state
   */
  async heal(): Promise<boolean> {
    this.server.storage.isDown = false;
    for (const { actor } of this.devices) this.server.setMayWrite(actor.memberId, true);
    for (let round = 0; round < 400; round++) {
      for (const tab of this.tabs) this.healTab(tab, round % 4 === 0 ? 1_000 : 16);
      this.serverNotices(Number.POSITIVE_INFINITY);
      while (this.server.storage.waiting > 0) await this.server.storage.decide('done');
      this.server.clock.advance(60);
      await breathe();
      if (this.isQuiet()) return this.writeDown();
    }
    return false;
  }

  /** What was heard reaches the devices. */
  private async writeDown(): Promise<boolean> {
    for (const { session } of this.tabs) session.flush();
    await breathe();
    return true;
  }

  private healTab({ line, clock }: Tab, ms: number): void {
    while (line !== null && line.toServer.length > 0) line.deliverToServer();
    while (line !== null && line.toClient.length > 0) line.deliverToClient();
    if (line?.serverHas === false) line.tellClient();
    clock.advance(ms);
  }

  private isQuiet(): boolean {
    const isStill = this.tabs.every(
      ({ document, line }) =>
        document.isJoined &&
        document.waiting === 0 &&
        line?.toServer.length === 0 &&
        line.toClient.length === 0,
    );
    return isStill && this.server.storage.waiting === 0;
  }

  private async step(step: Step): Promise<void> {
    const tab = this.random.pick(this.tabs);
    const { storage, clock } = this.server;
    const work: Record<Step, () => unknown> = {
      edit: () => this.edit(tab),
      toServer: () => this.repeat(() => tab.line?.deliverToServer()),
      toClient: () => this.repeat(() => tab.line?.deliverToClient()),
      frame: () => tab.clock.advance(16),
      second: () => tab.clock.advance(1_000 + this.random.below(20_000)),
      store: () => storage.decide('done'),
      storeBadly: () => storage.decide(this.random.pick(['failed', 'torn'])),
      drop: () => this.drop(tab),
      dropQuietly: () => tab.line?.breakServer(),
      serverNotices: () => this.serverNotices(1),
      crashTab: () => this.replaceTab(tab, () => tab.line?.breakClient()),
      closeTab: () => this.replaceTab(tab, () => tab.session.stop()),
      serverMoment: () => clock.advance(this.random.below(3_000)),
      serverMinute: () => clock.advance(60_000),
      killServer: () => this.server.kill(() => this.random.chance(0.5)),
      storageDown: () => this.takeStorageDown(),
      rights: () => this.server.setMayWrite(tab.device.actor.memberId, this.random.chance(0.5)),
    };
    await work[step]();
    if (this.random.chance(0.1)) storage.isDown = false;
  }

  private takeStorageDown(): void {
    this.server.storage.isDown = true;
  }

  private edit({ document, session, clock }: Tab): void {
    // People edit what they see: a page shows nothing to be edited before the document is there.
    if (session.view(fuzzDocument).state !== 'ready' || !document.mayWrite) return;
    editAtRandom(document.doc, this.random, `<${this.edits++}>`);
    if (this.random.chance(0.6)) clock.advance(16);
  }

  private repeat(work: () => void): void {
    for (let times = 1 + this.random.below(6); times > 0; times--) work();
  }

  private drop({ line }: Tab): void {
    if (line === null) return;
    if (this.random.chance(0.5)) line.breakServer();
    line.tellClient();
  }

  /** The server notices that lines are used by no client any more. */
  serverNotices(count: number): void {
    const dead = this.server.open.filter((line) => !this.isOfTab(line));
    for (const line of dead.slice(0, count)) line.breakServer();
  }

  private isOfTab(line: HandLine): boolean {
    return this.tabs.some((tab) => tab.line === line);
  }

  private replaceTab(tab: Tab, end: () => void): void {
    end();
    // Nothing of a closed tab runs any more: its clock stands still.
    this.tabs = this.tabs.filter((other) => other !== tab);
    this.openTab(tab.device);
  }

  private openTab(device: Device): void {
    const clock = new ManualClock(this.random.next);
    const connect = (_token: string, events: LinkEvents) => {
      const line = new HandLine();
      tab.line = line;
      const link = new SocketLink(line.socket, { token: '', events, clock, address: '' });
      this.server.accept(line, device.actor);
      return this.witness(link);
    };
    const session = new LiveSession({
      transport: { connect },
      store: device.store,
      clock,
      getToken: () => Promise.resolve('token'),
      isOnline: () => true,
    });
    const tab: Tab = { device, clock, session, document: session.open(fuzzDocument), line: null };
    this.tabs.push(tab);
    session.start();
  }

  private witness(link: SocketLink): SocketLink {
    const push = link.push.bind(link);
    link.push = async (document, update) => {
      const answer = await push(document, update);
      if (answer.ok) this.acknowledged.push(update);
      return answer;
    };
    return link;
  }
}

function actorOf(at: number): Actor {
  return {
    sessionId: `session-${at}`,
    memberId: `member00000000000000${at}`,
    name: `Person ${at}`,
    companyId: 'company',
    companyName: 'Company',
    role: 'admin',
  } as Actor;
}

/** Lets what waits only for promises and turns of the loop happen. */
async function breathe(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** What a document says, in a form to be compared. */
export function contentOf(doc: Y.Doc) {
  return {
    map: doc.getMap('map').toJSON(),
    text: doc.getText('text').toDelta(),
    list: doc.getArray('list').toJSON(),
    clocks: [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b),
  };
}
