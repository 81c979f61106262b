// Random filters, sorts and limits over random sets of indexes, each against a scan of the collection.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { show } from '../bson/show.ts';
import type { Doc } from '../bson/value.ts';
import { type OpenEngine, openEngine } from '../engine/open.ts';
import { prepare, type Selection } from '../engine/select.ts';
import { prepareCount } from '../engine/select-count.ts';
import type { WriteTarget } from '../engine/write-target.ts';
import type { Collection } from '../store/catalog.ts';
import { readIndexSpec } from '../store/index-spec.ts';
import { PAUSE, type Row } from '../store/row.ts';
import { pick, type Random, randomDocument, randomFilter } from '../test-support/random-values.ts';
import { docOf, seededRandom, temporaryDirectory } from '../test-support/test-database.ts';
import { partKey } from '../value/key.ts';
import { sortKey, valueSort } from './sort.ts';

// Thousands of queries take a while on a machine under load.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Rounds of one run; `EDB_PLANNER_ROUNDS` makes a longer one. */
const ROUNDS = Number(process.env['EDB_PLANNER_ROUNDS'] ?? 600);
const FIELDS = ['a', 'b', 'c', 'a.b', 'n', 'm', 'k'];

const dataDir = temporaryDirectory();
let open: OpenEngine;

beforeAll(() => {
  open = openEngine(dataDir, (error) => {
    throw error;
  });
});

afterAll(() => {
  open.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Fields of few values beside the wild ones, so that filters meet many documents. */
function source(random: Random, id: number): object {
  return {
    _id: id,
    ...randomDocument(random),
    n: Math.floor(random() * 8),
    m: pick(random, [null, 1, 2, 'x', 'xy']),
    ...(random() < 0.8
      ? { k: random() < 0.2 ? pick(random, [[], [1, 3], [2, null, 4]]) : Math.floor(random() * 5) }
      : {}),
  };
}

function simplePredicate(random: Random): unknown {
  const number = () => Math.floor(random() * 8);
  return pick(random, [
    number(),
    null,
    'x',
    { $in: [number(), number(), null] },
    { $in: [number(), number(), number()] },
    { $gt: number() },
    { $gte: number(), $lt: number() },
    { $lte: number() },
    { $exists: true },
    { $type: 'number' },
    { $regex: '^x' },
    { $elemMatch: { $gte: number(), $lte: 4 } },
  ]);
}

function someFilter(random: Random): object {
  const simple = () => ({ [pick(random, ['n', 'm', 'k', 'n'])]: simplePredicate(random) });
  return pick(random, [
    () => ({}),
    simple,
    simple,
    () => ({ $and: [simple(), simple()] }),
    () => ({ $or: [simple(), simple(), simple()] }),
    () => ({ ...simple(), $or: [simple(), simple()] }),
    () => randomFilter(random),
    () => ({ $or: [simple(), randomFilter(random)] }),
  ])();
}

function someSort(random: Random): Record<string, 1 | -1> {
  const out: Record<string, 1 | -1> = {};
  const length = Math.floor(random() * 3);
  for (let i = 0; i < length; i++) out[pick(random, FIELDS)] = pick(random, [1, -1]);
  if (random() < 0.3) out['_id'] = pick(random, [1, -1]);
  return out;
}

function someIndexes(random: Random): object[] {
  return Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) => {
    const key: Record<string, 1 | -1> = {};
    const length = 1 + Math.floor(random() * 3);
    for (let j = 0; j < length; j++) key[pick(random, FIELDS)] = pick(random, [1, -1]);
    const options = pick(random, [
      {},
      {},
      {},
      { sparse: true },
      { partialFilterExpression: { n: { $gte: 3 } } },
      { partialFilterExpression: { k: { $exists: true } } },
    ]);
    return { key, name: `index ${i}`, ...options };
  });
}

function make(target: WriteTarget, name: string, indexes: readonly object[]): Collection {
  const { catalog, nextVersion } = open.engine.storage;
  const made = target.ensureCollection('test', name);
  for (const index of indexes) {
    catalog.finishIndex(made, catalog.addIndex(made, readIndexSpec(docOf(index))), nextVersion());
  }
  return made;
}

/** Puts a document into every collection, or into none when one of their indexes cannot hold it. */
function insertEverywhere(target: WriteTarget, all: readonly Collection[], document: Doc): void {
  const before: Collection[] = [];
  try {
    for (const each of all) {
      target.insert(each, document);
      before.push(each);
    }
  } catch {
    for (const each of before) {
      const row = rowsOf({ collection: each, filter: new Map([['_id', document.get('_id') ?? null]]) })[0];
      if (row) target.remove(each, row);
    }
  }
}

function rowsOf(selection: Selection): Row[] {
  const out: Row[] = [];
  for (const row of prepare(open.engine.latest, selection).rows) if (row !== PAUSE) out.push(row);
  return out;
}

/** The rows, or the text of the refusal of a sort by two arrays. */
function rowsOrRefusal(selection: Selection): Row[] | string {
  try {
    return rowsOf(selection);
  } catch (error) {
    return (error as Error).message;
  }
}

function countOf(selection: Selection): number {
  const counting = prepareCount(open.engine.latest, selection).count();
  for (;;) {
    const next = counting.next();
    if (next.done) return next.value;
  }
}

const hex = (value: Parameters<typeof partKey>[0]) => partKey(value).toString('hex');
const idOf = (row: Row) => hex(row.doc.get('_id') ?? null);

/** The plan of a selection against a scan of a collection without indexes. */
function expectAgreement(asked: Selection, plain: Collection, what: string): void {
  const { sort = [], limit, skip } = asked;
  const wanted = rowsOrRefusal({ ...asked, collection: plain, hint: docOf({ $natural: 1 }) });
  const found = rowsOrRefusal(asked);
  if (typeof found === 'string' || typeof wanted === 'string') {
    expect(found, what).toEqual(wanted);
    return;
  }
  const keys = (rows: Row[]) => rows.map((row) => sortKey(row.doc, sort).map(hex));
  expect(keys(found), what).toEqual(keys(wanted));
  const isTotal = sort.some((field) => field.name === '_id');
  const ids = (rows: Row[]) => (isTotal ? rows.map(idOf) : rows.map(idOf).sort());
  // Of documents with equal keys a limit may keep any.
  if (isTotal || (limit === 0 && skip === 0)) expect(ids(found), what).toEqual(ids(wanted));
  expect(new Set(found.map(idOf)).size, what).toBe(found.length);
  expect(countOf({ ...asked, sort: [] }), `count, ${what}`).toBe(wanted.length);
}

describe('the planner', () => {
  test('[DB45] bounds reach no further into nested arrays than keys do', async () => {
    const collection = await open.engine.writer.write((target) => {
      const made = make(target, 'nested', [
        { key: { a: 1 }, name: 'a' },
        { key: { 'a.b': 1 }, name: 'ab' },
      ]);
      target.insert(made, docOf({ _id: 1, a: [[5]] }));
      target.insert(made, docOf({ _id: 2, a: [[{ b: 5 }]] }));
      return made;
    });
    for (const inner of [{ $gt: 3 }, { b: 5 }]) {
      const filter = docOf({ a: { $elemMatch: { $elemMatch: inner } } });
      expect(rowsOf({ collection, filter })).toHaveLength(1);
      expect(rowsOf({ collection, filter, hint: docOf({ a: 1 }) })).toHaveLength(1);
    }
  });

  test('[DB45] merged ranges and merged branches come in the order of a sort, forwards and backwards', async () => {
    const random = seededRandom(45);
    const keys = [
      { n: 1, m: -1, _id: 1 },
      { k: -1, m: 1, _id: -1 },
    ];
    const indexes = keys.map((key, i) => ({ key, name: `merged ${i}` }));
    const [plain, indexed] = await open.engine.writer.write((target) => {
      const made = [make(target, 'unmerged', []), make(target, 'merged', indexes)];
      for (let i = 0; i < 250; i++) insertEverywhere(target, made, docOf(source(random, i)));
      return made as [Collection, Collection];
    });
    const several = { $in: [1, 2, 4, 7] };
    const cases: [object, Record<string, 1 | -1>][] = [
      [{ n: several }, { m: -1, _id: 1 }],
      [{ n: several }, { m: 1, _id: -1 }],
      [{ k: { $in: [0, 1, 3] } }, { m: 1, _id: -1 }],
      [{ $or: [{ n: 2 }, { k: 3 }, { n: several, x: null }] }, { m: -1, _id: 1 }],
      [{ $or: [{ n: 2 }, { k: 3 }] }, { m: 1, _id: -1 }],
    ];
    for (const [filter, pattern] of cases) {
      const sort = valueSort(docOf(pattern));
      for (const limit of [0, 1, 30]) {
        const asked = { collection: indexed, filter: docOf(filter), sort, limit, skip: 2 };
        const { plan } = prepare(open.engine.latest, asked);
        expect(plan?.isSorted, JSON.stringify({ filter, pattern })).toBe(true);
        expectAgreement(asked, plain, JSON.stringify({ filter, pattern, limit }));
      }
    }
  });

  test('[DB46] a hint names an index or the order of insertion, or is refused', async () => {
    const collection = await open.engine.writer.write((target) => {
      const made = make(target, 'hinted', [{ key: { n: 1 }, name: 'byN', sparse: true }]);
      for (let i = 0; i < 6; i++) target.insert(made, docOf({ _id: i, ...(i % 2 ? { n: -i } : {}) }));
      return made;
    });
    const ids = (hint: object | string, extra: Partial<Selection> = {}) => {
      const asked = typeof hint === 'string' ? hint : docOf(hint);
      const rows = rowsOf({ collection, filter: new Map(), ...extra, hint: asked });
      return rows.map((row) => Number(show(row.doc.get('_id'))));
    };
    expect(ids({ $natural: 1 })).toEqual([0, 1, 2, 3, 4, 5]);
    expect(ids({ $natural: -1 })).toEqual([5, 4, 3, 2, 1, 0]);
    expect(ids({}, { sort: valueSort(docOf({ $natural: -1 })), limit: 2 })).toEqual([5, 4]);
    // A sparse index leaves out what has no key; so does the server when told to use it.
    expect(ids('byN')).toEqual([5, 3, 1]);
    expect(ids({ n: 1 }, { limit: 1 })).toEqual([5]);
    expect(countOf({ collection, filter: new Map(), hint: 'byN' })).toBe(3);
    expect(countOf({ collection, filter: new Map() })).toBe(6);
    expect(() => ids('none')).toThrow(/hint provided does not correspond to an existing index/);
    expect(() => ids({ $natural: 2 })).toThrow(/\$natural sort cannot be set/);
  });

  test.each([1, 2, 3, 4])(
    '[DB45] any plan gives the documents and the order of a collection scan (seed %i)',
    async (seed) => {
      const random = seededRandom(seed * 1_000);
      const { engine } = open;
      const sets = Array.from({ length: 4 }, () => someIndexes(random));
      const all = await engine.writer.write((target) => {
        const made = [[], ...sets].map((indexes, i) => make(target, `c${seed}_${i}`, indexes));
        for (let i = 0; i < 250; i++) insertEverywhere(target, made, docOf(source(random, i)));
        return made;
      });
      const [plain, ...indexed] = all as [Collection, ...Collection[]];
      for (let round = 0; round < ROUNDS / 4; round++) {
        const [filter, pattern] = [someFilter(random), someSort(random)];
        const sort = valueSort(docOf(pattern));
        const skip = random() < 0.3 ? Math.floor(random() * 5) : 0;
        const limit = random() < 0.5 ? 1 + Math.floor(random() * 20) : 0;
        const at = Math.floor(random() * indexed.length);
        const collection = indexed[at] as Collection;
        const asked: Selection = { collection, filter: docOf(filter), sort, skip, limit };
        const what = `seed ${seed}, round ${round}: ${JSON.stringify({ filter, pattern, skip, limit, indexes: sets[at] })}`;
        expectAgreement(asked, plain, what);
      }
    },
  );
});
