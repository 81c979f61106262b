/** One live grid in one tab: what a person sees of it and does with it. */
import type { GridPorts } from '#client/base/live/grid/grid-hub.ts';
import { GridHub } from '#client/base/live/grid/grid-hub.ts';
import { GridUndo } from '#client/base/live/grid/grid-undo.ts';
import { cellsOf, type RefusedCells } from '#client/base/live/grid/refused-cells.ts';
import { type ShownCell, ShownCells } from '#client/base/live/grid/shown-cells.ts';
import type { LiveLink } from '#client/base/live/link.ts';
import type { OpenThing } from '#client/base/live/open-thing.ts';
import type { Presence } from '#client/base/live/presence.ts';
import type { RefusedEdits } from '#client/base/live/refused-edits.ts';
import type { DocumentFacts } from '#client/base/live/save-state.ts';
import type { Side } from '#shared/base/audience.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { Overwriting } from '#shared/base/grid/cell-table.ts';
import { type CellValue, gridLimits, type WrittenCell } from '#shared/base/grid/grid-shape.ts';
import { encodeWritten } from '#shared/base/grid/patch-bytes.ts';
import type { PresenceFrame, UpdatesFrame } from '#shared/base/live.ts';

/** A cell as a person writes it. */
export interface NewCell {
  row: number;
  bucket: number;
  value: CellValue;
}

/** Conflicts kept for the person to look at; the cell's past has all of them. */
const mostConflicts = 200;

/** Driven by its session. Cells are read from `cells`, which also tells of their changes row by row. */
export class LiveGrid implements OpenThing {
  readonly name: string;
  readonly cells = new ShownCells();
  readonly undo: GridUndo;
  private readonly ports: GridPorts;
  private readonly hub: GridHub;
  private told: readonly Overwriting[] = [];

  constructor(ports: GridPorts) {
    this.ports = ports;
    this.name = ports.name;
    this.undo = new GridUndo({
      stands: (row, bucket, value) => this.isOwn(this.cells.cellOf(row, bucket), value),
      write: (cells) => this.send(cells, false),
    });
    this.hub = new GridHub({
      ...ports,
      cells: this.cells,
      conflict: (overwriting) => this.noteConflict(overwriting),
      forgotten: () => this.forgotten(),
    });
  }

  get presence(): Presence {
    return this.hub.presence;
  }

  get refused(): RefusedEdits {
    return this.hub.refused;
  }

  /** True when there is something to show: the hub's answer, or what the device kept of it. */
  get isReady(): boolean {
    return this.hub.facts !== null && this.shutBy === undefined;
  }

  /** True while the hub tells of every change. */
  get isJoined(): boolean {
    return this.hub.membership.isJoined;
  }

  /** As the hub said last; which rows may be written is the room's to know. */
  get mayWrite(): boolean {
    return this.hub.facts?.mayWrite ?? false;
  }

  /** One's own side; null before the hub was heard. */
  get side(): Side | null {
    return this.hub.self?.side ?? null;
  }

  get shutBy(): ErrorCode | undefined {
    return this.isOutdated && this.hub.facts !== null ? undefined : this.hub.membership.shutBy;
  }

  get isOutdated(): boolean {
    return this.hub.membership.shutBy === 'live.protocolUnknown';
  }

  get isLoaded(): boolean {
    return !this.hub.isLoading;
  }

  /** Patches of this device not yet stored by the hub. */
  get waiting(): number {
    return this.hub.outgoing.waiting;
  }

  get isBusy(): boolean {
    return this.hub.isLoading || this.waiting > 0;
  }

  get allKept(): boolean {
    return this.waiting === 0 || (this.ports.store.lasting && this.hub.outgoing.allKept);
  }

  get saveFacts(): DocumentFacts {
    const { isReady, mayWrite, waiting, allKept } = this;
    return { isReady, mayWrite, waiting, allKept, refusedBy: this.refused.list[0]?.code ?? this.shutBy };
  }

  /** Cells that were not accepted, with what was typed and why not; oldest first. */
  get refusedCells(): readonly RefusedCells[] {
    return this.refused.list.flatMap(cellsOf);
  }

  /** Values of this person that others wrote over unseen, and the other way round; the same array until it changes. */
  get conflicts(): readonly Overwriting[] {
    return this.told;
  }

  /** The person has seen the conflicts. */
  dismissConflicts(): void {
    this.told = [];
    this.ports.changed();
  }

  /**
   * Writes cells: shown at once, kept on the device, then sent. One step of undo.
   * @param isWhole - all or none is to be taken. @returns false, and writes nothing, when that is too much for one patch
   */
  write(cells: readonly NewCell[], isWhole = false): boolean {
    const step = cells.map(({ row, bucket, value }) => {
      return { row, bucket, before: this.cells.valueOf(row, bucket), after: value };
    });
    const isSent = this.send(cells, isWhole);
    if (isSent) this.undo.note(step);
    return isSent;
  }

  /** Writes refused cells once more, over what is there now; then they are no longer aside. */
  async retryRefused(): Promise<void> {
    const { list } = this.refused;
    const cells = list.flatMap(cellsOf).flatMap((refused) => refused.cells);
    if (cells.length > 0) this.write(cells);
    // Until they are kept again, the refused ones are the only copy that outlives the tab.
    if ((await this.hub.outgoing.keepAll()) === 0) await this.refused.drop(list.map(({ id }) => id));
  }

  connect(link: LiveLink): void {
    this.hub.membership.connect(link);
  }

  disconnect(): void {
    this.hub.membership.disconnect();
  }

  hear(frame: UpdatesFrame): void {
    this.hub.membership.hear(frame);
  }

  hearPresence(frame: PresenceFrame): void {
    this.presence.hear(frame);
  }

  hearRights(mayWrite: boolean): void {
    this.hub.hearRights(mayWrite);
  }

  hearClosed(code: ErrorCode): void {
    this.hub.membership.closed(code);
  }

  flush(): void {
    this.hub.outgoing.flush();
    this.hub.received.flush();
  }

  /** Brings the device up to date. @returns how many patches not stored by the hub it could not keep */
  async settle(): Promise<number> {
    const [unkept] = await Promise.all([this.hub.outgoing.keepAll(), this.hub.received.settle()]);
    return unkept + this.refused.unkept;
  }

  takeLeftOvers(): Promise<void> {
    return this.hub.takeLeftOvers();
  }

  leave(): void {
    this.flush();
    this.hub.leave();
  }

  private send(cells: readonly NewCell[], isWhole: boolean): boolean {
    const written = cells.map((cell) => ({ ...cell, base: this.cells.baseOf(cell.row, cell.bucket) }));
    if (isWhole && !fitsOnePatch(written)) return false;
    this.hub.send(written, isWhole);
    return true;
  }

  private noteConflict(overwriting: Overwriting): void {
    const { was, now } = overwriting;
    const own = this.hub.self?.memberId;
    if (was.memberId !== own && now.memberId !== own) return;
    this.told = [...this.told, overwriting].slice(-mostConflicts);
    this.ports.changed();
  }

  private isOwn({ value, isPending, stored }: ShownCell, expected: CellValue): boolean {
    const own = this.hub.self?.memberId;
    return value === expected && (isPending || stored === null || stored.memberId === own);
  }

  private forgotten(): void {
    this.undo.clear();
    this.cells.wait([]);
    this.cells.clear();
  }
}

function fitsOnePatch(cells: WrittenCell[]): boolean {
  if (cells.length > gridLimits.cellsPerPatch) return false;
  const patch = { client: 2 ** 32 - 1, clock: 2 ** 32 - 1, after: null, isWhole: true, cells };
  return encodeWritten(patch).length <= gridLimits.patchBytes - 8;
}
