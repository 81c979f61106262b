import { describe, expect, test } from 'vitest';
import { ByteReader, BytesError } from '#shared/base/byte-reader.ts';
import { decodeFrame, decodeLoad, encodeFrame, encodeLoad, packetKinds } from '#shared/base/live-frame.ts';
import { liveParser } from '#shared/base/live-parser.ts';

const { connect, disconnect, event, ack, connectError } = packetKinds;

describe('frames', () => {
  test.each([
    { type: connect, nsp: '/', data: { token: 'abc' } },
    { type: connect, nsp: '/other', data: undefined },
    { type: disconnect, nsp: '/', data: undefined },
    { type: event, nsp: '/', id: 0, data: ['push', { document: 'a/b', update: Uint8Array.of(0, 255, 128) }] },
    {
      type: event,
      nsp: '/',
      data: ['é👋', null, true, false, 0, -1, 63, 64, -64, 2 ** 31, -(2 ** 40), 1.25, 'x'],
    },
    {
      type: event,
      nsp: '/',
      data: ['nested', { list: [[], {}, { a: [new Uint8Array(0)] }], none: undefined }],
    },
    { type: ack, nsp: '/', id: 4_000_000_000, data: [{ ok: true, seq: Number.MAX_SAFE_INTEGER }] },
    { type: connectError, nsp: '/', data: { message: 'session.expired', data: { code: 'session.expired' } } },
  ])('[LV4] a packet comes back as it was: $type $data', (packet) => {
    expect(decodeFrame(encodeFrame(packet))).toEqual(packet);
  });

  test.each([
    ['an unknown kind', { type: 5, nsp: '/', data: ['x'] }],
    ['an event that is no list', { type: event, nsp: '/', data: { 0: 'push' } }],
    ['an event without a name', { type: event, nsp: '/', data: [1] }],
    ['an event named error, which an emitter would throw', { type: event, nsp: '/', data: ['error'] }],
    ['an event named disconnect', { type: event, nsp: '/', data: ['disconnect'] }],
    ['an acknowledgement of nothing', { type: ack, nsp: '/', data: [1] }],
    ['an acknowledgement that is no list', { type: ack, nsp: '/', id: 1, data: { length: 1 } }],
    ['a goodbye with content', { type: disconnect, nsp: '/', data: 1 }],
    ['a token list', { type: connect, nsp: '/', data: ['token'] }],
    ['a namespace without end', { type: event, nsp: `/${'x'.repeat(100)}`, data: ['x'] }],
  ])('[LV4] %s is no packet', (_, packet) => {
    expect(() => decodeFrame(encodeFrame(packet))).toThrow(BytesError);
  });

  test('[LV4] every cut of a frame, and every byte too many, is refused', () => {
    const frame = encodeFrame({
      type: event,
      nsp: '/',
      id: 7,
      data: ['push', { update: Uint8Array.of(1, 2, 3), n: 1.5 }],
    });
    for (let length = 0; length < frame.length; length += 1) {
      expect(() => decodeFrame(frame.subarray(0, length)), `cut at ${length}`).toThrow(BytesError);
    }
    expect(() => decodeFrame(Uint8Array.of(...frame, 0))).toThrow(BytesError);
  });

  test('[LV4] a length beyond the frame reads nothing of what lies behind it in memory', () => {
    const memory = new Uint8Array(64).fill(65);
    const frame = encodeFrame({ type: event, nsp: '/', data: ['push', Uint8Array.of(1, 2)] });
    memory.set(frame);
    const lengthAt = frame.length - 3;
    expect(memory[lengthAt]).toBe(2);
    memory[lengthAt] = 20;
    expect(() => decodeFrame(memory.subarray(0, frame.length))).toThrow(BytesError);
  });

  test('[LV4] bytes are copied out, so that no frame keeps a pool alive', () => {
    const frame = Buffer.from(encodeFrame({ type: event, nsp: '/', data: ['push', Uint8Array.of(1, 2)] }));
    const { data } = decodeFrame(frame);
    const [, bytes] = data as [string, Uint8Array];
    expect(bytes.constructor).toBe(Uint8Array);
    expect(bytes.buffer.byteLength).toBe(2);
  });

  test('[LV3, LV4] __proto__ keys, deep nesting, false counts and big integers are refused', () => {
    const hostile = [
      encodeFrame({ type: event, nsp: '/', data: ['join', JSON.parse('{"__proto__":{"admin":true}}')] }),
      encodeFrame({ type: event, nsp: '/', data: ['join', 2n ** 60n] }),
      Uint8Array.of(event, 0, 0, ...new Uint8Array(100_000).map((_, at) => (at % 2 === 0 ? 117 : 1)), 126),
      Uint8Array.of(event, 0, 0, 117, 255, 255, 255, 127, 119, 0),
      Uint8Array.of(event, 0, 0, 118, 255, 255, 255, 127),
      Uint8Array.of(event, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0),
      Uint8Array.of(event, 0, 0, 117, 1, 119, 1, 0xff),
    ];
    for (const frame of hostile) expect(() => decodeFrame(frame)).toThrow(BytesError);
  });

  test('[LV4] the parser takes bytes in either form, and no text', () => {
    const decoder = new liveParser.Decoder();
    const seen: unknown[] = [];
    const listen = (packet: unknown) => seen.push(packet);
    decoder.on('decoded', listen);
    const [frame = new Uint8Array()] = new liveParser.Encoder().encode({
      type: event,
      nsp: '/',
      data: ['x'],
    });
    decoder.add(frame);
    decoder.add(frame.slice().buffer);
    expect(seen).toEqual([decodeFrame(frame), decodeFrame(frame)]);
    expect(() => decoder.add('2["x"]')).toThrow(BytesError);
    decoder.off('decoded', listen);
    decoder.add(frame);
    expect(seen).toHaveLength(2);
  });
});

test('[LV3, LV4] 10,000 damaged frames are packets or refused, and nothing else happens', () => {
  const message = {
    document: 'plan/x/shared',
    update: new Uint8Array(20),
    place: { row: [1, { a: null }], at: 1.5 },
  };
  const frame = encodeFrame({ type: event, nsp: '/', id: 3, data: ['push', message] });
  let seed = 1;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 10_000; round += 1) {
    const damaged = Uint8Array.from(frame);
    for (let times = 1 + next(4); times > 0; times -= 1) damaged[next(damaged.length)] = next(256);
    try {
      expect(decodeFrame(damaged).nsp).toBeTypeOf('string');
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
    }
  }
  expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
});

describe('the body of a load', () => {
  test('[LV26] updates come back one by one; a cut body is refused', () => {
    const updates = [new Uint8Array(0), Uint8Array.of(1, 2), new Uint8Array(70_000).fill(7)];
    const body = encodeLoad(updates);
    expect(decodeLoad(body)).toEqual(updates);
    expect(decodeLoad(new Uint8Array(0))).toEqual([]);
    expect(() => decodeLoad(body.subarray(0, body.length - 1))).toThrow(BytesError);
  });
});

test('[LV4] integers are read up to the largest safe one, and no further', () => {
  const largest = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 15);
  expect(new ByteReader(largest).uint()).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => new ByteReader(Uint8Array.of(128, 128, 128, 128, 128, 128, 128, 16)).uint()).toThrow(
    BytesError,
  );
});
