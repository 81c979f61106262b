import { describe, expect, test } from 'vitest';
import { localToday, readDateText, showDate, showFullDate, showReading } from '#client/plans/date-text.ts';

const british = { today: '2026-11-23', locale: 'en-GB' };

describe('days as people write them', () => {
  test.each([
    ['2026-12-01', '2026-12-01'],
    ['1.12.2026', '2026-12-01'],
    ['01/12/26', '2026-12-01'],
    ['1/12', '2026-12-01'],
    ['3 jan', '2027-01-03'],
    ['Jan 3', '2027-01-03'],
    ['24 December 2027', '2027-12-24'],
    ['+3', '2026-11-26'],
    ['-1', '2026-11-22'],
    ['today', '2026-11-23'],
    ['Tomorrow', '2026-11-24'],
    ['Friday', '2026-11-27'],
    ['mon', '2026-11-30'],
    ['20261201', '2026-12-01'],
    ['2026/12/24', '2026-12-24'],
    ['29 Feb', '2028-02-29'],
  ])('[PL23] %s is %s', (text, date) => {
    // 2028 is the leap year within reach only when it is next to today's year.
    const reading = text === '29 Feb' ? { ...british, today: '2027-12-23' } : british;
    expect(readDateText(text, reading)).toBe(date);
  });

  test.each(['', 'soon', '31 Feb', '2026-02-30', '40/1', '1 2 3 4', '12', '1 xyz', 'x'.repeat(5_000)])(
    '[PL23] %j is no day',
    (text) => {
      expect(readDateText(text, british)).toBeNull();
    },
  );

  test('[PL23] the order of numbers is that of the language', () => {
    expect(readDateText('3/4/2026', british)).toBe('2026-04-03');
    expect(readDateText('3/4/2026', { ...british, locale: 'en-US' })).toBe('2026-03-04');
    for (const locale of ['en-US', 'ko', 'en-GB']) {
      expect(readDateText('1.12.2026', { ...british, locale })).toBe('2026-12-01');
      expect(readDateText('1.12', { ...british, locale })).toBe('2026-12-01');
      expect(readDateText('2026.12.1', { ...british, locale })).toBe('2026-12-01');
    }
    expect(readDateText('jutro', { ...british, locale: 'pl' })).toBe('2026-11-24');
    expect(readDateText('3 stycznia', { ...british, locale: 'pl' })).toBeNull();
    expect(readDateText('3 styczeń', { ...british, locale: 'pl' })).toBe('2027-01-03');
  });

  test('[PL23] a shown day can be read again', () => {
    for (const date of ['2026-11-23', '2027-02-01', '2025-05-31']) {
      expect(readDateText(showDate(date, british), british)).toBe(date);
    }
    expect(showDate(null, british)).toBe('');
    expect(showFullDate('2026-11-23', 'en-GB')).toContain('Monday');
    expect(showReading('2026-12-01', 'en-GB')).toBe('Tue, 1 Dec 2026');
    expect(localToday(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
  });
});
