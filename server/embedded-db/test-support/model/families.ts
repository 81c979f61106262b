// The families of random cases and how often each is asked.
import { Int32 } from 'bson';
import { AGGREGATE, FIND, UPDATE, UPSERT } from './cases.ts';
import { chance, some } from './random-documents.ts';
import { randomFilter, randomIndex, randomProjection, randomSort } from './random-filters.ts';
import { randomPipeline } from './random-pipelines.ts';
import { randomPositional, randomUpdate, randomUpsert } from './random-updates.ts';
import type { Family } from './run.ts';
import { show } from './show.ts';
import { type Doc, doc } from './values.ts';

const SORTED_SHARE = 0.3;

/** Filters, some of them sorted, with and without indexes. */
export const FINDS: Family = {
  kind: FIND,
  perSeed: 60,
  leastTelling: 0.3,
  ask(random, docs) {
    const asked: Doc = doc({ filter: randomFilter(random, docs) });
    if (!chance(random, SORTED_SHARE)) return asked;
    return asked.set(
      'sort',
      new Map(randomSort(random).map(([path, direction]) => [path, new Int32(direction)])),
    );
  },
  isTelling: (answer, docs) => answer.length > 0 && answer.length < docs.length,
  indexes: (random) => (chance(random, 0.5) ? [] : some(random, 1, 3, () => randomIndex(random))),
};

/** Projections. */
export const PROJECTIONS: Family = {
  kind: FIND,
  perSeed: 40,
  leastTelling: 0.5,
  ask: (random, docs) => doc({ filter: doc({}), projection: randomProjection(random, docs) }),
  isTelling: (answer, docs) => docs.some((root, at) => answer[at] !== show(root)),
};

/** Updates of every document by itself, on collections with and without indexes. */
export const UPDATES: Family = {
  kind: UPDATE,
  changes: true,
  perSeed: 20,
  leastTelling: 0.4,
  ask: randomUpdate,
  isTelling: (answer, docs) =>
    docs.some((root, at) => answer[at]?.startsWith('{') && answer[at] !== show(root)),
};

/** Pipelines. */
export const PIPELINES: Family = {
  kind: AGGREGATE,
  perSeed: 40,
  leastTelling: 0.5,
  ask: randomPipeline,
  isTelling: (answer) => answer.length > 0 && answer[0] !== '{}',
};

/** Upserts. */
export const UPSERTS: Family = {
  kind: UPSERT,
  perSeed: 40,
  leastTelling: 0.5,
  ask: randomUpsert,
  isTelling: (answer) => answer[0]?.startsWith('{') ?? false,
};

/** Updates of matched elements. */
export const POSITIONALS: Family = { ...UPDATES, perSeed: 20, leastTelling: 0.15, ask: randomPositional };
