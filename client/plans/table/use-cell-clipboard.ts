/** Copy and paste of one cell as text; locked cells can be copied too. */
import type { ClipboardEvent } from 'react';
import { type CellPlace, cellId } from '#client/plans/table/columns.ts';
import type { TableState } from '#client/plans/table/use-table.ts';

/** What pasting needs: it begins an edit with the pasted text, so that it can still be left by Escape. */
export interface CellClipboard {
  table: TableState;
  edit: (cell: CellPlace, text: string) => void;
}

/** Handlers for the table's element; they leave the clipboard of open editors alone. */
export function useCellClipboard({ table, edit }: CellClipboard) {
  return {
    onCopy(event: ClipboardEvent) {
      if (event.target !== event.currentTarget || table.cell === null) return;
      const shown = document.getElementById(cellId(table.cell))?.textContent ?? '';
      event.clipboardData.setData('text/plain', shown.trim());
      event.preventDefault();
    },
    onPaste(event: ClipboardEvent) {
      if (event.target !== event.currentTarget || table.cell === null) return;
      // Only the first line: Excel ends what it copies with an empty one.
      const [line = ''] = event.clipboardData.getData('text/plain').split(/\r?\n|\t/u);
      event.preventDefault();
      if (line.trim() !== '') edit(table.cell, line.trim());
    },
  };
}
