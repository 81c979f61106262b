/** The state of the table on this screen: where one stands, what is being edited, which rows are folded. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CellPlace } from '#client/plans/table/columns.ts';
import { visibleRows } from '#client/plans/table/visible-rows.ts';
import type { PlanRow } from '#shared/plans/outline.ts';
import type { PlanView } from '#shared/plans/read.ts';

/** An editor open in the current cell. */
export interface Editing {
  /** What the editor begins with; null = what stands in the cell. */
  text: string | null;
  /** True for the title of a row just added: leaving it empty takes the row back. */
  isNew: boolean;
}

/** The table as React sees it. */
export interface TableState {
  rows: readonly PlanRow[];
  cell: CellPlace | null;
  /** Index of the current row among the visible ones; -1 when there is none. */
  at: number;
  editing: Editing | null;
  collapsed: ReadonlySet<string>;
  go(cell: CellPlace | null): void;
  edit(editing: Editing | null): void;
  fold(taskId: string, isFolded: boolean): void;
}

/** The state for one plan; it follows the view, so that one never stands in a row that is gone (told by `onGone`). */
export function useTable(view: PlanView, onGone: (wasEditing: boolean) => void): TableState {
  const [cell, setCell] = useState<CellPlace | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => visibleRows(view.rows, collapsed), [view, collapsed]);
  const indexes = useMemo(() => new Map(rows.map((row, index) => [row.task.id, index])), [rows]);
  const at = cell === null ? -1 : (indexes.get(cell.taskId) ?? -1);
  const lastAt = useRef(0);
  if (at >= 0) lastAt.current = at;

  const gone = useRef(onGone);
  gone.current = onGone;
  const isEditing = editing !== null;
  useEffect(() => {
    if (cell === null || at >= 0) return;
    // The row went away: stand on the one that took its place, so that the keyboard is never nowhere.
    const beside = rows[Math.min(lastAt.current, rows.length - 1)];
    setCell(beside === undefined ? null : { taskId: beside.task.id, column: cell.column });
    setEditing(null);
    gone.current(isEditing);
  }, [cell, at, rows, isEditing]);

  const go = useCallback((next: CellPlace | null) => {
    setCell(next);
    setEditing(null);
  }, []);
  const fold = useCallback((taskId: string, isFolded: boolean) => {
    setCollapsed((before) => {
      const next = new Set(before);
      if (isFolded) next.add(taskId);
      else next.delete(taskId);
      return next;
    });
  }, []);
  return { rows, cell, at, editing, collapsed, go, edit: setEditing, fold };
}
