// Sliced<number> documents: by index entries alone when these decide it, else by finding them.
import type { IndexAccess } from '../query/access.ts';
import { boundsOf } from '../query/bounds.ts';
import { accessOf, rangesOf } from '../query/index-ranges.ts';
import type { Collection } from '../store/catalog.ts';
import { PAUSE } from '../store/row.ts';
import type { Sliced } from '../store/slices.ts';
import { type Prepared, prepare, type Selection } from './select.ts';
import type { View } from './write-target.ts';

/** A count ready to run. */
export interface PreparedCount {
  readonly prepared: Prepared;
  /** What is counted without reading documents; null when they have to be read. */
  readonly covering: IndexAccess | null;
  /** Runs it. */
  readonly count: () => Sliced<number>;
}

/** All entries of the `_id` index: one for each document, and much smaller. */
function everyId(collection: Collection): IndexAccess | null {
  const index = collection.indexes.find((each) => each.name === '_id_');
  return index ? accessOf(index, rangesOf(index, boundsOf(new Map())), []).access : null;
}

function coveringAccess(view: View, { collection, filter }: Selection, prepared: Prepared) {
  if (!collection || !prepared.plan || !view.followsIndexes(collection)) return null;
  const { access } = prepared.plan;
  if (access.kind === 'index') return access.isExact ? access : null;
  return filter.size === 0 ? everyId(collection) : null;
}

function* byEntries(
  view: View,
  collection: Collection,
  { skip = 0, limit = 0 }: Selection,
  { progress }: Prepared,
  access: IndexAccess,
): Sliced<number> {
  const atMost = limit > 0 ? skip + limit : Number.MAX_SAFE_INTEGER;
  const tally = progress.tallies.of(access);
  const found = yield* view.countExact(collection, { access, atMost, tally });
  tally.given = found;
  progress.returned = Math.max(0, found - skip);
  return progress.returned;
}

function* byRows({ rows, progress }: Prepared): Sliced<number> {
  for (const row of rows) if (row === PAUSE) yield PAUSE;
  return progress.returned;
}

/** Plans a count. */
export function prepareCount(view: View, selection: Selection): PreparedCount {
  const { collection } = selection;
  const prepared = prepare(view, selection);
  const covering = coveringAccess(view, selection, prepared);
  const count = () =>
    collection && covering ? byEntries(view, collection, selection, prepared, covering) : byRows(prepared);
  return { prepared, covering, count };
}
