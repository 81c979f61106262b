// Sorting rows in memory: in slices, within a limit, and with a count only the best so far.
import type { Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { compareSortKeys, type SortField, sortKey } from '../query/sort.ts';
import { PAUSE, type Row, type Stream } from '../store/row.ts';
import { paced, type Sliced, sortInSlices } from '../store/slices.ts';

/** A sort keeps at most this many bytes in memory. */
export const MAX_SORT_BYTES = 100 * 1024 * 1024;
/** What a row takes besides the bytes of its document, about: objects, keys, the buffer's own. */
const ROW_OVERHEAD = 400;
/** Rows gathered besides the wanted ones before the worst of them are dropped. */
const SPARE_ROWS = 250;

interface Keyed {
  readonly row: Row;
  readonly keys: readonly (Value | undefined)[];
}

type Order = (a: Keyed, b: Keyed) => number;

function orderBy(fields: readonly SortField[]): Order {
  // `$natural` is insertion order, for which rows have no keys.
  const ties = fields[0]?.name === '$natural' ? fields[0].direction : 1;
  return (a, b) => compareSortKeys(a.keys, b.keys, fields) || (a.row.rid - b.row.rid) * ties;
}

function sizeOf({ row }: Keyed): number {
  return row.bytes.length + ROW_OVERHEAD;
}

/** The rows worth keeping so far. */
class Best {
  readonly #order: Order;
  readonly #keep: number;
  #rows: Keyed[] = [];
  #bytes = 0;
  /** Known once there were enough: what is not before it cannot come among the wanted ones. */
  #last: Keyed | null = null;

  constructor(order: Order, keep: number) {
    this.#order = order;
    this.#keep = keep;
  }

  /** True when rows should be dropped before more are added. */
  get isFull(): boolean {
    return this.#keep > 0 && this.#rows.length >= this.#keep * 2 + SPARE_ROWS;
  }

  /** @throws 292 QueryExceededMemoryLimitNoDiskUseAllowed */
  add(each: Keyed): void {
    if (this.#last && this.#order(each, this.#last) >= 0) return;
    each.row.forget();
    this.#rows.push(each);
    this.#bytes += sizeOf(each);
    if (this.#bytes > MAX_SORT_BYTES) {
      throw new DatabaseError(
        292,
        `Sort exceeded memory limit of ${MAX_SORT_BYTES} bytes, but did not opt in to external sorting.`,
      );
    }
  }

  *sort(): Sliced<readonly Keyed[]> {
    this.#rows = yield* sortInSlices(this.#rows, this.#order);
    if (this.#keep > 0 && this.#rows.length >= this.#keep) {
      this.#rows.length = this.#keep;
      this.#last = this.#rows.at(-1) ?? null;
    }
    this.#bytes = this.#rows.reduce((sum, each) => sum + sizeOf(each), 0);
    return this.#rows;
  }
}

/** The rows in order, ties in insertion order.
 *  @param keep - how many will be asked for; 0 for all
 *  @throws 292 QueryExceededMemoryLimitNoDiskUseAllowed */
export function* sortedRows(rows: Stream<Row>, fields: readonly SortField[], keep: number): Stream<Row> {
  const best = new Best(orderBy(fields), keep);
  for (const row of rows) {
    if (row === PAUSE) yield PAUSE;
    else {
      best.add({ row, keys: sortKey(row.doc, fields) });
      if (best.isFull) yield* best.sort();
    }
  }
  for (const each of paced(yield* best.sort())) yield each === PAUSE ? PAUSE : each.row;
}
