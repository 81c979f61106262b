import { expect, test } from 'vitest';
import type { PreparedFrame } from '#server/base/live/connection/wire.ts';
import { PresenceBoard } from '#server/base/live/room/presence.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import { decodeFrame } from '#shared/base/live-frame.ts';
import { createHandTime } from '#tests/support/hand-time.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A seat that writes down what it is sent. */
function seatOf(clientId: number) {
  const told: unknown[] = [];
  const tell = (frame: PreparedFrame) => told.push((decodeFrame(frame.packet).data as unknown[])[1]);
  const wire = { send: tell, sendVolatile: tell, answer: () => {}, cut: () => {} };
  const actor = { memberId: 'm', name: 'n', companyName: 'c' };
  const seat = { clientId, wire, actor, judgement: { side: 'buyer' }, place: null };
  return { seat: seat as unknown as Seat, told };
}

test('[LV72] fifty carets that move all the time are one frame a window, the first of them at once', async () => {
  const { now, schedule, advance } = createHandTime();
  const people = Array.from({ length: 50 }, (_, at) => seatOf(at));
  const seats = new Set(people.map(({ seat }) => seat));
  const board = new PresenceBoard({ document: 'test/x', seats, now, schedule, windowMs: 15 });
  const reader = seatOf(50);
  seats.add(reader.seat);
  const allMove = (place: number) => {
    for (const { seat } of people) board.moved(seat, { place });
  };
  allMove(1);
  await turn();
  expect(reader.told).toHaveLength(1);
  for (let ms = 2; ms <= 15; ms += 1) {
    advance(1);
    allMove(ms);
    await turn();
  }
  expect(reader.told).toHaveLength(1);
  advance(1);
  await turn();
  expect(reader.told).toHaveLength(2);
  expect(reader.told[1]).toEqual({
    document: 'test/x',
    moved: people.map(({ seat }) => [seat.clientId, { place: 15 }]),
  });
});
