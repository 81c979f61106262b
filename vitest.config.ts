import { defineConfig } from 'vitest/config';

/** One project a kind of test, so `npm test` can run a kind alone: `npm test -- unit`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{shared,server,client}/**/*.test.ts', 'tests/{architecture,contract}/**/*.test.ts'],
        },
      },
      {
        test: { name: 'api', include: ['tests/api/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 30_000 },
      },
      { test: { name: 'live', include: ['tests/live/**/*.test.ts'], testTimeout: 120_000 } },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
