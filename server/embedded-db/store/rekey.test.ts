// Index entries made anew for a file of an older layout.
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openEngine } from '../engine/open.ts';
import { prepareCount } from '../engine/select-count.ts';
import { docOf, temporaryDirectory } from '../test-support/test-database.ts';
import { readIndexSpec } from './index-spec.ts';
import { metaValue, setMeta } from './schema.ts';

function fail(error: Error): never {
  throw error;
}

test('[DB60] entries of an older layout are made anew at the start, with the fields that hold arrays', async () => {
  const dataDir = temporaryDirectory();
  const before = openEngine(dataDir, fail);
  const { storage, writer } = before.engine;
  await writer.write((target) => {
    const made = target.ensureCollection('test', 'things');
    const spec = docOf({ key: { tags: 1, text: -1 }, name: 'both' });
    storage.catalog.finishIndex(made, storage.catalog.addIndex(made, readIndexSpec(spec, null)), 1);
    for (let i = 0; i < 70; i++) target.insert(made, docOf({ _id: i, tags: ['x', 'y'], text: `\0${i}` }));
  });
  storage.main.db.exec("UPDATE entry SET key = key || x'00'; UPDATE index_spec SET multikey = 1");
  setMeta(storage.main.db, 'rekey', 1);
  before.close();

  const after = openEngine(dataDir, fail);
  const { catalog, main } = after.engine.storage;
  const collection = catalog.find('test', 'things');
  expect(collection?.indexes.map((index) => index.arrays)).toEqual([0, 1]);
  const filter = docOf({ tags: 'y', text: { $gte: '\0' } });
  const counting = prepareCount(after.engine.latest, { collection, filter, hint: 'both' }).count();
  let next = counting.next();
  while (!next.done) next = counting.next();
  expect(next.value).toBe(70);
  expect(metaValue(main.db, 'rekey')).toBeUndefined();
  after.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('[DB42] keys of a collation are made anew when another ICU made them, other indexes stay', async () => {
  const dataDir = temporaryDirectory();
  const before = openEngine(dataDir, fail);
  const { storage, writer } = before.engine;
  await writer.write((target) => {
    const made = target.ensureCollection('test', 'people');
    const spec = docOf({
      key: { name: 1 },
      name: 'n',
      unique: true,
      collation: { locale: 'en', strength: 2 },
    });
    storage.catalog.finishIndex(made, storage.catalog.addIndex(made, readIndexSpec(spec, null)), 1);
    target.insert(made, docOf({ _id: 1, name: 'Anna' }));
  });
  const keys = () => storage.main.db.prepare('SELECT hex(key) AS key FROM entry ORDER BY idx').all();
  const expected = keys();
  storage.main.db.exec("UPDATE entry SET key = key || x'00' WHERE idx = (SELECT max(idx) FROM entry)");
  expect(keys()).not.toEqual(expected);
  setMeta(storage.main.db, 'icu', 1);
  before.close();

  const after = openEngine(dataDir, fail);
  const entries = after.engine.storage.main.db
    .prepare('SELECT hex(key) AS key FROM entry ORDER BY idx')
    .all();
  expect(entries).toEqual(expected);
  expect(metaValue(after.engine.storage.main.db, 'icu')).not.toBe(1);
  after.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('[DB63] a document that cannot be read then is damage, and the directory is free again', async () => {
  const dataDir = temporaryDirectory();
  const before = openEngine(dataDir, fail);
  const { storage, writer } = before.engine;
  await writer.write((target) => target.insert(target.ensureCollection('test', 'c'), docOf({ _id: 1 })));
  storage.main.db.exec("UPDATE d_1 SET body = x'00'");
  setMeta(storage.main.db, 'rekey', 1);
  before.close();
  for (let i = 0; i < 2; i++) expect(() => openEngine(dataDir, fail)).toThrow(/database\.sqlite is damaged/);
  rmSync(dataDir, { recursive: true, force: true });
});
