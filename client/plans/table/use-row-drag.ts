/** Dragging a row to another spot; Alt with arrows and the row's menu do the same without a pointer. */
import { type PointerEvent, type RefObject, useCallback, useEffect, useState } from 'react';
import { followDrag } from '#client/plans/table/follow-drag.ts';
import type { PlanRow } from '#shared/plans/outline.ts';
import type { PlanView } from '#shared/plans/read.ts';
import { isSpotOpen, type Spot } from '#shared/plans/spot.ts';

/** A drag under way: the row, and the line it would fall on, counted in visible rows. */
export interface RowDrag {
  taskId: string;
  line: number;
  /** null where the row cannot fall. */
  spot: Spot | null;
}

/** What a drag needs to find the row under the pointer. */
export interface DragGround {
  scroller: RefObject<HTMLElement | null>;
  rows: readonly PlanRow[];
  view: PlanView;
  rowHeight: number;
  headHeight: number;
}

/** A row falls between two rows and takes the parent of the lower one; at the end, that of the last. */
export function useRowDrag(ground: DragGround, drop: (taskId: string, spot: Spot) => void) {
  const [drag, setDrag] = useState<RowDrag | null>(null);
  const taskId = drag?.taskId ?? null;
  const spot = drag?.spot ?? null;

  useEffect(() => {
    if (taskId === null) return undefined;
    return followDrag(window, {
      move: (y) => setDrag(dragAt(ground, taskId, y)),
      drop() {
        setDrag(null);
        if (spot !== null) drop(taskId, spot);
      },
      callOff: () => setDrag(null),
    });
  }, [taskId, spot, ground, drop]);

  const begin = useCallback((id: string, event: PointerEvent) => {
    if (event.button !== 0) return;
    event.preventDefault();
    setDrag({ taskId: id, line: -1, spot: null });
  }, []);
  return { drag, begin };
}

function dragAt(
  { scroller, rows, view, rowHeight, headHeight }: DragGround,
  taskId: string,
  y: number,
): RowDrag {
  const element = scroller.current;
  if (element === null) return { taskId, line: -1, spot: null };
  const top = y - element.getBoundingClientRect().top - headHeight + element.scrollTop;
  const line = Math.max(0, Math.min(rows.length, Math.round(top / rowHeight)));
  const spot = spotAt(rows, taskId, line);
  return { taskId, line, spot: isSpotOpen(view, taskId, spot) ? spot : null };
}

function spotAt(rows: readonly PlanRow[], taskId: string, line: number): Spot {
  const below = rows[line];
  const parentId = below === undefined ? (rows.at(-1)?.parentId ?? null) : below.parentId;
  const before = rows.slice(0, line).filter((row) => row.parentId === parentId && row.task.id !== taskId);
  return { parentId, afterId: before.at(-1)?.task.id ?? null };
}
