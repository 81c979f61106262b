/**
 * The roles of the table's parts. It is made of plain boxes, because rows are placed by arithmetic and only some
 * are drawn, which the elements of an HTML table do not allow; the whole is one tab stop, as a tree grid may be.
 */
export const gridRoles = {
  group: () => ({ role: 'rowgroup' }) as const,
  /** The head. */
  headRow: () => ({ role: 'row', 'aria-rowindex': 1 }) as const,
  /** @param index - of the row below the head, from 0 */
  row: (index: number, state: { level: number; isSelected: boolean; isExpanded: boolean | undefined }) =>
    ({
      role: 'row',
      'aria-rowindex': index + 2,
      'aria-level': state.level,
      'aria-selected': state.isSelected,
      'aria-expanded': state.isExpanded,
    }) as const,
  /** @param index - of the column, counted from 1 */
  rowHead: (index: number) => ({ role: 'rowheader', 'aria-colindex': index }) as const,
  columnHead: (index: number) => ({ role: 'columnheader', 'aria-colindex': index }) as const,
  cell: (index: number, state: { isSelected: boolean; isLocked: boolean }) =>
    ({
      role: 'gridcell',
      tabIndex: -1,
      'aria-colindex': index,
      'aria-selected': state.isSelected,
      'aria-readonly': state.isLocked || undefined,
    }) as const,
};
