// Where a write goes: straight into the file, or into the overlay of a transaction.
import type { Doc } from '../bson/value.ts';
import type { Access, Reading } from '../query/access.ts';
import type { Collection, Index } from '../store/catalog.ts';
import type { KeyRange } from '../store/connection.ts';
import type { CountedAccess } from '../store/entry-scan.ts';
import type { Row, Stream } from '../store/row.ts';
import type { Sliced } from '../store/slices.ts';

/** Reading candidates, as the caller of a command may see them. */
export interface View {
  /** Candidates; the filter still has to be applied. */
  scan(collection: Collection, access: Access, reading: Reading): Stream<Row>;
  /** How many documents an exact access finds, by its entries alone. */
  countExact(collection: Collection, counted: CountedAccess): Sliced<number>;
  /** Counts index entries up to a number, to compare plans. */
  countUpTo(index: Index, ranges: readonly KeyRange[], atMost: number): number;
  /** True when candidates are just what the indexes say: in their order, and found by exact bounds. */
  followsIndexes(collection: Collection): boolean;
  /** Version of the snapshot; null for the newest state. */
  readonly asOf: number | null;
}

/** A view that also changes documents. Each call either happens wholly or throws and changes nothing. */
export interface WriteTarget extends View {
  /** @throws 11000 DuplicateKey */
  insert(collection: Collection, source: Doc): void;
  /** @throws 11000 DuplicateKey, 112 WriteConflict */
  replace(collection: Collection, before: Row, after: Doc): void;
  /** The row as it is now; undefined when it is gone. For work that was cut since it read the row. */
  current(collection: Collection, row: Row): Row | undefined;
  /** @throws 112 WriteConflict */
  remove(collection: Collection, row: Row): void;
  /** The collection, made when it does not exist. */
  ensureCollection(db: string, name: string): Collection;
}
