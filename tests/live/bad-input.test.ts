/** Every kind of bad input over a real socket: refused by name, the process goes on, the other party notices nothing. */
import * as encoding from 'lib0/encoding';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createId } from '#shared/base/ids.ts';
import { liveLimits, liveVersion } from '#shared/base/live.ts';
import { encodeFrame, packetKinds } from '#shared/base/live-frame.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { type LiveTab, openTab } from '#tests/support/live-tab.ts';
import { anyItem, garbage, textItem, updateOf } from '#tests/support/update-bytes.ts';

let hub: LiveHub;
let document: string;
let eve: LiveTab;
let bo: LiveTab;

beforeAll(async () => {
  hub = await startLiveHub();
});
afterAll(() => hub.stop());

beforeEach(async () => {
  document = `test/${createId()}`;
  const [eva, bob] = [hub.addPerson('Eve', 'buyer'), hub.addPerson('Bo', 'supplier')];
  hub.setRight(document, eva.actor.memberId, { side: 'buyer' });
  hub.setRight(document, bob.actor.memberId, { side: 'supplier' });
  eve = await openTab(hub, eva.token);
  bo = await openTab(hub, bob.token);
  await eve.enter(document);
  await bo.enter(document);
  bo.doc.getText('t').insert(0, 'mine');
  await bo.pushEdits(document);
  await eve.seen('updates');
});

/** The other party goes on as if nothing had happened, and so does the hub. */
afterEach(async () => {
  expect(bo.received.filter((one) => one.name === 'closed')).toEqual([]);
  bo.doc.getText('t').insert(0, 'still ');
  const seq = await bo.pushEdits(document);
  const log = await hub.storage.entriesAfter(document, 0, 1_000);
  expect(log.at(-1)).toMatchObject({ seq, side: 'supplier' });
  expect(bo.doc.getText('t').toString()).toContain('still ');
  expect(bo.socket.connected).toBe(true);
  expect(hub.engine.ready()).toBe(true);
  expect(hub.logged).toEqual([]);
  eve.socket.disconnect();
  bo.socket.disconnect();
});

const wrong = { ok: false, code: 'input.invalid' };

describe('messages', () => {
  test.each([
    ['join', null],
    ['join', undefined],
    ['join', 'document'],
    ['join', []],
    ['join', { version: liveVersion }],
    ['join', { version: liveVersion, document: 5, clientId: 1 }],
    ['join', { version: liveVersion, document: { $ne: '' }, clientId: 1 }],
    ['join', { version: liveVersion, document: 'test/../etc', clientId: 1 }],
    ['join', { version: liveVersion, document: `test/${'x'.repeat(500)}`, clientId: 1 }],
    ['join', { version: liveVersion, document: 'test/x', clientId: -1 }],
    ['join', { version: liveVersion, document: 'test/x', clientId: 1.5 }],
    ['join', { version: liveVersion, document: 'test/x', clientId: 2 ** 32 }],
    ['join', { version: liveVersion, document: 'test/x', clientId: 1, memberId: 'someone' }],
    ['join', { version: liveVersion, document: 'test/x', clientId: 1, earlierClientIds: Array(65).fill(1) }],
    ['join', { version: '1', document: 'test/x', clientId: 1 }],
    ['push', null],
    ['push', { document: 'test/x' }],
    ['push', { document: 'test/x', update: 'text' }],
    ['push', { document: 'test/x', update: [1, 2, 3] }],
    ['push', { document: 'test/x', update: new Uint8Array(2), side: 'supplier' }],
    ['presence', { document: 'test/x' }],
    ['presence', { document: 'test/x', place: 'here' }],
    ['presence', { document: 'test/x', place: {}, name: 'Bo' }],
    ['leave', 7],
    ['updates', { document: 'test/x', seq: 1, updates: [] }],
    ['constructor', {}],
    ['toString', null],
  ])('[LV3] %s %j is input.invalid', async (name, message) => {
    expect(await eve.ask(name, message)).toEqual(wrong);
  });

  test('[LV3] a message without acknowledgement, with nothing, and with too much, is borne', async () => {
    const socket = eve.socket as unknown as { emit: (...args: unknown[]) => void };
    for (const name of ['join', 'push', 'presence', 'leave', 'nothing']) {
      socket.emit(name);
      socket.emit(name, null);
      socket.emit(name, {}, {}, {});
      socket.emit(name, 'not a function', 'nor this');
    }
    expect(await eve.ask('leave', { document })).toEqual({ ok: true });
  });

  test('[LV38] another version is named, whatever else it says', async () => {
    const other = { ok: false, code: 'live.protocolUnknown' };
    expect(await eve.ask('join', { version: liveVersion + 1, shape: 'unknown' })).toEqual(other);
    expect(await eve.join(document, { version: 0 })).toEqual(other);
  });

  test('[LV3] push and presence in a document not joined are live.notJoined', async () => {
    const [foreign, absent] = [`test/${createId()}`, `nothing/${createId()}`];
    hub.setRight(foreign, createId(), {});
    for (const name of [foreign, absent]) {
      expect(await eve.push(name, updateOf([]))).toEqual({ ok: false, code: 'live.notJoined' });
      expect(await eve.ask('presence', { document: name, place: null })).toEqual({
        ok: false,
        code: 'live.notJoined',
      });
      expect(await eve.ask('leave', { document: name })).toEqual({ ok: true });
    }
  });

  test('[LV5] unknown and foreign documents are answered alike', async () => {
    const foreign = `test/${createId()}`;
    hub.setRight(foreign, createId(), {});
    const before = hub.engine.roomCount();
    const answers = await Promise.all(
      [foreign, `test/${createId()}`, `unknown-kind/${createId()}`, 'test/a/b/c'].map((name) =>
        eve.join(name),
      ),
    );
    expect(answers).toEqual(Array(4).fill({ ok: false, code: 'thing.absent' }));
    expect(hub.engine.roomCount()).toBe(before);
  });
});

describe('updates', () => {
  /** Pushes as Eve under her own id, after what is there. */
  async function refusalOf(update: Uint8Array): Promise<string> {
    const length = (await hub.storage.entriesAfter(document, 0, 100)).length;
    const answer = await eve.push(document, update);
    expect((await hub.storage.entriesAfter(document, 0, 100)).length).toBe(length);
    return answer.ok ? 'taken' : answer.code;
  }

  const own = (...structs: Parameters<typeof updateOf>[0][number]['structs']) =>
    updateOf([{ client: eve.doc.clientID, structs }]);

  test('[LV10] V2', async () => {
    const doc = new Y.Doc();
    doc.clientID = eve.doc.clientID;
    doc.getMap('m').set('a', 'b');
    expect(await refusalOf(Y.encodeStateAsUpdateV2(doc))).toBe('live.encodingRefused');
  });

  test('[LV12] under another person’s id, as text and as poison', async () => {
    const client = bo.doc.clientID;
    const text = textItem('!', { origin: [client, 3] });
    expect(await refusalOf(updateOf([{ client, clock: 4, structs: [text] }]))).toBe('live.foreignClient');
    expect(await refusalOf(updateOf([{ client, clock: 4, structs: [garbage(2 ** 40)] }]))).toBe(
      'live.foreignClient',
    );
  });

  test('[LV13] with a clock that jumps', async () => {
    const jump = updateOf([{ client: eve.doc.clientID, clock: 9, structs: [textItem('x')] }]);
    expect(await refusalOf(jump)).toBe('live.clockGap');
    expect(await refusalOf(own(garbage(2 ** 45)))).toBe('live.clockGap');
  });

  test('[LV15] with unknown parents, thousands of them', async () => {
    expect(await refusalOf(own(textItem('x', { parent: [4_000, 0] })))).toBe('live.unknownReference');
    const many = Array.from({ length: 4_000 }, (_, at) => textItem('x', { parent: [5_000 + at, 0] }));
    expect(await refusalOf(own(...many))).toBe('live.unknownReference');
  });

  test('[LV17] with __proto__ as a key, and as bytes that are nothing', async () => {
    expect(await refusalOf(own(anyItem([{ role: 'owner' }], { root: 'm', key: '__proto__' })))).toBe(
      'live.malformed',
    );
    expect(await refusalOf(Uint8Array.of(1, 2, 3))).toBe('live.malformed');
    expect(await refusalOf(new Uint8Array())).toBe('live.malformed');
  });

  test('[LV11] larger than allowed, in a frame that is not', async () => {
    expect(await refusalOf(own(textItem('x'.repeat(liveLimits.updateBytes))))).toBe('live.tooLarge');
  });
});

describe('frames', () => {
  const gone = () => new Promise<string>((resolve) => eve.socket.once('disconnect', resolve));

  /** Sends a message of the WebSocket as it is. */
  function sendRaw(data: string | Uint8Array): void {
    const { engine } = eve.socket.io as unknown as {
      engine: { transport: { ws: { send: (data: unknown) => void } } };
    };
    engine.transport.ws.send(data);
  }

  test.each([
    ['text of Socket.IO', '42["push",{}]'],
    ['text of an Engine.IO message', '4nothing'],
    ['one byte', Uint8Array.of(2)],
    ['an unknown kind', encodeFrame({ type: 6, nsp: '/', data: ['x'] })],
    ['a placeholder packet', '451-["push",{"_placeholder":true,"num":0}]'],
    ['a reserved name', encodeFrame({ type: packetKinds.event, nsp: '/', data: ['error', 'boom'] })],
    [
      '__proto__',
      encodeFrame({ type: packetKinds.event, nsp: '/', data: ['join', JSON.parse('{"__proto__":1}')] }),
    ],
  ])('[LV4] %s closes this connection alone', async (_, data) => {
    const closed = gone();
    sendRaw(data);
    await closed;
  });

  test('[LV4] a frame larger than any message closes this connection alone', async () => {
    const closed = gone();
    const encoder = encoding.createEncoder();
    encoding.writeUint8Array(encoder, new Uint8Array(liveLimits.updateBytes + 16 * 1024));
    sendRaw(encoding.toUint8Array(encoder));
    await closed;
  });
});
