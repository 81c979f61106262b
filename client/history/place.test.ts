import { describe, expect, test } from 'vitest';
import { momentOf, readPlace, writePlace } from '#client/history/place.ts';
import { aVersion } from '#tests/support/factories/history.ts';

const version = aVersion({ id: '0123456789abcdefghjk' });

describe('the address of a history', () => {
  test.each([
    ['history=now', { point: 'now', against: null }],
    [
      'history=2026-11-03T14%3A20%3A00.000Z',
      { point: { atMs: Date.UTC(2026, 10, 3, 14, 20) }, against: null },
    ],
    [`history=${version.id}&with=now`, { point: { versionId: version.id }, against: 'now' }],
  ])('[HI25] %s is read as it was written', (text, place) => {
    expect(readPlace(new URLSearchParams(text))).toEqual(place);
    expect(writePlace(new URLSearchParams(), readPlace(new URLSearchParams(text))).toString()).toBe(text);
  });

  test('[HI25] what cannot be read stands for the present, and other parts of the address stay', () => {
    expect(readPlace(new URLSearchParams('history=yesterday'))).toEqual({ point: 'now', against: null });
    expect(readPlace(new URLSearchParams('row=1'))).toBeNull();
    expect(writePlace(new URLSearchParams('row=1&history=now&with=now'), null).toString()).toBe('row=1');
  });

  test('[HI25] a version stands for its moment; one that is not there for none', () => {
    expect(momentOf({ versionId: version.id }, [version])).toBe(Date.parse(version.at));
    expect(momentOf({ versionId: version.id }, [])).toBeUndefined();
    expect(momentOf('now', [])).toBeNull();
  });
});
