/** What refused edits of a plan hold, row by row and note by note, beside what the plan says now. */
import type { RefusedEdit } from '#client/base/live/device-store.ts';
import { noteText } from '#client/plans/unsaved/note-text.ts';
import { changeOf, type UnsavedChange } from '#client/plans/unsaved/unsaved-change.ts';
import { seenDoc, type Written, writtenBy } from '#client/plans/unsaved/written-by.ts';
import type { Side } from '#shared/base/audience.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { PlanView } from '#shared/plans/read.ts';
import { readTitle } from '#shared/plans/rules.ts';
import { isTaskId, type TaskId, taskIdLength } from '#shared/plans/task.ts';

/** One document of the plan with the edits that were set aside, oldest first. */
export type UnsavedPart = { refused: readonly RefusedEdit[] } & (
  | { kind: 'shared' | Side }
  | { kind: 'note'; taskId: TaskId }
);

/** A row with what was not saved of it; '' as title when it never had one. */
export interface UnsavedRow {
  id: TaskId;
  title: string;
  changes: readonly UnsavedChange[];
}

/** A note as the person saw it, in plain text; '' when they had emptied it. */
export interface UnsavedNote {
  taskId: TaskId;
  title: string;
  text: string;
}

/** Everything that was not saved; rows in the plan's order, rows the plan does not have last. */
export interface Unsaved {
  reasons: readonly ErrorCode[];
  rows: readonly UnsavedRow[];
  notes: readonly UnsavedNote[];
}

const roots = {
  shared: ['title', 'place'],
  side: ['made', 'given', 'kind', 'dates', 'progress', 'person', 'removed'],
};

/** Pure: the same parts and view give the same answer. What the plan says already is left out. */
export function readUnsaved(parts: readonly UnsavedPart[], view: PlanView): Unsaved {
  const titles = seenTitles(parts);
  const titleOf = (id: TaskId) => view.tasks.get(id)?.title ?? titles.get(id) ?? '';
  const found = new Map<TaskId, Map<string, UnsavedChange>>();
  for (const part of parts) {
    if (part.kind === 'note') continue;
    const { kind } = part;
    for (const written of part.refused.flatMap((edit) => writtenIn(edit, kind))) {
      take(found, written, view);
    }
  }
  const rows = [...found].map(([id, changes]) => ({
    id,
    title: titleOf(id),
    changes: [...changes.values()],
  }));
  const at = (id: TaskId) => view.byId.get(id)?.index ?? Number.MAX_SAFE_INTEGER;
  return {
    reasons: [...new Set(parts.flatMap((part) => part.refused.map((edit) => edit.code)))],
    rows: rows.filter(({ changes }) => changes.length > 0).sort((one, other) => at(one.id) - at(other.id)),
    notes: parts.flatMap((part) => notesOf(part, titleOf)),
  };
}

function writtenIn(edit: RefusedEdit, kind: 'shared' | Side): Written[] {
  return writtenBy(edit, kind === 'shared' ? roots.shared : roots.side);
}

/** A later edit of the same kind replaces an earlier one, also where it took the change back. */
function take(found: Map<TaskId, Map<string, UnsavedChange>>, written: Written, view: PlanView): void {
  const id = written.key.slice(0, taskIdLength);
  if (!isTaskId(id)) return;
  const changes = found.get(id) ?? new Map<string, UnsavedChange>();
  found.set(id, changes);
  const change = changeOf(written, view.tasks.get(id) ?? null);
  if (change === null) changes.delete(written.root);
  else changes.set(written.root, change);
}

function seenTitles(parts: readonly UnsavedPart[]): Map<TaskId, string> {
  const titles = new Map<TaskId, string>();
  for (const edit of parts.flatMap((part) => (part.kind === 'shared' ? part.refused : []))) {
    for (const [id, title] of seenDoc(edit).getMap<unknown>('title').entries())
      titles.set(id, readTitle(title));
  }
  return titles;
}

/** Edits of one note that show the same text are told once. */
function notesOf(part: UnsavedPart, titleOf: (id: TaskId) => string): UnsavedNote[] {
  if (part.kind !== 'note') return [];
  const { taskId } = part;
  const texts = new Set(part.refused.map((edit) => noteText(seenDoc(edit))));
  return [...texts].map((text) => ({ taskId, title: titleOf(taskId), text }));
}
