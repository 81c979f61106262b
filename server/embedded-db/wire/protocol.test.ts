// The protocol to the letter: checksums, flags, sections, the legacy handshake, slow readers.
import { serialize } from 'bson';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { failureOf, openTestDatabase, type TestDatabase } from '../test-support/test-database.ts';
import { Wire } from '../test-support/wire.ts';
import { crc32c } from './checksum.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const CHECKSUM = 1;
const EXHAUST_ALLOWED = 0x10000;

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

function opMsg(flags: number, ...sections: Buffer[]): Buffer {
  const head = Buffer.alloc(20);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(2013, 12);
  head.writeUInt32LE(flags, 16);
  const out = Buffer.concat([head, ...sections]);
  out.writeInt32LE(out.length + (flags & CHECKSUM ? 4 : 0), 0);
  return out;
}

function body(document: object): Buffer {
  return Buffer.concat([Buffer.from([0]), serialize(document)]);
}

function sequence(name: string, documents: object[]): Buffer {
  const rest = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((each) => serialize(each))]);
  const head = Buffer.alloc(5);
  head.writeUInt8(1, 0);
  head.writeInt32LE(rest.length + 4, 1);
  return Buffer.concat([head, rest]);
}

function opQuery(namespace: string, document: object): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32LE(2004, 12);
  const name = Buffer.from(`${namespace}\0`);
  const out = Buffer.concat([head, Buffer.alloc(4), name, Buffer.alloc(8, 0xff), serialize(document)]);
  out.writeInt32LE(out.length, 0);
  return out;
}

function signed(message: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32c(message), 0);
  return Buffer.concat([message, sum]);
}

async function replyTo(bytes: Buffer): Promise<Record<string, unknown>> {
  const wire = await Wire.connect(database.uri);
  wire.socket.write(bytes);
  const reply = await wire.reply();
  wire.close();
  return reply;
}

async function isClosedBy(bytes: Buffer): Promise<void> {
  const wire = await Wire.connect(database.uri);
  wire.socket.write(bytes);
  await wire.closed();
}

const ping = body({ ping: 1, $db: 'admin' });

describe('the protocol', () => {
  test('[DB73] a checksum is verified', async () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    const message = opMsg(CHECKSUM, ping);
    expect(await replyTo(signed(message))).toMatchObject({ ok: 1 });
    const wrong = signed(message);
    wrong.writeUInt8(wrong.readUInt8(30) ^ 1, 30);
    await isClosedBy(wrong);
  });

  test('[DB73] required flags that are not known close, optional ones do not', async () => {
    expect(await replyTo(opMsg(EXHAUST_ALLOWED, ping))).toMatchObject({ ok: 1 });
    for (const flag of [4, 0x8000]) await isClosedBy(opMsg(flag, ping));
  });

  test('[DB73] sections come in any order; a field that comes twice is refused', async () => {
    const insert = (name: string) => body({ insert: name, $db: 'sections' });
    const documents = sequence('documents', [{ _id: 1 }, { _id: 2 }]);
    expect(await replyTo(opMsg(0, documents, insert('a')))).toMatchObject({ n: 2, ok: 1 });
    expect(await replyTo(opMsg(0, insert('b'), documents))).toMatchObject({ n: 2, ok: 1 });
    await isClosedBy(opMsg(0, insert('c'), documents, documents));
    await isClosedBy(opMsg(0, body({ insert: 'c', documents: [{}], $db: 'sections' }), documents));
    await isClosedBy(opMsg(0, insert('c'), insert('c')));
    await isClosedBy(opMsg(0, documents));
    expect(await database.client.db('sections').collection('c').countDocuments()).toBe(0);
  });

  test('[DB73] the legacy form is for the handshake alone, compressed messages close', async () => {
    const wire = await Wire.connect(database.uri);
    wire.socket.write(opQuery('admin.$cmd', { isMaster: 1, helloOk: true }));
    expect(await wire.legacyReply()).toMatchObject({ ismaster: true, helloOk: true, ok: 1 });
    wire.socket.write(opQuery('test.$cmd', { find: 'c' }));
    expect(await wire.legacyReply()).toMatchObject({ ok: 0, code: 352 });
    wire.close();
    await isClosedBy(opQuery('test.c', {}));
    const compressed = opMsg(0, ping);
    compressed.writeInt32LE(2012, 12);
    await isClosedBy(compressed);
  });

  test('[DB73] messages beyond 48,000,000 bytes close, before they are read', async () => {
    const head = Buffer.alloc(16);
    head.writeInt32LE(48_000_001, 0);
    head.writeInt32LE(2013, 12);
    await isClosedBy(head);
  });
});

describe('many clients', () => {
  test('[DB74] one that never reads its replies is not served further, and costs the others nothing', async () => {
    const many = Array.from({ length: 6 }, (_, _id) => ({ _id, text: 'x'.repeat(500_000) }));
    await database.db.collection<{ _id: number }>('large').insertMany(many);
    const slow = await Wire.connect(database.uri);
    slow.socket.pause();
    const find = Wire.message({ find: 'large', $db: 'test' });
    const insert = Wire.message({ insert: 'read', documents: [{ _id: 1 }], $db: 'test' });
    slow.socket.write(Buffer.concat([find, find, find, insert]));
    const isServed = async () => (await database.db.collection('read').countDocuments()) === 1;
    // Far more turns than the four requests need.
    for (let turn = 0; turn < 150; turn++) expect(await isServed()).toBe(false);
    slow.socket.resume();
    await vi.waitFor(async () => expect(await isServed()).toBe(true), { timeout: 30_000, interval: 1 });
    slow.close();
  });

  test('[DB74] five hundred idle connections cost little, and the next is served', async () => {
    const before = process.memoryUsage().rss;
    const idle = await Promise.all(Array.from({ length: 500 }, () => Wire.connect(database.uri)));
    const [first] = idle;
    expect(await first?.command({ ping: 1, $db: 'admin' })).toMatchObject({ ok: 1 });
    // A client is connected before the server has taken the connection.
    const taken = async () => (await database.client.db('admin').command({ serverStatus: 1 }))['connections'];
    await expect.poll(async () => (await taken()).current).toBeGreaterThan(500);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
    for (const wire of idle) wire.close();
    expect(await failureOf(database.db.command({ noSuch: 1 }))).toMatchObject({ code: 59 });
  });
});
