/** One value that was not saved, as what it would have changed in its row. */
import type { Written } from '#client/plans/unsaved/written-by.ts';
import { writePlace } from '#shared/plans/facts.ts';
import { readDates, readProgress, readTitle } from '#shared/plans/rules.ts';
import { type PlanTask, type TaskDates, type TaskKind, taskKindShape } from '#shared/plans/task.ts';

/** `now` is what the plan says; null when it has no such row. */
export type UnsavedChange =
  | { what: 'added' | 'moved' | 'removed' | 'restored' | 'given' }
  | { what: 'title'; value: string; now: string | null }
  | { what: 'kind'; value: TaskKind; now: TaskKind | null }
  | { what: 'dates'; value: TaskDates; now: TaskDates | null }
  | { what: 'progress'; value: number; now: number | null }
  /** Member id; '' for nobody. */
  | { what: 'person'; value: string; now: string | null };

type Reader = (value: unknown, now: PlanTask | null) => UnsavedChange | null;

const readers: Readonly<Record<string, Reader>> = {
  // The title of a row the plan does not have stands over its changes.
  title(stored, now) {
    const value = readTitle(stored);
    return now === null || value === now.title ? null : { what: 'title', value, now: now.title };
  },
  place(stored, now) {
    if (now === null || stored === writePlace(now.place.parentId, now.place.key ?? '')) return null;
    return { what: 'moved' };
  },
  made(stored, now) {
    if ((stored === true) === (now !== null)) return null;
    return { what: stored === true ? 'added' : 'removed' };
  },
  removed(stored, now) {
    if ((stored === true) === (now?.removed ?? false)) return null;
    return { what: stored === true ? 'removed' : 'restored' };
  },
  given: () => ({ what: 'given' }),
  kind(stored, now) {
    const parsed = taskKindShape.safeParse(stored);
    const value = parsed.success ? parsed.data : 'task';
    return value === (now?.kind ?? 'task') ? null : { what: 'kind', value, now: now?.kind ?? null };
  },
  dates(stored, now) {
    const value = readDates(stored);
    const { start, finish } = now?.dates ?? { start: null, finish: null };
    if (value.start === start && value.finish === finish) return null;
    return { what: 'dates', value, now: now?.dates ?? null };
  },
  progress(stored, now) {
    const value = readProgress(stored);
    if (value === (now?.progressPct ?? 0)) return null;
    return { what: 'progress', value, now: now?.progressPct ?? null };
  },
  person(stored, now) {
    const value = typeof stored === 'string' ? stored : '';
    if (value === (now?.personId ?? '')) return null;
    return { what: 'person', value, now: now === null ? null : (now.personId ?? '') };
  },
};

/** @returns null when the plan says the same, or when the value says nothing by itself */
export function changeOf({ root, value }: Written, now: PlanTask | null): UnsavedChange | null {
  return readers[root]?.(value, now) ?? null;
}
