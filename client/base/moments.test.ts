/** How instants are written. */
import { describe, expect, test } from 'vitest';
import { momentWords, readerLocale } from '#client/base/moments.ts';

const now = Date.parse('2026-11-23T12:00:00.000Z');

describe('moments', () => {
  test('[CL12] what is near carries its weekday, what is far its full date', () => {
    const { moment, day } = momentWords('en-GB', now);
    expect(moment('2026-11-20T12:00:00.000Z')).toMatch(/^Fri \d{2}:00$/);
    expect(moment('2026-11-10T12:00:00.000Z')).toMatch(/^10 Nov 2026, \d{2}:00$/);
    expect(day('2026-11-10T12:00:00.000Z')).toBe('10 Nov 2026');
  });

  test("[CL12] the reader's region is kept where it speaks the language of the page", () => {
    expect(readerLocale('en', ['el-GR', 'en-GB', 'en-US'])).toBe('en-GB');
    expect(readerLocale('pl', ['de-DE', 'en-GB'])).toBe('pl');
  });
});
