/** The closing line of a run, from made-up reports. */
import { describe, expect, test } from 'vitest';
import { closingLine, tallyOf } from '#tests/support/tally.ts';

/** One file of a report with tests of these statuses. */
function file(status: string, ...statuses: string[]) {
  const assertionResults = statuses.map((each, at) => ({ status: each, fullName: `test ${at}` }));
  return { name: 'a.test.ts', status, assertionResults };
}

describe('the closing line', () => {
  test('[HO18] counts passed, failed and left-out tests of all files', () => {
    const testResults = [
      file('passed', 'passed', 'passed'),
      file('failed', 'failed', 'passed', 'skipped', 'todo'),
    ];
    const tally = tallyOf({ success: false, testResults });
    expect(tally).toEqual({ passed: 3, failed: 1, skipped: 2 });
    expect(closingLine(tally)).toBe('3 passed, 1 failed, 2 skipped');
  });

  test('[HO18] a file that could not be loaded is one failure', () => {
    const tally = tallyOf({ success: false, testResults: [file('failed'), file('passed', 'passed')] });
    expect(closingLine(tally)).toBe('1 passed, 1 failed');
  });

  test('[HO18] refuses what is no report', () => {
    expect(() => tallyOf({})).toThrow();
  });
});
