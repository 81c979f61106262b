// Changing what a filter finds, one document after another, also when others write in between.
import { compileFilter } from '../query/filter.ts';
import type { Collection } from '../store/catalog.ts';
import { PAUSE, type Row } from '../store/row.ts';
import { LockWait } from './locks.ts';
import { type Selection, select } from './select.ts';
import type { Pace, Work } from './work.ts';
import type { WriteTarget } from './write-target.ts';

/** Where and how candidates are found; the collection has to exist. */
export interface Search extends Selection {
  readonly collection: Collection;
}

/** Changes one row through the target it was found in; called again when it met a lock. */
type Change = (row: Row) => void;

/** Changes every match once: a document that moves within its index is not met again, one that others change
 *  meanwhile is looked at anew and left alone when it matches no more. */
export function* changeAll(target: WriteTarget, search: Search, pace: Pace, change: Change): Work<void> {
  let wasCut = false;
  for (const found of select(target, search)) {
    if (found !== PAUSE) wasCut = (yield* changeOne(target, search, found, wasCut, change)).wasCut || wasCut;
    if (!pace.isOver) continue;
    yield null;
    wasCut = true;
  }
}

/** Changes the first match.
 *  @returns false when nothing matches */
export function* changeFirst(target: WriteTarget, search: Search, pace: Pace, change: Change): Work<boolean> {
  for (;;) {
    let wasCut = false;
    let row: Row | null = null;
    for (const found of select(target, { ...search, limit: 1 })) {
      if (found !== PAUSE) row = found;
      else if (pace.isOver) {
        yield null;
        wasCut = true;
      }
    }
    if (!row) return false;
    // When others were faster, the search begins again: there may be another match.
    if ((yield* changeOne(target, search, row, wasCut, change)).isDone) return true;
  }
}

interface Outcome {
  readonly isDone: boolean;
  /** True when others had their turn. */
  readonly wasCut: boolean;
}

function* changeOne(
  target: WriteTarget,
  search: Search,
  found: Row,
  isOld: boolean,
  change: Change,
): Work<Outcome> {
  for (let wasCut = false; ; wasCut = true) {
    const row = isOld || wasCut ? target.current(search.collection, found) : found;
    const isMatch = row !== undefined && (row === found || compileFilter(search.filter)(row.doc));
    if (!isMatch) return { isDone: false, wasCut };
    try {
      change(row);
      return { isDone: true, wasCut };
    } catch (error) {
      if (!(error instanceof LockWait)) throw error;
      yield error.owner;
    }
  }
}
