import { describe, expect, test } from 'vitest';
import { isHistoryKey } from '#client/plans/history-opening.ts';
import { readKey } from '#client/plans/table/table-keys.ts';

const key = { code: 'KeyH', key: 'Η', altKey: true, shiftKey: true, ctrlKey: false, metaKey: false };

describe('the key of the history', () => {
  test('[CL17, PL49] Alt+Shift+H opens it on any layout, and means nothing else in the table', () => {
    expect(isHistoryKey(key)).toBe(true);
    expect(isHistoryKey({ ...key, shiftKey: false })).toBe(false);
    expect(isHistoryKey({ ...key, ctrlKey: true })).toBe(false);
    expect(readKey(key, { isRtl: false, letters: true })).toBeNull();
  });
});
