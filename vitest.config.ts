/** The kinds of tests: one project each, so that `npm test -- unit` runs a kind alone. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{shared,server,client}/**/*.test.{ts,tsx}',
            'tests/{architecture,bench,contract,support}/**/*.test.ts',
          ],
          // Far above what they need: a busy machine is no failure.
          testTimeout: 30_000,
        },
      },
      {
        test: { name: 'api', include: ['tests/api/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
      },
      {
        test: {
          name: 'live',
          include: ['tests/live/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 30_000,
        },
      },
      {
        // Browsers get the machine for themselves, one file at a time: they are timed.
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
