/** Copy and paste of cells as text; locked cells can be copied too. */
import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { textOf } from '#client/plans/cell-edit.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { type CellPlace, cellId } from '#client/plans/table/columns.ts';
import { copiedCells, pasteCells } from '#client/plans/table/paste-cells.ts';
import type { TableState } from '#client/plans/table/use-table.ts';

/** What pasting needs: one cell begins an edit with the pasted text, so that it can still be left by Escape. */
export interface CellClipboard {
  table: TableState;
  edit: (cell: CellPlace, text: string) => void;
}

/**
 * Listens while the table itself has the focus, and so leaves the clipboard of open editors alone. At the document,
 * because browsers fire these events where the text selection happens to stand, which need not be in the table.
 */
export function useCellClipboard(
  scroller: RefObject<HTMLElement | null>,
  { table, edit }: CellClipboard,
): void {
  const { t } = useTranslation('plans');
  const plan = useOpenPlan();
  const { cell } = table;
  const copy = (data: DataTransfer, from: CellPlace) => {
    const row = plan.latest().byId.get(from.taskId);
    // Of an owner its first name: not the rest of the cell, where the flags of other people stand.
    const owner = () => document.getElementById(cellId(from))?.querySelector('bdi')?.textContent ?? '';
    const { column } = from;
    if (row !== undefined)
      data.setData('text/plain', column === 'owner' ? owner() : textOf(row, column, plan.reading));
  };
  const paste = (data: DataTransfer, into: CellPlace) => {
    const cells = copiedCells(data.getData('text/plain'));
    const [line = [], ...more] = cells;
    if (more.length > 0 || line.length > 1) {
      const { taken, offered } = pasteCells(plan, table.rows, into, cells);
      const words = taken < offered ? t('said.pastedPart', { count: offered, taken }) : null;
      plan.say(words ?? t('said.pasted', { count: taken }));
    } else if (line[0] !== undefined && line[0] !== '') {
      edit(into, line[0]);
    }
  };
  const latest = useRef({ cell, copy, paste });
  latest.current = { cell, copy, paste };
  useEffect(() => {
    const hear = (event: ClipboardEvent) => {
      const { cell: at, copy: toCopy, paste: toPaste } = latest.current;
      if (document.activeElement !== scroller.current || at === null || event.clipboardData === null) return;
      event.preventDefault();
      (event.type === 'copy' ? toCopy : toPaste)(event.clipboardData, at);
    };
    document.addEventListener('copy', hear);
    document.addEventListener('paste', hear);
    return () => {
      document.removeEventListener('copy', hear);
      document.removeEventListener('paste', hear);
    };
  }, [scroller]);
}
