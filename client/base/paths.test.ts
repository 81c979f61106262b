/** Return addresses stay on this site. */
import { describe, expect, test } from 'vitest';
import { arrivalEmail, backPath, planPath } from '#client/base/paths.ts';

describe('paths', () => {
  test('[CL1] a path of this site is returned to, with its query and fragment', () => {
    expect(backPath({ back: `${planPath('a', 'b')}?x=1#row` })).toBe('/r/a/plans/b?x=1#row');
  });

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '',
    7,
  ])('[CL1] %j leads home instead of elsewhere', (back) => {
    expect(backPath({ back })).toBe('/');
  });

  test('[CL1] sign-in never returns to itself, and a missing address leads home', () => {
    expect(backPath({ back: '/sign-in' })).toBe('/');
    expect(backPath(null)).toBe('/');
    expect(backPath('/company')).toBe('/');
  });

  test('[CL1] an arrival may bring an address to fill in', () => {
    expect(arrivalEmail({ back: '/', email: 'ana@company.example' })).toBe('ana@company.example');
    expect(arrivalEmail({ back: '/' })).toBe('');
  });
});
