/** Frames that are refused before anything of them is decoded, and connections that would take another's place. */
import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultPaces } from '#server/base/live/connection/person.ts';
import { createId } from '#shared/base/ids.ts';
import { livePath } from '#shared/base/live.ts';
import { encodeFrame, packetKinds } from '#shared/base/live-frame.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { openTab } from '#tests/support/live-tab.ts';
import { greetRaw, openRaw } from '#tests/support/raw-socket.ts';

let hub: LiveHub;

beforeEach(async () => {
  hub = await startLiveHub();
});
afterEach(() => hub.stop());

test('[LV1, LV58] no second WebSocket takes over a connection, wherever its page is from', async () => {
  const tab = await openTab(hub, hub.addPerson('Ada').token);
  const { engine } = tab.socket.io as unknown as { engine: { id: string } };
  for (const headers of [[], ['Origin: http://evil.example']]) {
    const { socket, greeting } = await openRaw(hub.port, `&sid=${engine.id}`, headers);
    expect(greeting).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  }
  const asked = request(`${hub.address}${livePath}/?EIO=4&transport=websocket&sid=${engine.id}`).end();
  const [response] = await once(asked, 'response');
  expect(response.statusCode).toBe(400);
  response.resume();
  expect(await tab.ask('leave', { document: `test/${createId()}` })).toEqual({ ok: true });
});

const many = Array.from({ length: 10_000 }, (_, at) => at % 50);
const { connect: asks, disconnect: parts, event: says, ack: answers } = packetKinds;

test.each([
  ['a message', encodeFrame({ type: says, nsp: '/', id: 1, data: ['leave', { document: 'test/x' }] })],
  ['a goodbye', encodeFrame({ type: parts, nsp: '/' })],
  ['a greeting to another namespace', encodeFrame({ type: asks, nsp: '/x', data: { token: 'x' } })],
  ['a greeting larger than any token', encodeFrame({ type: asks, nsp: '/', data: { token: 'x', many } })],
  ['an answer', encodeFrame({ type: answers, nsp: '/', id: 1, data: [1] })],
])('[LV59] %s before the greeting closes the connection', async (_, frame) => {
  const { socket, send } = await openRaw(hub.port);
  const closed = once(socket, 'close');
  socket.resume();
  send(frame);
  await closed;
});

test.each([
  ['a second greeting', encodeFrame({ type: asks, nsp: '/', data: { token: 'x' } })],
  ['a greeting to another namespace', encodeFrame({ type: asks, nsp: '/x', data: {} })],
  ['a message to another namespace', encodeFrame({ type: says, nsp: '/x', data: ['leave', {}] })],
  ['an answer nobody asked for', encodeFrame({ type: answers, nsp: '/', id: 1, data: [1] })],
  ['a message of too many values', encodeFrame({ type: says, nsp: '/', data: ['leave', many] })],
])('[LV59] %s closes the connection of a person too', async (_, frame) => {
  const { socket, send } = await greetRaw(hub.port, hub.addPerson('Eve').token);
  const closed = once(socket, 'close');
  socket.resume();
  send(frame);
  await closed;
});

test.each([
  ['unknown messages', 0x82, encodeFrame({ type: says, nsp: '/', data: ['nothing'] })],
  ['heartbeats', 0x81, Buffer.from('3')],
  ['pings', 0x89, Buffer.from('')],
])('[LV59] a flood of %s is cut, also where it waits for no answer', async (_, opcode, frame) => {
  const { socket, send } = await greetRaw(hub.port, hub.addPerson('Eve').token);
  const { messagesOfSocket, refusalsBeforeCut } = defaultPaces;
  const closed = once(socket, 'close');
  socket.resume();
  for (let at = 0; at <= messagesOfSocket.burst + refusalsBeforeCut; at += 1) send(frame, opcode);
  await closed;
});
