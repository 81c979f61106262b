/** Moving a database away and back: every byte, option and index, in mongodump's layout. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BSON, type Db, MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ContentDigest } from '#server/database-commands/digest.ts';
import { fileStem } from '#server/database-commands/dump-files.ts';
import { exactDocument } from '#server/database-commands/exact-bson.ts';
import { exportDatabase } from '#server/database-commands/export.ts';
import { importDatabase } from '#server/database-commands/import.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '#server/embedded-db/start.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let root: string;
let server: EmbeddedDatabase;
let client: MongoClient;

/** One value of every type that is not deprecated, and names that an object would put in another order. */
function everyType(): Map<string, unknown> {
  const inner = new Map<string, unknown>([
    ['z', new BSON.Int32(1)],
    ['10', new BSON.Double(5)],
    ['9', BSON.Long.fromString('9007199254740993')],
  ]);
  return new Map<string, unknown>([
    ['_id', new BSON.ObjectId()],
    ['double', new BSON.Double(5)],
    ['nan', new BSON.Double(Number.NaN)],
    ['minusZero', new BSON.Double(-0)],
    ['int', new BSON.Int32(5)],
    ['long', BSON.Long.fromNumber(5)],
    ['decimal', BSON.Decimal128.fromString('5.00')],
    ['text', 'Grüße 🚲'],
    ['inner', inner],
    ['list', [new BSON.Double(1), [inner], null]],
    ['binary', new BSON.Binary(Buffer.from([1, 2]), 0)],
    ['uuid', new BSON.UUID()],
    ['yes', true],
    ['date', new Date(-1)],
    ['nothing', null],
    ['regex', new BSON.BSONRegExp('a.b', 'im')],
    ['code', new BSON.Code('return 1')],
    ['scoped', new BSON.Code('return x', { x: new BSON.Int32(1) })],
    ['symbol', new BSON.BSONSymbol('s')],
    ['timestamp', new BSON.Timestamp({ t: 1, i: 2 })],
    ['min', new BSON.MinKey()],
    ['max', new BSON.MaxKey()],
    ['1', 'first of all, were this an object'],
  ]);
}

const said: string[] = [];

function watcher(signal = new AbortController().signal) {
  said.length = 0;
  return { signal, progress: () => undefined, finished: (name: string) => void said.push(name) };
}

async function rawOf(db: Db, name: string): Promise<string[]> {
  const found = await db.collection(name).find({}, { raw: true }).toArray();
  return found.map((each) => Buffer.from(each as unknown as Uint8Array).toString('hex'));
}

async function fill(db: Db): Promise<void> {
  await db.command({ insert: 'types', documents: [everyType(), everyType()] });
  await db.collection('people').createIndex({ name: 1, age: -1 }, { unique: true, name: 'by name' });
  await db.collection('people').createIndex({ at: 1 }, { expireAfterSeconds: 10 });
  await db
    .collection('people')
    .createIndex({ mail: 1 }, { sparse: true, partialFilterExpression: { mail: { $gt: '' } } });
  const people = Array.from({ length: 2_500 }, (_, i) => ({ name: `p${i}`, age: i, at: new Date(0) }));
  await db.collection('people').insertMany(people);
  await db.createCollection('empty/of all');
}

describe('the parts of a move', () => {
  test('[DB67] the hash of a collection knows no order and counts what is there twice', () => {
    const digestOf = (...documents: string[]) => {
      const digest = new ContentDigest();
      for (const each of documents) digest.add(Buffer.from(each));
      return digest.content.sha256;
    };
    expect(digestOf('a', 'b')).toBe(digestOf('b', 'a'));
    expect(new Set([digestOf(), digestOf('a'), digestOf('a', 'a'), digestOf('a', 'b')]).size).toBe(4);
  });

  test('[DB67] names of files are those of mongodump', () => {
    expect(fileStem("a b/ü*'(c)~")).toBe('a+b%2F%C3%BC%2A%27%28c%29~');
    expect(fileStem('n'.repeat(250))).toMatch(/^n{208}%24[\w-]{27}$/);
  });

  test('[DB67] a document comes back byte for byte through the driver', () => {
    const bytes = BSON.serialize(everyType());
    expect(Buffer.from(BSON.serialize(exactDocument(bytes))).equals(bytes)).toBe(true);
  });
});

describe('moving a database', () => {
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'tandem-move-'));
    server = await startEmbeddedDatabase({ dataDir: join(root, 'data') });
    client = new MongoClient(server.uri);
  });

  afterEach(async () => {
    await client.close();
    await server.close();
    rmSync(root, { recursive: true, force: true });
  });

  test('[DB67] there and back every byte, number type, field order and index is the same', async () => {
    const [from, to] = [client.db('from'), client.db('to')];
    await fill(from);
    const dump = join(root, 'dump');
    const exported = await exportDatabase(from, dump, watcher());
    expect(said).toEqual(['empty/of all', 'people', 'types']);
    expect(readdirSync(join(dump, 'from')).sort()).toEqual([
      'empty%2Fof+all.bson',
      'empty%2Fof+all.metadata.json',
      'people.bson',
      'people.metadata.json',
      'types.bson',
      'types.metadata.json',
    ]);
    const imported = await importDatabase(to, { from: dump }, watcher());
    expect(imported).toEqual(exported);
    for (const name of ['types', 'people', 'empty/of all']) {
      expect(await rawOf(to, name)).toEqual(await rawOf(from, name));
      expect(await to.collection(name).listIndexes().toArray()).toEqual(
        await from.collection(name).listIndexes().toArray(),
      );
    }
  });

  test('[DB67] a validator and collations go along, invalid documents too, and an index without one does not inherit it', async () => {
    const [from, to] = [client.db('from'), client.db('to')];
    await from.createCollection('names', {
      collation: { locale: 'de', strength: 2 },
      validator: { name: { $type: 'string' } },
      validationLevel: 'moderate',
    });
    await from.collection('names').createIndex({ name: 1 }, { unique: true });
    await from.collection('names').createIndex({ code: 1 }, { collation: { locale: 'simple' } });
    await from.collection('names').insertOne({ name: 'Ärger' });
    const anyway = { bypassDocumentValidation: true };
    await from.collection<{ name: unknown }>('names').insertOne({ name: 7 }, anyway);
    await exportDatabase(from, join(root, 'dump'), watcher());
    await importDatabase(to, { from: join(root, 'dump') }, watcher());
    const about = async (db: Db) => [
      (await db.listCollections({ name: 'names' }, { nameOnly: false }).toArray()).map(
        ({ options }) => options,
      ),
      await db.collection('names').listIndexes().toArray(),
      await rawOf(db, 'names'),
    ];
    expect(await about(to)).toEqual(await about(from));
    expect(JSON.stringify(await about(to))).toMatch(/"strength":2.*"moderate"|"moderate".*"strength":2/);
  });

  test('[DB67] a file is nothing but the stored documents, its neighbour canonical Extended JSON', async () => {
    const from = client.db('from');
    await fill(from);
    await exportDatabase(from, join(root, 'dump'), watcher());
    const bytes = readFileSync(join(root, 'dump', 'from', 'types.bson')).toString('hex');
    expect(bytes).toBe((await rawOf(from, 'types')).join(''));
    const shape = JSON.parse(readFileSync(join(root, 'dump', 'from', 'people.metadata.json'), 'utf8'));
    expect(shape).toMatchObject({ collectionName: 'people', type: 'collection', options: {} });
    expect(shape.uuid).toMatch(/^[0-9a-f]{32}$/);
    expect(shape.indexes[1]).toEqual({
      v: { $numberInt: '2' },
      key: { name: { $numberInt: '1' }, age: { $numberInt: '-1' } },
      name: 'by name',
      unique: true,
    });
  });

  test('[DB67] a dump of other tools, without a list of contents, is taken too', async () => {
    const folder = join(root, 'dump', 'shop');
    mkdirSync(folder, { recursive: true });
    const documents = [{ _id: 1 }, { _id: 2 }].map((each) => BSON.serialize(each));
    writeFileSync(join(folder, 'orders.bson'), Buffer.concat(documents));
    const indexes =
      '[{"v":{"$numberInt":"2"},"key":{"_id":1},"name":"_id_","ns":"shop.orders"},{"v":2,"key":{"a":1},"name":"a_1","ns":"x"}]';
    writeFileSync(join(folder, 'orders.metadata.json'), `{"options":{},"indexes":${indexes}}`);
    await importDatabase(client.db('shop'), { from: join(root, 'dump') }, watcher());
    expect(await client.db('shop').collection('orders').countDocuments()).toBe(2);
    expect(await client.db('shop').collection('orders').indexExists('a_1')).toBe(true);
  });

  test('[DB68] a target with documents is refused unless told, and is as the export afterwards', async () => {
    const [from, to] = [client.db('from'), client.db('to')];
    await from.collection<{ _id: number }>('c').insertOne({ _id: 1 });
    const dump = join(root, 'dump');
    await exportDatabase(from, dump, watcher());
    await to.collection<{ _id: number }>('c').insertMany([{ _id: 1 }, { _id: 7 }]);
    await expect(importDatabase(to, { from: dump }, watcher())).rejects.toThrow('is not empty (c)');
    expect(await to.collection('c').countDocuments()).toBe(2);
    await importDatabase(to, { from: dump, drop: true }, watcher());
    expect(await to.collection('c').find().toArray()).toEqual([{ _id: 1 }]);
    await expect(exportDatabase(from, dump, watcher())).rejects.toThrow('no empty folder');
  });

  test('[DB68] a file that was cut or changed is named, whether its length fits or not', async () => {
    const from = client.db('from');
    await from.collection<{ _id: number; a: string }>('c').insertOne({ _id: 1, a: 'paid' });
    const dump = join(root, 'dump');
    await exportDatabase(from, dump, watcher());
    const path = join(dump, 'from', 'c.bson');
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.from(bytes.toString('latin1').replace('paid', 'owed'), 'latin1'));
    await expect(importDatabase(client.db('to'), { from: dump }, watcher())).rejects.toThrow(
      /^c: the file differs: 1 documents with hash/,
    );
    truncateSync(path, bytes.length - 3);
    await expect(importDatabase(client.db('to2'), { from: dump }, watcher())).rejects.toThrow(
      'ends in the middle',
    );
  });

  test('[DB68] a damaged export drops nothing: all files are read before the target is touched', async () => {
    const [from, to] = [client.db('from'), client.db('to')];
    for (const name of ['a', 'b']) await from.collection<{ _id: number }>(name).insertOne({ _id: 1 });
    await to.collection<{ _id: number }>('a').insertOne({ _id: 7 });
    const dump = join(root, 'dump');
    await exportDatabase(from, dump, watcher());
    truncateSync(join(dump, 'from', 'b.bson'), 3);
    const drop = { from: dump, drop: true };
    await expect(importDatabase(to, drop, watcher())).rejects.toThrow('b.bson ends in the middle');
    for (const ending of ['bson', 'metadata.json']) rmSync(join(dump, 'from', `b.${ending}`));
    await expect(importDatabase(to, drop, watcher())).rejects.toThrow('has no b, which its list');
    rmSync(dump, { recursive: true });
    await expect(importDatabase(to, drop, watcher())).rejects.toThrow(`There is no folder ${dump}`);
    expect(await to.collection('a').find().toArray()).toEqual([{ _id: 7 }]);
  });

  test('[DB68] a stopped export leaves nothing', async () => {
    const from = client.db('from');
    await from.collection('c').insertOne({});
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(exportDatabase(from, join(root, 'dump'), watcher(stopped))).rejects.toThrow('stopped');
    expect(readdirSync(root)).toEqual(['data']);
  });
});
