// Where a write goes: straight into the file, or into the overlay of a transaction.
import type { Doc } from '../bson/value.ts';
import type { Plan } from '../query/plan.ts';
import type { Collection } from '../store/catalog.ts';
import type { Row, Stream } from '../store/row.ts';

/** Reading candidates, as the caller of a command may see them. */
export interface View {
  /** Candidates; the filter still has to be applied. `isSorted` is false when the plan's order is not kept. */
  scan(collection: Collection, plan: Plan): Stream<Row>;
  /** True when candidates of a sorting plan really come sorted. */
  keepsOrder(collection: Collection): boolean;
  /** Version of the snapshot; null for the newest state. */
  readonly asOf: number | null;
}

/** A view that also changes documents. Each call either happens wholly or throws and changes nothing. */
export interface WriteTarget extends View {
  /** @throws 11000 DuplicateKey */
  insert(collection: Collection, source: Doc): void;
  /** @throws 11000 DuplicateKey, 112 WriteConflict */
  replace(collection: Collection, before: Row, after: Doc): void;
  /** @throws 112 WriteConflict */
  remove(collection: Collection, row: Row): void;
  /** The collection, made when it does not exist. */
  ensureCollection(db: string, name: string): Collection;
}
