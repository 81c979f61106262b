// Random cases, asked of the engine through the driver and of an independent model. Every disagreement that was
// found is kept by name in test-support/model/known-cases.ts.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  FINDS,
  PIPELINES,
  POSITIONALS,
  PROJECTIONS,
  UPDATES,
  UPSERTS,
} from './test-support/model/families.ts';
import { KNOWN_CASES } from './test-support/model/known-cases.ts';
import { answerCase, type Family, runSeeds } from './test-support/model/run.ts';
import { parse } from './test-support/model/show.ts';
import type { Doc } from './test-support/model/values.ts';
import { openTestDatabase, type TestDatabase } from './test-support/test-database.ts';

/** Seeds of each family; `DB_SEEDS=1000` for a long run, `DB_FIRST_SEED` to go on or to repeat one. */
const SEEDS = Number(process.env['DB_SEEDS'] ?? 0);
const FIRST = Number(process.env['DB_FIRST_SEED'] ?? 0);

// A machine under load starts a database slowly; long runs are long.
vi.setConfig({ testTimeout: 60_000 + SEEDS * 2000, hookTimeout: 30_000 });

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

async function expectAgreement(family: Family, seeds: number): Promise<void> {
  const report = await runSeeds(database.db, family, FIRST, SEEDS || seeds);
  expect(report.failures, report.failures.join('\n')).toEqual([]);
  // Cases that match nothing or everything would prove little.
  expect(report.telling / report.cases).toBeGreaterThan(family.leastTelling);
}

describe('random cases', () => {
  test('[DB80] filters and sorts, with and without indexes', () => expectAgreement(FINDS, 12));

  test('[DB80] projections', () => expectAgreement(PROJECTIONS, 10));

  test('[DB81] updates of every kind, and their refusals', () => expectAgreement(UPDATES, 10));

  test('[DB81] updates of the element a filter matched', () => expectAgreement(POSITIONALS, 4));

  test('[DB81] upserts', () => expectAgreement(UPSERTS, 10));

  test('[DB82] pipelines and expressions', () => expectAgreement(PIPELINES, 15));
});

describe('named cases', () => {
  test.each(KNOWN_CASES)('[DB83] $title', async ({ kind, source, answer }) => {
    const answers = await answerCase(database.db, kind, parse(source) as Doc);
    expect(answers.engine).toEqual(answers.model);
    expect(answers.engine).toEqual(answer);
  });
});
