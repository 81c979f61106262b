// Serving on TCP and further sockets: who gets in, and where it refuses to listen.
import { rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isLoopback } from '../place.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../start.ts';
import { failureOf, temporaryDirectory } from '../test-support/test-database.ts';
import { Wire } from '../test-support/wire.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const user = { name: 'ann, the admin=1', password: 'pass,word=ⅨÄ' };

let dataDir: string;
let database: EmbeddedDatabase;
let tcp: string;
let socket: string;

beforeAll(async () => {
  dataDir = temporaryDirectory();
  const listen = [{ host: '127.0.0.1', port: 0 }, { path: join(dataDir, 'other.sock') }];
  database = await startEmbeddedDatabase({ dataDir, listen, user });
  [tcp = '', socket = ''] = database.furtherUris;
});

afterAll(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function connect(uri: string, password: string, extra: object = {}): MongoClient {
  const auth = { username: user.name, password };
  return new MongoClient(uri, { auth, authSource: 'admin', serverSelectionTimeoutMS: 5_000, ...extra });
}

describe('a database with a password', () => {
  test('[DB71] the driver logs in over TCP and the socket, with and without naming the mechanism', async () => {
    for (const [uri, extra] of [
      [tcp, {}],
      [socket, { authMechanism: 'SCRAM-SHA-256' }],
    ] as const) {
      const client = connect(uri, user.password, extra);
      await client.db('x').collection('c').insertOne({ a: 1 });
      const status = await client.db('admin').command({ connectionStatus: 1 });
      expect(status['authInfo'].authenticatedUsers).toEqual([{ user: user.name, db: 'admin' }]);
      await client.close();
    }
    expect(statSync(join(dataDir, 'other.sock')).mode & 0o777).toBe(0o600);
  });

  test('[DB71] a wrong password is 18, a wrong database too', async () => {
    const wrong = connect(tcp, 'pass,word=IXA');
    expect(await failureOf(wrong.db('x').command({ ping: 1 }))).toMatchObject({ code: 18 });
    await wrong.close();
    const elsewhere = connect(tcp, user.password, { authSource: 'x' });
    expect(await failureOf(elsewhere.db('x').command({ ping: 1 }))).toMatchObject({ code: 18 });
    await elsewhere.close();
  });

  test('[DB71] strangers get 13 for everything but the handshake, and no large messages', async () => {
    const wire = await Wire.connect(tcp.replace(/\/\/.*@/, '//'));
    const hello = await wire.command({ hello: 1, saslSupportedMechs: 'admin.ann', $db: 'admin' });
    expect(hello['saslSupportedMechs']).toEqual(['SCRAM-SHA-256']);
    expect(hello['speculativeAuthenticate']).toBeUndefined();
    expect(await wire.command({ ping: 1, $db: 'admin' })).toMatchObject({ ok: 1 });
    const refused = [
      { find: 'c' },
      { insert: 'c', documents: [{}] },
      { serverStatus: 1 },
      { noSuchCommand: 1 },
    ];
    for (const command of refused) {
      const failure = await failureOf(wire.command({ ...command, $db: 'x' }));
      expect(failure).toMatchObject({
        code: 13,
        codeName: 'Unauthorized',
        message: `Command ${Object.keys(command)[0]} requires authentication`,
      });
    }
    const sha1 = { saslStart: 1, mechanism: 'SCRAM-SHA-1', payload: 'biws', $db: 'admin' };
    expect(await failureOf(wire.command(sha1))).toMatchObject({ code: 334 });
    wire.socket.write(Wire.message({ ping: 1, text: 'x'.repeat(70_000), $db: 'admin' }));
    await wire.closed();
  });

  test('[DB71] many who never log in keep nobody else out', async () => {
    const { hostname, port } = new URL(tcp.replace('mongodb:', 'http:'));
    const idle = Array.from({ length: 1_050 }, () => createConnection(Number(port), hostname));
    const ends = idle.map((each) => new Promise((settle) => each.on('error', settle).on('close', settle)));
    await Promise.race(ends);
    const client = new MongoClient(database.uri);
    expect(await client.db('x').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    for (const each of idle) each.destroy();
    await Promise.all(ends);
    const later = connect(tcp, user.password);
    expect(await later.db('x').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await later.close();
  });

  test('[DB71] the private socket asks nobody: its file lets in who may read the data itself', async () => {
    const client = new MongoClient(database.uri);
    expect(await client.db('x').collection('c').countDocuments({ a: 1 })).toBeGreaterThan(0);
    await client.close();
  });
});

describe('listening', () => {
  test('[DB72] other machines are let in only with a password and when told to, and the refusal says why', async () => {
    const outside = { dataDir, listen: [{ host: '0.0.0.0', port: 0 }] };
    const open = await failureOf(startEmbeddedDatabase(outside));
    expect(open.message).toMatch(/0\.0\.0\.0 without a password: whoever reaches this address/);
    const alsoOpen = await failureOf(startEmbeddedDatabase({ ...outside, beyondLoopback: true }));
    expect(alsoOpen.message).toMatch(/without a password/);
    const untold = await failureOf(startEmbeddedDatabase({ ...outside, user }));
    expect(untold.message).toMatch(/not encrypted.*--beyond-loopback/);
  });

  test('[DB72] only addresses of this machine count as loopback', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1', 'localhost']) {
      expect(isLoopback(host), host).toBe(true);
    }
    const others = [
      '0.0.0.0',
      '::',
      '10.0.0.1',
      '128.0.0.1',
      '::2',
      '1::1',
      'example.org',
      '127.0.0.1.org',
      '',
    ];
    for (const host of others) expect(isLoopback(host), host).toBe(false);
  });
});
