// Malformed and hostile messages: the sender loses its connection at most, everybody else goes on.
import { serialize } from 'bson';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openTestDatabase, seededRandom, type TestDatabase } from '../test-support/test-database.ts';
import { Wire } from '../test-support/wire.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db.collection('kept').insertOne({ a: 1 });
});

afterAll(() => database.close());

function header(length: number, operation: number): Buffer {
  const out = Buffer.alloc(16);
  out.writeInt32LE(length, 0);
  out.writeInt32LE(operation, 12);
  return out;
}

describe('the wire', () => {
  test('[DB12] impossible lengths, operations and sections close only their connection', async () => {
    const ping = Wire.message({ ping: 1, $db: 'admin' });
    const badSection = Buffer.from(ping);
    badSection[20] = 7;
    const badFlags = Buffer.from(ping);
    badFlags.writeUInt32LE(0x80, 16);
    const badDocument = Buffer.from(ping);
    badDocument.writeInt32LE(2_000_000, 21);
    const hostile = [
      header(-5, 2013),
      header(3, 2013),
      header(2_000_000_000, 2013),
      header(16, 2013),
      header(16, 9999),
      badSection,
      badFlags,
      badDocument,
    ];
    for (const [i, bytes] of hostile.entries()) {
      const wire = await Wire.connect(database.uri);
      wire.socket.write(bytes);
      await wire.closed();
      expect(wire.socket.destroyed, String(i)).toBe(true);
    }
    expect(await database.db.collection('kept').countDocuments()).toBe(1);
  });

  test('[DB12] thousands of mutated messages leave the server serving', async () => {
    const random = seededRandom(21);
    const good = [
      Wire.message({
        find: 'kept',
        filter: { a: { $gt: 1, $in: [1, 'x', null] } },
        sort: { a: 1 },
        $db: 'test',
      }),
      Wire.message({ insert: 'mutants', documents: [{ a: [1, { b: 2 }], d: new Date(5) }], $db: 'test' }),
      Wire.message({ update: 'mutants', updates: [{ q: {}, u: { $push: { a: 5 } } }], $db: 'test' }),
      Wire.message({ aggregate: 'kept', pipeline: [{ $group: { _id: '$a' } }], cursor: {}, $db: 'test' }),
    ];
    for (let round = 0; round < 150; round++) {
      const wire = await Wire.connect(database.uri);
      for (let i = 0; i < 20 && !wire.socket.destroyed; i++) {
        const bytes = Buffer.from(good[Math.floor(random() * good.length)] as Buffer);
        for (let flips = 0; flips < 3; flips++) {
          // The length stays right, so that the mutation reaches the parser and the commands.
          bytes[4 + Math.floor(random() * (bytes.length - 4))] = Math.floor(random() * 256);
        }
        wire.socket.write(bytes);
      }
      wire.socket.end();
      await wire.closed();
    }
    expect(await database.db.collection('kept').countDocuments()).toBe(1);
  }, 60_000);

  test('[DB12] a body nested too deeply is refused', async () => {
    let deep: object = {};
    for (let i = 0; i < 300; i++) deep = { d: deep };
    const wire = await Wire.connect(database.uri);
    wire.socket.write(Wire.message({ find: 'kept', filter: deep, $db: 'test' }));
    await wire.closed();
    expect((await database.db.command({ ping: 1 }))['ok']).toBe(1);
  });

  test('[DB12] unacknowledged writes get no reply, messages in pieces are put together', async () => {
    const wire = await Wire.connect(database.uri);
    const quiet = Wire.message({ insert: 'quiet', documents: [{ q: 1 }], $db: 'test' }, 2);
    wire.socket.write(quiet.subarray(0, 3));
    wire.socket.write(quiet.subarray(3, 20));
    wire.socket.write(Buffer.concat([quiet.subarray(20), Wire.message({ count: 'quiet', $db: 'test' })]));
    expect(await wire.reply()).toMatchObject({ n: 1, ok: 1 });
    wire.close();
  });

  test('[DB12] documents beyond 16 MB are refused by code, the connection stays', async () => {
    const wire = await Wire.connect(database.uri);
    const huge = { _id: 1, text: 'x'.repeat(16 * 1024 * 1024) };
    expect(serialize(huge).length).toBeGreaterThan(16 * 1024 * 1024);
    wire.socket.write(Wire.message({ insert: 'huge', documents: [huge], $db: 'test' }));
    const reply = await wire.reply();
    expect(reply['writeErrors']).toMatchObject([{ code: 10334 }]);
    expect(await wire.command({ ping: 1, $db: 'admin' })).toMatchObject({ ok: 1 });
    wire.close();
  });
});
