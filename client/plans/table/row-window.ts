/** Which rows of a long list are drawn: arithmetic over one row height, so that 2,000 rows cost as much as 40. */

/** Rows from `first` up to, but without, `end`. */
export interface RowRange {
  first: number;
  end: number;
}

/** Rows drawn beyond each edge, so that a quick scroll does not show an empty strip. */
const spare = 8;

/**
 * The rows to draw.
 * @param top - pixels scrolled past the first row; negative when above it
 * @param height - pixels of the visible part
 */
export function rowsToDraw(top: number, height: number, rowHeight: number, count: number): RowRange {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight)) - spare);
  const end = Math.min(count, Math.max(0, Math.ceil((top + height) / rowHeight)) + spare);
  return { first, end: Math.max(first, end) };
}

/**
 * Where to scroll so that a row is wholly visible under a sticky head.
 * @returns null when it already is
 */
export function scrollToRow(index: number, top: number, height: number, rowHeight: number): number | null {
  const start = index * rowHeight;
  if (start < top) return start;
  const over = start + rowHeight - (top + height);
  return over > 0 ? top + over : null;
}
