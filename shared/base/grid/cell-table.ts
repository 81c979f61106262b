/** A grid's cells in memory, on the hub and in the page: a few flat arrays, in pages along the rows. */
import { type CellValue, gridLimits, type StoredCell } from '#shared/base/grid/grid-shape.ts';
import type { StoredPatch } from '#shared/base/grid/patch-bytes.ts';

/** A cell that has been set at least once. */
export interface SetCell {
  value: CellValue;
  /** Number of the patch that set it. */
  revision: number;
  memberId: string;
}

/** A cell written over another person's value that its writer had not seen. */
export interface Overwriting {
  row: number;
  bucket: number;
  was: SetCell;
  now: SetCell;
}

const { pageCells } = gridLimits;
const pagesOfRow = gridLimits.buckets / pageCells;
const firstCells = 64 * pageCells;

/**
 * Cells only ever move on to a later revision, so that what is known already may come again, in any order, and all who
 * have heard the same show the same. About 20 bytes a cell.
 */
export class CellTable {
  /** Number of the last patch taken in. */
  seq = 0;
  /** First slot of each page, by page number; pages of a row follow one another. */
  #pages = new Map<number, number>();
  #slots = 0;
  /** NaN for null and for texts. */
  #values = new Float64Array(firstCells);
  #texts = new Map<number, string>();
  /** 0 for a cell never set. */
  #revisions = new Float64Array(firstCells);
  #authors = new Uint32Array(firstCells);
  #members: string[] = [];
  #memberIndex = new Map<string, number>();

  /** Whether the cell is there, or may still be added. */
  hasRoomFor(row: number, bucket: number): boolean {
    return this.#pages.has(pageOf(row, bucket)) || this.#slots < gridLimits.cells;
  }

  /** Null for a cell never set. */
  find(row: number, bucket: number): SetCell | null {
    const slot = this.#slotOf(row, bucket);
    return this.#revisionAt(slot) === 0 ? null : this.#cellAt(slot);
  }

  /** Null for an empty cell and for one never set. */
  valueOf(row: number, bucket: number): CellValue {
    return this.#valueAt(this.#slotOf(row, bucket));
  }

  /** 0 for a cell never set. */
  revisionOf(row: number, bucket: number): number {
    return this.#revisionAt(this.#slotOf(row, bucket));
  }

  /** Sets a cell, unless it has this revision or a later one. @returns whether it did */
  set(row: number, bucket: number, cell: SetCell): boolean {
    const slot = this.#addSlot(row, bucket);
    if (this.#revisionAt(slot) >= cell.revision) return false;
    const { value } = cell;
    this.#values[slot] = typeof value === 'number' ? value : Number.NaN;
    if (typeof value === 'string') this.#texts.set(slot, value);
    else this.#texts.delete(slot);
    this.#revisions[slot] = cell.revision;
    this.#authors[slot] = this.#indexOf(cell.memberId);
    return true;
  }

  /**
   * Takes a stored patch in; one taken in already changes nothing.
   * @param tell - told of each cell whose writer had not seen what it overwrote, when this table had that
   */
  apply(patch: StoredPatch, tell?: (overwriting: Overwriting) => void): void {
    for (const cell of patch.cells) {
      const now = { value: cell.value, revision: patch.seq, memberId: patch.memberId };
      const was = cell.isOver && tell !== undefined ? this.#before(cell) : null;
      if (!this.set(cell.row, cell.bucket, now) || was === null) continue;
      tell?.({ row: cell.row, bucket: cell.bucket, was, now });
    }
    this.seq = Math.max(this.seq, patch.seq);
  }

  /** Cells that were ever set, by row and bucket. */
  *cells(): Generator<SetCell & { row: number; bucket: number }> {
    for (const page of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const first = this.#pages.get(page) ?? 0;
      const row = Math.floor(page / pagesOfRow);
      const bucket = (page % pagesOfRow) * pageCells;
      for (let at = 0; at < pageCells; at += 1) {
        if (this.#revisionAt(first + at) === 0) continue;
        yield { row, bucket: bucket + at, ...this.#cellAt(first + at) };
      }
    }
  }

  #before({ row, bucket, previous }: StoredCell): SetCell | null {
    const before = this.find(row, bucket);
    return before?.revision === previous ? before : null;
  }

  #slotOf(row: number, bucket: number): number {
    const first = this.#pages.get(pageOf(row, bucket));
    return first === undefined ? -1 : first + (bucket % pageCells);
  }

  #addSlot(row: number, bucket: number): number {
    const known = this.#slotOf(row, bucket);
    if (known >= 0) return known;
    if (this.#slots + pageCells > this.#values.length) this.#grow();
    this.#pages.set(pageOf(row, bucket), this.#slots);
    this.#slots += pageCells;
    return this.#slotOf(row, bucket);
  }

  #grow(): void {
    const length = Math.ceil((this.#values.length * 3) / 2 / pageCells) * pageCells;
    const [values, revisions, authors] = [this.#values, this.#revisions, this.#authors];
    this.#values = new Float64Array(length);
    this.#revisions = new Float64Array(length);
    this.#authors = new Uint32Array(length);
    this.#values.set(values);
    this.#revisions.set(revisions);
    this.#authors.set(authors);
  }

  #indexOf(memberId: string): number {
    const known = this.#memberIndex.get(memberId);
    if (known !== undefined) return known;
    this.#memberIndex.set(memberId, this.#members.length);
    return this.#members.push(memberId) - 1;
  }

  #revisionAt(slot: number): number {
    return this.#revisions[slot] ?? 0;
  }

  #valueAt(slot: number): CellValue {
    const number = this.#values[slot] ?? Number.NaN;
    if (!Number.isNaN(number)) return this.#revisionAt(slot) === 0 ? null : number;
    return this.#texts.get(slot) ?? null;
  }

  #cellAt(slot: number): SetCell {
    const memberId = this.#members[this.#authors[slot] ?? 0] ?? '';
    return { value: this.#valueAt(slot), revision: this.#revisionAt(slot), memberId };
  }
}

function pageOf(row: number, bucket: number): number {
  return row * pagesOfRow + Math.floor(bucket / pageCells);
}
