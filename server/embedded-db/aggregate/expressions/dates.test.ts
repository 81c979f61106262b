// Expressions on dates, case by case, as the MongoDB manual documents their results.
import { Long, ObjectId } from 'bson';
import { expect, test } from 'vitest';
import { disagreements, wrongCodes } from '../../test-support/expression-cases.ts';

const date = (text: string) => new Date(text);
const at = date('2014-01-01T08:15:39.736Z');
const NEW_YORK = 'America/New_York';

test('[DB50] parts of a date, in any zone', () => {
  expect(
    disagreements([
      [{ $year: at }, 2014],
      [{ $month: at }, 1],
      [{ $dayOfMonth: at }, 1],
      [{ $dayOfWeek: at }, 4],
      [{ $dayOfYear: at }, 1],
      [{ $hour: at }, 8],
      [{ $minute: at }, 15],
      [{ $second: at }, 39],
      [{ $millisecond: at }, 736],
      [{ $week: at }, 0],
      [{ $week: date('2016-01-04T00:00:00Z') }, 1],
      [{ $isoWeek: date('2016-01-01T00:00:00Z') }, 53],
      [{ $isoWeekYear: date('2016-01-01T00:00:00Z') }, Long.fromNumber(2015)],
      [{ $isoDayOfWeek: date('2016-01-03T00:00:00Z') }, 7],
      [{ $hour: { date: date('2017-06-19T15:00:00Z'), timezone: 'America/Chicago' } }, 10],
      [{ $hour: { date: date('2017-01-19T15:00:00Z'), timezone: 'America/Chicago' } }, 9],
      [{ $dayOfMonth: { date: date('1998-11-07T00:00:00Z'), timezone: '-0400' } }, 6],
      [{ $minute: { date: at, timezone: '+05:30' } }, 45],
      [{ $hour: { date: at, timezone: null } }, null],
      [{ $hour: null }, null],
      [{ $year: ['$missing'] }, null],
      [{ $year: new ObjectId('5ab9c3da31c2ab715d421285') }, 2018],
    ]),
  ).toEqual([]);
});

test('[DB50] dates as text, by format and zone', () => {
  expect(
    disagreements([
      [{ $dateToString: { date: at } }, '2014-01-01T08:15:39.736Z'],
      [{ $dateToString: { date: at, timezone: NEW_YORK } }, '2014-01-01T03:15:39.736'],
      [{ $dateToString: { format: '%Y-%m-%d', date: at } }, '2014-01-01'],
      [{ $dateToString: { format: '%H:%M:%S:%L%z', date: at, timezone: NEW_YORK } }, '03:15:39:736-0500'],
      [{ $dateToString: { format: '%H:%M:%S:%L%z', date: at, timezone: '+0430' } }, '12:45:39:736+0430'],
      [
        { $dateToString: { format: 'Minutes Offset: %Z', date: at, timezone: NEW_YORK } },
        'Minutes Offset: -300',
      ],
      [
        { $dateToString: { format: '%j %u %w %U %V %G %b %B %%', date: at } },
        '001 3 4 00 01 2014 Jan January %',
      ],
      [{ $dateToString: { format: '%Y', date: null, onNull: 'none' } }, 'none'],
      [{ $dateToString: { format: null, date: at } }, null],
      [{ $dateFromString: { dateString: '2017-02-08T12:10:40.787' } }, date('2017-02-08T12:10:40.787Z')],
      [
        { $dateFromString: { dateString: '2017-02-08T12:10:40.787', timezone: NEW_YORK } },
        date('2017-02-08T17:10:40.787Z'),
      ],
      [{ $dateFromString: { dateString: '2017-02-08' } }, date('2017-02-08T00:00:00Z')],
      [{ $dateFromString: { dateString: '06-15-2018', format: '%m-%d-%Y' } }, date('2018-06-15T00:00:00Z')],
      [{ $dateFromString: { dateString: '2017-W01', format: '%G-W%V' } }, date('2017-01-02T00:00:00Z')],
      [{ $dateFromString: { dateString: '7 Mar 2023', format: '%d %b %Y' } }, date('2023-03-07T00:00:00Z')],
      [{ $dateFromString: { dateString: 'July 4th, 2017' } }, date('2017-07-04T00:00:00Z')],
      [{ $dateFromString: { dateString: 'nonsense', onError: 'bad' } }, 'bad'],
      [{ $dateFromString: { dateString: '2017-02-08T12:10:40 Nowhere/There', onError: 'bad' } }, 'bad'],
      [{ $dateFromString: { dateString: null, onNull: 'none' } }, 'none'],
    ]),
  ).toEqual([]);
});

test('[DB50] dates from and to parts', () => {
  expect(
    disagreements([
      [{ $dateFromParts: { year: 2017, month: 2, day: 8, hour: 12 } }, date('2017-02-08T12:00:00Z')],
      [
        { $dateFromParts: { isoWeekYear: 2017, isoWeek: 6, isoDayOfWeek: 3, hour: 12 } },
        date('2017-02-08T12:00:00Z'),
      ],
      [
        {
          $dateFromParts: {
            year: 2016,
            month: 12,
            day: 31,
            hour: 23,
            minute: 46,
            second: 12,
            timezone: NEW_YORK,
          },
        },
        date('2017-01-01T04:46:12Z'),
      ],
      [{ $dateFromParts: { year: 2017, month: 14, day: 1 } }, date('2018-02-01T00:00:00Z')],
      [{ $dateFromParts: { year: 2017, month: 0, day: 1 } }, date('2016-12-01T00:00:00Z')],
      [{ $dateFromParts: { year: 2017, month: null } }, null],
      [
        { $dateToParts: { date: date('2017-01-01T01:29:09.123Z') } },
        { year: 2017, month: 1, day: 1, hour: 1, minute: 29, second: 9, millisecond: 123 },
      ],
      [
        { $dateToParts: { date: date('2017-01-01T01:29:09.123Z'), iso8601: true, timezone: NEW_YORK } },
        {
          isoWeekYear: 2016,
          isoWeek: 52,
          isoDayOfWeek: 6,
          hour: 20,
          minute: 29,
          second: 9,
          millisecond: 123,
        },
      ],
    ]),
  ).toEqual([]);
});

test('[DB50] dates move, differ and are cut by units, on the local clock', () => {
  const march = date('2021-03-20T11:30:05Z');
  expect(
    disagreements([
      [
        { $dateAdd: { startDate: date('2020-11-30T12:10:05Z'), unit: 'day', amount: 3 } },
        date('2020-12-03T12:10:05Z'),
      ],
      [
        { $dateAdd: { startDate: date('2020-12-31T12:10:05Z'), unit: 'month', amount: 2 } },
        date('2021-02-28T12:10:05Z'),
      ],
      [
        { $dateAdd: { startDate: date('2021-03-13T18:00:00Z'), unit: 'day', amount: 1, timezone: NEW_YORK } },
        date('2021-03-14T17:00:00Z'),
      ],
      [
        {
          $dateAdd: { startDate: date('2021-03-13T18:00:00Z'), unit: 'hour', amount: 24, timezone: NEW_YORK },
        },
        date('2021-03-14T18:00:00Z'),
      ],
      [
        { $dateSubtract: { startDate: date('2024-02-29T00:00:00Z'), unit: 'year', amount: 1 } },
        date('2023-02-28T00:00:00Z'),
      ],
      [
        { $dateSubtract: { startDate: march, unit: 'quarter', amount: Long.ONE } },
        date('2020-12-20T11:30:05Z'),
      ],
      [
        {
          $dateDiff: {
            startDate: date('2019-01-31T00:00:00Z'),
            endDate: date('2019-02-01T00:00:00Z'),
            unit: 'month',
          },
        },
        Long.ONE,
      ],
      [
        {
          $dateDiff: {
            startDate: date('2020-12-31T23:59:59Z'),
            endDate: date('2021-01-01T00:00:00Z'),
            unit: 'year',
          },
        },
        Long.ONE,
      ],
      [
        {
          $dateDiff: {
            startDate: date('2021-01-24T00:00:00Z'),
            endDate: date('2021-01-25T00:00:00Z'),
            unit: 'week',
          },
        },
        Long.ZERO,
      ],
      [
        {
          $dateDiff: {
            startDate: date('2021-01-24T00:00:00Z'),
            endDate: date('2021-01-25T00:00:00Z'),
            unit: 'week',
            startOfWeek: 'Monday',
          },
        },
        Long.ONE,
      ],
      [
        {
          $dateDiff: {
            startDate: date('2021-01-02T00:30:00Z'),
            endDate: date('2021-01-01T23:30:00Z'),
            unit: 'day',
          },
        },
        Long.fromNumber(-1),
      ],
      [
        {
          $dateDiff: {
            startDate: date('2021-01-01T00:59:00Z'),
            endDate: date('2021-01-01T01:00:00Z'),
            unit: 'hour',
          },
        },
        Long.ONE,
      ],
      [{ $dateTrunc: { date: march, unit: 'hour' } }, date('2021-03-20T11:00:00Z')],
      [{ $dateTrunc: { date: march, unit: 'hour', binSize: 2 } }, date('2021-03-20T10:00:00Z')],
      [{ $dateTrunc: { date: march, unit: 'week', startOfWeek: 'monday' } }, date('2021-03-15T00:00:00Z')],
      [{ $dateTrunc: { date: march, unit: 'week' } }, date('2021-03-14T00:00:00Z')],
      [{ $dateTrunc: { date: march, unit: 'month', timezone: NEW_YORK } }, date('2021-03-01T05:00:00Z')],
      [{ $dateTrunc: { date: march, unit: 'day', timezone: NEW_YORK } }, date('2021-03-20T04:00:00Z')],
      [{ $dateTrunc: { date: march, unit: 'quarter' } }, date('2021-01-01T00:00:00Z')],
      [{ $dateTrunc: { date: march, unit: 'year', binSize: 5 } }, date('2020-01-01T00:00:00Z')],
      [{ $dateTrunc: { date: null, unit: 'year' } }, null],
    ]),
  ).toEqual([]);
});

test('[DB50] wrong dates are refused with their codes', () => {
  expect(
    wrongCodes([
      [{ $year: 'x' }, 16006],
      [{ $year: { date: at, timezone: 'Nowhere/There' } }, 40485],
      [{ $year: { date: at, timezone: 5 } }, 40517],
      [{ $year: { date: at, other: 5 } }, 40535],
      [{ $year: [at, at] }, 40536],
      [{ $dateToString: { date: at, format: '%' } }, 18535],
      [{ $dateToString: { date: at, format: '%q' } }, 18536],
      [{ $dateToString: { date: at, format: 5 } }, 18533],
      [{ $dateToString: { format: '%Y' } }, 18628],
      [{ $dateFromString: { dateString: 'x' } }, 241],
      [{ $dateFromString: { dateString: 5 } }, 241],
      [{ $dateFromString: { dateString: '2017-02-08T12:10:40Z', timezone: NEW_YORK } }, 241],
      [{ $dateFromParts: { month: 1 } }, 40516],
      [{ $dateFromParts: { year: 2020, isoWeek: 1 } }, 40489],
      [{ $dateFromParts: { year: 0 } }, 40523],
      [{ $dateFromParts: { year: 2020, month: 'x' } }, 40515],
      [{ $dateAdd: { startDate: at, unit: 'day' } }, 5166402],
      [{ $dateAdd: { startDate: 'x', unit: 'day', amount: 1 } }, 5166403],
      [{ $dateAdd: { startDate: at, unit: 'decade', amount: 1 } }, 9],
      [{ $dateAdd: { startDate: at, unit: 'day', amount: 1.5 } }, 5166405],
      [{ $dateDiff: { startDate: 'x', endDate: at, unit: 'day' } }, 5166307],
      [{ $dateTrunc: { date: at, unit: 'day', binSize: 0 } }, 5439018],
      [{ $dateTrunc: { date: 'x', unit: 'day' } }, 5439012],
    ]),
  ).toEqual([]);
});
