/** Several tabs on one grid over the real engine, driven by hand or by a seed: lines, tabs, server and storage may fail. */
import type { LiveGrid } from '#client/base/live/grid/live-grid.ts';
import type { LinkEvents } from '#client/base/live/link.ts';
import { LiveSession } from '#client/base/live/live-session.ts';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';
import { SocketLink } from '#client/base/live/socket-transport.ts';
import type { Actor } from '#server/base/actor.ts';
import type { CellValue, WrittenCell } from '#shared/base/grid/grid-shape.ts';
import { decodeWritten } from '#shared/base/grid/patch-bytes.ts';
import { HandLine } from '#tests/live/hand-line.ts';
import { HandServer, sideOf } from '#tests/live/hand-server.ts';
import { ManualClock } from '#tests/live/manual-clock.ts';
import { SeededRandom } from '#tests/live/seeded-random.ts';
import { isTextRow, sideOfRow } from '#tests/support/bench-grid.ts';

/** The one grid of every session. */
export const gridName = 'grid/0123456789abcdefghjk';

/** A device store that remembers every patch it was ever given. */
export class WitnessStore extends MemoryDeviceStore {
  readonly everKept: WrittenCell[] = [];

  override keepUnsent(document: string, update: Uint8Array): Promise<number> {
    this.everKept.push(...decodeWritten(update).cells);
    return super.keepUnsent(document, update);
  }
}

/** A person's browser; its tabs share one store. */
export interface Device {
  actor: Actor;
  store: WitnessStore;
}

/** An open tab. */
export interface Tab {
  device: Device;
  clock: ManualClock;
  session: LiveSession;
  grid: LiveGrid;
  line: HandLine | null;
}

type Step = keyof typeof steps;

const steps = {
  edit: 60,
  undo: 4,
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

/** See the file's first line; every choice comes from the seed. */
export class GridSession {
  readonly server = new HandServer();
  readonly devices: Device[];
  tabs: Tab[] = [];
  /** One server end of a line after the other refuses to be reached while this is true. */
  isOffline = false;
  private readonly random: SeededRandom;
  private edits = 0;

  /** @param tabs - one for each person, who are buyers and suppliers in turns */
  constructor(seed: number, tabs = 5) {
    this.random = new SeededRandom(seed);
    this.devices = Array.from({ length: tabs }, (_, at) => ({
      actor: actorOf(at),
      store: new WitnessStore(),
    }));
    for (const device of this.devices) this.openTab(device);
  }

  /** @throws when there is no such tab */
  tab(at: number): Tab {
    const tab = this.tabs[at];
    if (tab === undefined) throw new Error('no such tab');
    return tab;
  }

  /** Lets `count` random things happen. */
  async run(count: number): Promise<void> {
    if (this.random.chance(0.8)) await this.heal();
    for (let step = 0; step < count; step += 1) {
      await this.step(this.random.weighted(steps));
      await breathe();
    }
  }

  /** Nothing goes wrong any more and time passes. @returns false when that did not bring everyone to rest */
  async heal(): Promise<boolean> {
    this.server.storage.isDown = false;
    for (let round = 0; round < 400; round += 1) {
      for (const tab of this.tabs) this.healTab(tab, round % 4 === 0 ? 1_000 : 16);
      this.serverNotices(Number.POSITIVE_INFINITY);
      while (this.server.storage.waiting > 0) await this.server.storage.decide('done');
      this.server.clock.advance(60);
      await breathe();
      if (!this.isQuiet()) continue;
      for (const { session } of this.tabs) session.flush();
      await breathe();
      return true;
    }
    return false;
  }

  /** The tab is gone, without a word or with one; another of the same device takes its place. */
  replaceTab(tab: Tab, isCrash: boolean): Tab {
    if (isCrash) tab.line?.breakClient();
    else tab.session.stop();
    // Nothing of a closed tab runs any more: its clock stands still.
    this.tabs = this.tabs.filter((other) => other !== tab);
    return this.openTab(tab.device);
  }

  private openTab(device: Device): Tab {
    const clock = new ManualClock(this.random.next);
    const connect = (_token: string, events: LinkEvents) => {
      const line = new HandLine();
      tab.line = line;
      const link = new SocketLink(line.socket, { token: '', events, clock, address: '' });
      if (!this.isOffline) this.server.accept(line, device.actor);
      return link;
    };
    const session = new LiveSession({
      transport: { connect },
      store: device.store,
      clock,
      getToken: () => Promise.resolve('token'),
      isOnline: () => true,
      gridKinds: new Set(['grid']),
    });
    const tab: Tab = { device, clock, session, grid: session.openGrid(gridName), line: null };
    this.tabs.push(tab);
    session.start();
    return tab;
  }

  private healTab({ line, clock }: Tab, ms: number): void {
    while (line !== null && line.toServer.length > 0) line.deliverToServer();
    while (line !== null && line.toClient.length > 0) line.deliverToClient();
    if (line?.serverHas === false) line.tellClient();
    clock.advance(ms);
  }

  private isQuiet(): boolean {
    const isStill = this.tabs.every(
      ({ grid, line }) =>
        grid.isJoined && grid.waiting === 0 && line?.toServer.length === 0 && line.toClient.length === 0,
    );
    return isStill && this.server.storage.waiting === 0;
  }

  private async step(step: Step): Promise<void> {
    const tab = this.random.pick(this.tabs);
    const { storage, clock } = this.server;
    const work: Record<Step, () => unknown> = {
      edit: () => this.edit(tab),
      undo: () => (this.random.chance(0.7) ? tab.grid.undo.undo() : tab.grid.undo.redo()),
      toServer: () => this.repeat(() => tab.line?.deliverToServer()),
      toClient: () => this.repeat(() => tab.line?.deliverToClient()),
      frame: () => tab.clock.advance(16),
      second: () => tab.clock.advance(1_000 + this.random.below(20_000)),
      store: () => storage.decide('done'),
      storeBadly: () => storage.decide(this.random.pick(['failed', 'torn'])),
      drop: () => this.drop(tab),
      dropQuietly: () => tab.line?.breakServer(),
      serverNotices: () => this.serverNotices(1),
      crashTab: () => this.replaceTab(tab, true),
      closeTab: () => this.replaceTab(tab, false),
      serverMoment: () => clock.advance(this.random.below(3_000)),
      serverMinute: () => clock.advance(60_000),
      killServer: () => this.server.kill(() => this.random.chance(0.5)),
      storageDown: () => this.takeStorageDown(),
    };
    await work[step]();
    if (this.random.chance(0.1)) storage.isDown = false;
  }

  private takeStorageDown(): void {
    this.server.storage.isDown = true;
  }

  /** Mostly cells one may write, close together so that people meet; now and then one that is refused. */
  private edit({ grid, device, clock }: Tab): void {
    if (!grid.isReady) return;
    const count = 1 + this.random.below(this.random.chance(0.1) ? 60 : 4);
    const own = sideOfRow(0) === sideOf(device.actor.memberId) ? 0 : 1;
    const row = 2 * this.random.below(6) + (this.random.chance(0.95) ? own : 1 - own);
    const first = this.random.chance(0.97) ? 4 : 2;
    const cells = Array.from({ length: count }, (_, at) => {
      this.edits += 1;
      const value: CellValue = isTextRow(row) ? `word ${this.edits}` : this.edits;
      return { row, bucket: first + ((at + this.edits) % 90), value };
    });
    grid.write([...new Map(cells.map((cell) => [cell.bucket, cell])).values()], this.random.chance(0.1));
    if (this.random.chance(0.6)) clock.advance(16);
  }

  private repeat(work: () => void): void {
    for (let times = 1 + this.random.below(6); times > 0; times -= 1) work();
  }

  private drop({ line }: Tab): void {
    if (line === null) return;
    if (this.random.chance(0.5)) line.breakServer();
    line.tellClient();
  }

  private serverNotices(count: number): void {
    const dead = this.server.open.filter((line) => !this.tabs.some((tab) => tab.line === line));
    for (const line of dead.slice(0, count)) line.breakServer();
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
export async function breathe(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
