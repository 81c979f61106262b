/** Counts what a Vitest run did, from its JSON report, for the closing line of `npm test`. */
import { z } from 'zod';

const reportShape = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** Numbers of tests; a file that could not be loaded counts as one failed test. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts a report of Vitest's json reporter. @throws when it is none */
export function tallyOf(report: unknown): Tally {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const file of reportShape.parse(report).testResults) {
    const statuses = file.assertionResults.map((each) => each.status);
    const failed = statuses.filter((status) => status === 'failed').length;
    tally.passed += statuses.filter((status) => status === 'passed').length;
    tally.failed += failed === 0 && file.status === 'failed' ? 1 : failed;
    tally.skipped += statuses.filter((status) => status !== 'passed' && status !== 'failed').length;
  }
  return tally;
}

/** `12 passed, 0 failed`, with `, 3 skipped` only when there are any. */
export function closingLine(tally: Tally): string {
  const skipped = tally.skipped === 0 ? '' : `, ${tally.skipped} skipped`;
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}
