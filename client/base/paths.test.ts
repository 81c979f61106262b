/** Return addresses stay on this site. */
import { describe, expect, test } from 'vitest';
import { backPath, planPath, signInPath } from '#client/base/paths.ts';

describe('paths', () => {
  test('[CL1] a path of this site is returned to, with its query and fragment', () => {
    expect(backPath('?back=%2Fr%2Fabc%2Fplans%3Fx%3D1%23row')).toBe('/r/abc/plans?x=1#row');
  });

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '',
  ])('[CL1] %j leads home instead of elsewhere', (back) => {
    expect(backPath(`?${new URLSearchParams({ back })}`)).toBe('/');
  });

  test('[CL1] sign-in never returns to itself, and a missing address leads home', () => {
    expect(backPath('?back=%2Fsign-in%3Fback%3D%2F')).toBe('/');
    expect(backPath('')).toBe('/');
  });

  test('[CL1] links carry the return address, except for home', () => {
    expect(signInPath('/')).toBe('/sign-in');
    expect(backPath(signInPath(planPath('a', 'b')).slice('/sign-in'.length))).toBe('/r/a/plans/b');
  });
});
