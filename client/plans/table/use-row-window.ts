/** Follows the scrolling of a list and tells which rows to draw. */
import { type RefObject, useCallback, useEffect, useState } from 'react';
import { type RowRange, rowsToDraw, scrollToRow } from '#client/plans/table/row-window.ts';

/** Space the scrolled rows share with a sticky head, and the height of each. */
export interface ListMeasures {
  count: number;
  rowHeight: number;
  headHeight: number;
}

/** Renders again only when other rows come into sight, not at every pixel. */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  { count, rowHeight, headHeight }: ListMeasures,
): { range: RowRange; showRow(index: number): void } {
  const [range, setRange] = useState<RowRange>({ first: 0, end: Math.min(count, 60) });

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = () => {
      const next = rowsToDraw(element.scrollTop, element.clientHeight - headHeight, rowHeight, count);
      setRange((before) => (before.first === next.first && before.end === next.end ? before : next));
    };
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    return () => {
      element.removeEventListener('scroll', measure);
      sizes.disconnect();
    };
  }, [scroller, count, rowHeight, headHeight]);

  const showRow = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (element === null || index < 0) return;
      const top = scrollToRow(index, element.scrollTop, element.clientHeight - headHeight, rowHeight);
      if (top !== null) element.scrollTop = top;
    },
    [scroller, rowHeight, headHeight],
  );
  return { range, showRow };
}
