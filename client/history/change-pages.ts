/** The list of changes as it is known so far, and how pages of the hub are put into it. */
import { changeKey } from '#client/history/days.ts';
import type { Change } from '#shared/history/shape.ts';

/** Newest first. `before` is where the next page goes on; null when there is nothing older. */
export interface ChangePages {
  changes: readonly Change[];
  before: string | null;
}

/** Adds an older page at the end. */
export function withOlder(known: ChangePages, page: ChangePages): ChangePages {
  return { changes: distinct([...known.changes, ...page.changes]), before: page.before };
}

/** Puts the newest page in place of what it tells anew; a stretch of work that went on is told once. */
export function withNewest(known: ChangePages | null, page: ChangePages): ChangePages {
  const { before } = page;
  if (known === null || before === null) return page;
  const older = known.changes.filter(({ to }) => to < before);
  // Nothing known that far back: between the two there may be more, so the list goes on from the page.
  if (older.length === 0) return page;
  return { changes: distinct([...page.changes, ...older]), before: known.before };
}

function distinct(changes: readonly Change[]): Change[] {
  return [...new Map(changes.map((change) => [changeKey(change), change])).values()];
}
