import type { Socket } from 'socket.io';
import { expect, test } from 'vitest';
import { SocketWire, unreadBytes } from '#server/base/live/connection/socket-wire.ts';
import { prepareFrame } from '#server/base/live/connection/wire.ts';
import { decodeFrame } from '#shared/base/live-frame.ts';

const frame = prepareFrame('presence', { document: 'test/x', left: [1] });

/** A wire over a WebSocket that only writes down. */
function fakeWire() {
  const writes: Buffer[] = [];
  const state = { isCut: false };
  const webSocket = {
    readyState: 1,
    bufferedAmount: 0,
    terminate: () => {
      state.isCut = true;
    },
    on: () => undefined,
    once: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    _sender: { sendFrame: (parts: Buffer[]) => writes.push(...parts) },
  };
  const engine = {
    readyState: 'open',
    transport: { socket: webSocket },
    writeBuffer: [] as unknown[],
    write: (packet: Uint8Array) => engine.writeBuffer.push(packet),
    close: () => {
      engine.readyState = 'closed';
    },
  };
  const wire = new SocketWire({ conn: engine } as unknown as Socket);
  return { wire, writes, webSocket, engine, state };
}

/** The packets in bytes of short WebSocket messages. */
function packetsIn(bytes: Buffer): unknown[] {
  const packets: unknown[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at + 1] ?? 0;
    packets.push(decodeFrame(bytes.subarray(at + 2, at + 2 + length)).data);
    at += 2 + length;
  }
  return packets;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('[LV71] all answers of a turn are one write, each its own message, in their order', async () => {
  const { wire, writes } = fakeWire();
  // As after a commit: promises that resolve in one turn.
  await Promise.all([1, 2, 3].map(async (id) => wire.answer(id, { ok: true, seq: id })));
  await turn();
  expect(writes).toHaveLength(1);
  expect(packetsIn(writes[0] ?? Buffer.alloc(0))).toEqual([1, 2, 3].map((seq) => [{ ok: true, seq }]));
});

test('[LV71] an answer comes before every later frame', async () => {
  const { wire, writes } = fakeWire();
  wire.answer(1, { ok: true, seq: 1 });
  wire.send(frame);
  wire.answer(2, { ok: true, seq: 2 });
  await turn();
  expect(writes.flatMap(packetsIn)).toEqual([
    [{ ok: true, seq: 1 }],
    ['presence', { document: 'test/x', left: [1] }],
    [{ ok: true, seq: 2 }],
  ]);
});

test('[LV71] answers overtake nothing that waits in front of the WebSocket', async () => {
  const { wire, writes, engine } = fakeWire();
  engine.writeBuffer.push('a heartbeat');
  wire.answer(1, { ok: true });
  wire.answer(2, { ok: true });
  await turn();
  expect(writes).toEqual([]);
  expect(engine.writeBuffer).toHaveLength(3);
});

test('[LV73] presence is dropped long before a connection is cut, and answers count as unread too', async () => {
  const { wire, writes, webSocket, state } = fakeWire();
  webSocket.bufferedAmount = 100 * 1024;
  wire.sendVolatile(frame);
  expect(writes).toHaveLength(0);
  wire.send(frame);
  expect(writes).toHaveLength(1);
  webSocket.bufferedAmount = unreadBytes - 1_000;
  wire.answer(1, { ok: true, updates: [new Uint8Array(2_000)] });
  expect(state.isCut).toBe(false);
  await turn();
  expect(state.isCut).toBe(true);
  expect(writes).toHaveLength(1);
});
