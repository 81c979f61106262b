/** A grid's dealings with the hub and the device: joined, told, pushed to, kept, set aside. Cells are `ShownCells`. */
import type { LiveClock } from '#client/base/live/clock.ts';
import type { DeviceStore, KeptFacts } from '#client/base/live/device-store.ts';
import { GridOutgoing, type QueuedPatch } from '#client/base/live/grid/grid-outgoing.ts';
import { refusalsOf } from '#client/base/live/grid/refused-cells.ts';
import type { ShownCells } from '#client/base/live/grid/shown-cells.ts';
import { Membership } from '#client/base/live/membership.ts';
import { Presence } from '#client/base/live/presence.ts';
import { Received } from '#client/base/live/received.ts';
import { isBarred } from '#client/base/live/refusals.ts';
import { RefusedEdits } from '#client/base/live/refused-edits.ts';
import type { Side } from '#shared/base/audience.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { Overwriting } from '#shared/base/grid/cell-table.ts';
import { mergeCells } from '#shared/base/grid/cells-bytes.ts';
import type { WrittenCell } from '#shared/base/grid/grid-shape.ts';
import { decodeReceipt, encodeWritten, gridBytes } from '#shared/base/grid/patch-bytes.ts';
import { type Join, type Joined, liveLimits, type Pushed, type UpdatesFrame } from '#shared/base/live.ts';

/** What a grid needs from its session. */
export interface GridPorts {
  name: string;
  store: DeviceStore;
  clock: LiveClock;
  /** Something a person may see has changed, besides cells. */
  changed(): void;
}

/** What the hub's side of a grid needs from the grid. */
export interface GridHubPorts extends GridPorts {
  cells: ShownCells;
  /** Somebody wrote over a value this tab had, without having seen it. */
  conflict(overwriting: Overwriting): void;
  /** What was shown belongs to another history. */
  forgotten(): void;
}

/** Who this person is in the grid; null until the hub was heard in this tab. */
export interface GridSelf {
  memberId: string;
  side: Side;
}

/** See the file's first line. */
export class GridHub {
  readonly presence: Presence;
  readonly refused: RefusedEdits;
  readonly membership: Membership;
  readonly outgoing: GridOutgoing;
  readonly received: Received;
  /** What the hub said last; null before it was ever heard. */
  facts: KeptFacts | null = null;
  self: GridSelf | null = null;
  isLoading = true;
  private readonly ports: GridHubPorts;
  private clientId: number;
  /** Rises whenever a load under way no longer matters. */
  private life = 0;

  constructor(ports: GridHubPorts) {
    const { name, store, clock, changed } = ports;
    this.ports = ports;
    this.clientId = drawClientId(clock);
    this.received = new Received(name, store, clock, mergeCells);
    this.refused = new RefusedEdits(name, store, changed);
    this.presence = new Presence({
      clock,
      send: (place) => this.membership.link?.presence({ document: name, place }),
      changed,
    });
    this.membership = new Membership({
      document: name,
      clock,
      request: () => this.request(),
      renewClientId: () => this.renewClientId(),
      joined: (answer) => this.joined(answer),
      take: (frame) => this.take(frame),
      parted: () => this.parted(),
      shut: (code) => void this.shut(code),
    });
    const push = (bytes: Uint8Array) => this.membership.link?.push(name, bytes);
    this.outgoing = new GridOutgoing(
      {
        document: name,
        store,
        clock,
        changed,
        push: async (bytes) => (await push(bytes)) ?? { ok: false, code: 'lost' },
        landed: (patch, answer) => this.landed(patch, answer),
        refused: (patch, code) => this.setPatchAside(patch, code),
        resync: () => this.membership.resync(),
      },
      this.clientId,
    );
    void this.load();
  }

  /** Sends written cells. */
  send(cells: readonly WrittenCell[], isWhole: boolean): void {
    this.outgoing.add(cells, isWhole);
    this.showWaiting(new Set());
    this.ports.changed();
  }

  /** The right to write changed while joined. */
  hearRights(mayWrite: boolean): void {
    if (this.facts !== null) this.learn({ ...this.facts, mayWrite }, this.facts.seq, []);
  }

  /** Takes over what other tabs have kept: one that is closed will not send it. Sent by both it is stored once. */
  async takeLeftOvers(): Promise<void> {
    const { life } = this;
    const unsent = this.membership.mayJoin ? await this.received.loadUnsent().catch(() => []) : [];
    if (life !== this.life || !this.membership.mayJoin) return;
    if (!this.outgoing.adopt(unsent.filter(({ id }) => !this.refused.holds(id)))) return;
    this.showWaiting(new Set());
    this.ports.changed();
  }

  /** Leaves the hub and stops. */
  leave(): void {
    this.life += 1;
    this.membership.hold();
    this.outgoing.pause();
  }

  private async load(): Promise<void> {
    const life = ++this.life;
    this.isLoading = true;
    const [kept] = await Promise.all([this.received.load(), this.refused.load()]);
    if (life !== this.life) return;
    this.isLoading = false;
    this.facts = kept.facts;
    const rows = this.ports.cells.take(kept.received, () => undefined);
    this.outgoing.adopt(kept.unsent.filter(({ id }) => !this.refused.holds(id)));
    this.showWaiting(rows);
    this.membership.release();
    this.ports.changed();
  }

  private request(): Omit<Join, 'version'> {
    const { facts, clientId } = this;
    const earlier = this.outgoing.clientIds().filter((id) => id !== clientId);
    return {
      document: this.ports.name,
      clientId,
      ...(earlier.length === 0 ? {} : { earlierClientIds: earlier.slice(0, liveLimits.clientsPerUpdate) }),
      ...(facts === null ? {} : { epoch: facts.epoch, seq: facts.seq }),
    };
  }

  private joined(answer: Joined): boolean {
    const { facts } = this;
    const isSameHistory = facts === null || (facts.epoch === answer.epoch && facts.seq <= answer.seq);
    if (!isSameHistory || answer.foreignClientIds.length > 0) {
      void this.setAside(isSameHistory ? 'live.foreignClient' : 'live.historyReplaced');
      return false;
    }
    const { epoch, seq, mayWrite, side } = answer;
    const memberId = answer.people.find(({ clientId }) => clientId === this.clientId)?.memberId;
    if (memberId !== undefined) this.self = { memberId, side };
    this.learn({ epoch, seq, mayWrite }, facts?.seq ?? 0, answer.updates);
    this.presence.start(answer.people, this.clientId);
    // Everything that waits is pushed again, also what the hub has: its receipt says what was refused.
    this.outgoing.resume();
    this.ports.changed();
    return true;
  }

  private take({ seq, updates }: UpdatesFrame): void {
    const { facts } = this;
    if (facts === null || seq <= facts.seq) return;
    if (seq - updates.length > facts.seq) this.membership.resync();
    else this.learn({ ...facts, seq }, facts.seq, updates);
  }

  /** A batch of one connection is not sent back to it: the receipt has what was stored. */
  private landed({ id, patch }: QueuedPatch, answer: Pushed): void {
    const { stored, refused } = decodeReceipt(answer.receipt ?? new Uint8Array([0]));
    for (const { code, cells } of refusalsOf(patch, refused)) this.keepAside(cells, code, id);
    const { facts } = this;
    if (facts === null) return;
    const done = id === null ? [] : [id];
    const isNext = answer.seq === facts.seq + 1 && stored[0] === gridBytes.stored;
    if (isNext) this.learn({ ...facts, seq: answer.seq }, facts.seq, [stored], done);
    else this.learn(facts, facts.seq, [], done);
  }

  private learn(
    facts: KeptFacts,
    fromSeq: number,
    updates: readonly Uint8Array[],
    done: readonly number[] = [],
  ): void {
    const isSame = this.facts?.mayWrite === facts.mayWrite;
    this.facts = facts;
    this.showWaiting(this.ports.cells.take(updates, this.ports.conflict));
    this.received.add({ facts, fromSeq, updates, done });
    if (!isSame) this.ports.changed();
  }

  /** @param rows - changed already, to be told of together with those that wait otherwise now */
  private showWaiting(rows: ReadonlySet<number>): void {
    const { cells } = this.ports;
    cells.tell(rows.union(cells.wait(this.outgoing.cells())));
  }

  private renewClientId(): void {
    this.clientId = drawClientId(this.ports.clock);
    this.outgoing.renewClientId(this.clientId);
  }

  private parted(): void {
    this.outgoing.pause();
    this.presence.stop();
    this.ports.changed();
  }

  private async shut(code: ErrorCode): Promise<void> {
    if (isBarred(code)) await this.forget(code);
    this.ports.changed();
  }

  /** Of another history, or not this person's: what is unsent goes aside, and the hub's state is loaded anew. */
  private async setAside(code: ErrorCode): Promise<void> {
    const life = ++this.life;
    this.membership.hold();
    await this.forget(code);
    if (life === this.life) await this.load();
  }

  private async forget(code: ErrorCode): Promise<void> {
    const taken = await this.outgoing.takeAll();
    for (const patch of taken) this.setPatchAside(patch, code);
    this.facts = null;
    this.ports.forgotten();
    await this.received.forget();
  }

  private setPatchAside({ id, patch }: QueuedPatch, code: ErrorCode): void {
    this.keepAside(patch.cells, code, id);
    this.showWaiting(new Set());
  }

  private keepAside(cells: WrittenCell[], code: ErrorCode, id: number | null): void {
    void this.refused.keep({
      document: this.ports.name,
      code,
      at: this.ports.clock.now(),
      epoch: this.facts?.epoch ?? null,
      update: encodeWritten({ client: 0, clock: 0, after: null, isWhole: false, cells }),
      seen: new Uint8Array(),
      ids: id === null ? [] : [id],
    });
  }
}

/** An unsigned 32-bit number nobody else in the grid has drawn. */
function drawClientId(clock: LiveClock): number {
  return Math.floor(clock.random() * 2 ** 32);
}
