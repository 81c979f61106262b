import { describe, expect, test } from 'vitest';
import { rowsToDraw, scrollToRow } from '#client/plans/table/row-window.ts';

describe('drawing part of a long list', () => {
  test('[PL22] the visible rows and a few beyond are drawn, whatever the length', () => {
    expect(rowsToDraw(0, 380, 38, 2_000)).toEqual({ first: 0, end: 18 });
    expect(rowsToDraw(38_000, 380, 38, 2_000)).toEqual({ first: 992, end: 1_018 });
    expect(rowsToDraw(75_620, 380, 38, 2_000)).toEqual({ first: 1_982, end: 2_000 });
  });

  test('[PL22] odd positions draw nothing outside the list', () => {
    expect(rowsToDraw(-50, 380, 38, 3)).toEqual({ first: 0, end: 3 });
    expect(rowsToDraw(9_999, 380, 38, 3)).toEqual({ first: 0, end: 3 });
    expect(rowsToDraw(0, 380, 38, 0)).toEqual({ first: 0, end: 0 });
  });

  test('[PL22] scrolling to a row moves only as far as needed', () => {
    expect(scrollToRow(2, 0, 380, 38)).toBeNull();
    expect(scrollToRow(2, 190, 380, 38)).toBe(76);
    expect(scrollToRow(10, 0, 380, 38)).toBe(38);
  });
});
