/** The cells a person sees: what the hub has stored, and over it what this device has written and not yet been told of. */
import { CellTable, type Overwriting, type SetCell } from '#shared/base/grid/cell-table.ts';
import { readCells } from '#shared/base/grid/cells-bytes.ts';
import { type CellValue, cellKey, gridLimits, type WrittenCell } from '#shared/base/grid/grid-shape.ts';
import { decodeStored, gridBytes } from '#shared/base/grid/patch-bytes.ts';

/** A cell to be drawn. */
export interface ShownCell {
  value: CellValue;
  /** True while the hub has not stored what is shown. */
  isPending: boolean;
  /** Who wrote what is stored, and with which patch; null for a cell never stored. */
  stored: SetCell | null;
}

interface RowWatch {
  from: number;
  to: number;
  listener: (rows: ReadonlySet<number>) => void;
}

/** See the file's first line. */
export class ShownCells {
  private table = new CellTable();
  private pending = new Map<number, WrittenCell>();
  private watches = new Set<RowWatch>();

  /** The value to draw; the way for a canvas that draws thousands. Null for empty and for never set. */
  valueOf(row: number, bucket: number): CellValue {
    const pending = this.pending.get(cellKey(row, bucket));
    return pending === undefined ? this.table.valueOf(row, bucket) : pending.value;
  }

  /** All that is to be known of a cell. */
  cellOf(row: number, bucket: number): ShownCell {
    const pending = this.pending.get(cellKey(row, bucket));
    const stored = this.table.find(row, bucket);
    const value = pending === undefined ? (stored?.value ?? null) : pending.value;
    return { value, isPending: pending !== undefined, stored };
  }

  /** The revision a person sees, also of a cell they have just written. */
  baseOf(row: number, bucket: number): number {
    return this.pending.get(cellKey(row, bucket))?.base ?? this.table.revisionOf(row, bucket);
  }

  /** Takes bytes of the hub in, in its order. @returns the rows they are about, and conflicts by the way */
  take(updates: readonly Uint8Array[], told: (overwriting: Overwriting) => void): Set<number> {
    const rows = new Set<number>();
    for (const bytes of updates) {
      if (bytes[0] === gridBytes.stored) {
        const patch = decodeStored(bytes);
        for (const { row } of patch.cells) rows.add(row);
        this.table.apply(patch, told);
      } else {
        readCells([bytes], this.table);
        for (const { row } of this.table.cells()) rows.add(row);
      }
    }
    return rows;
  }

  /** Replaces what waits. @param cells - in the order they were written. @returns the rows that are shown otherwise now */
  wait(cells: Iterable<WrittenCell>): Set<number> {
    const before = this.pending;
    this.pending = new Map(Array.from(cells, (cell) => [cellKey(cell.row, cell.bucket), cell]));
    const changed = [...before, ...this.pending].filter(
      ([key]) => before.get(key)?.value !== this.pending.get(key)?.value,
    );
    return new Set(changed.map(([, { row }]) => row));
  }

  /** Forgets all that was stored; another history follows. */
  clear(): void {
    this.table = new CellTable();
    this.tell(new Set(), true);
  }

  /** Calls back with the changed rows between two, both included. @returns how to stop */
  watch(from: number, to: number, listener: RowWatch['listener']): () => void {
    const watch = { from, to, listener };
    this.watches.add(watch);
    return () => this.watches.delete(watch);
  }

  /** Tells those who watch any of these rows; all of them when everything changed. */
  tell(rows: ReadonlySet<number>, isAll = false): void {
    if (rows.size === 0 && !isAll) return;
    for (const { from, to, listener } of [...this.watches]) {
      const last = Math.min(to, gridLimits.rows - 1);
      const span = isAll ? Array.from({ length: last - from + 1 }, (_, at) => from + at) : [...rows];
      const own = new Set(span.filter((row) => row >= from && row <= to));
      if (own.size > 0) listener(own);
    }
  }
}
