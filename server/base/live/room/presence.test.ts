import { expect, test } from 'vitest';
import type { PreparedFrame } from '#server/base/live/connection/wire.ts';
import { mostNamed, stillMs } from '#server/base/live/room/named-seats.ts';
import { PresenceBoard } from '#server/base/live/room/presence.ts';
import type { Seat } from '#server/base/live/room/seat.ts';
import type { PresenceFrame } from '#shared/base/live.ts';
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
  for (const seat of seats) board.came(seat);
  await turn();
  reader.told.length = 0;
  advance(15);
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

/** A seat, and whom its client believes to be there. */
type Listener = ReturnType<typeof seatOf> & { named: Set<number>; present: number };

/** Takes in all frames so far, as a client does. */
function hear(listener: Listener): void {
  for (const frame of listener.told.splice(0) as PresenceFrame[]) {
    for (const clientId of frame.left ?? []) listener.named.delete(clientId);
    for (const { clientId } of frame.came ?? []) listener.named.add(clientId);
    listener.present = frame.present ?? listener.present;
  }
}

/** A room, what its people show, and whom they believe to be there. */
function crowd() {
  const { now, schedule, advance } = createHandTime();
  const seats = new Set<Seat>();
  const board = new PresenceBoard({ document: 'test/x', seats, now, schedule, windowMs: 15 });
  const people = new Map<number, Listener>();
  return {
    people,
    come(clientId: number) {
      const one = seatOf(clientId);
      seats.add(one.seat);
      const named = new Set(board.came(one.seat).map((person) => person.clientId));
      people.set(clientId, { ...one, named, present: 0 });
    },
    go(clientId: number) {
      const one = people.get(clientId);
      people.delete(clientId);
      if (one === undefined) return;
      seats.delete(one.seat);
      board.left(one.seat);
    },
    move(clientId: number) {
      const one = people.get(clientId);
      if (one !== undefined) board.moved(one.seat, { row: clientId });
    },
    /** Everything that is on its way arrives. */
    async settle() {
      for (let step = 0; step < 20; step += 1) {
        await turn();
        advance(15);
      }
      await turn();
      for (const person of people.values()) hear(person);
    },
    pass: advance,
  };
}

/** What each of a crowd sees, oneself left out: whom by name, and how many more. */
function seen(people: ReturnType<typeof crowd>['people']) {
  return Array.from(people, ([own, { named, present }]) => {
    const others = named.difference(new Set([own]));
    return { others, more: Math.max(0, present - 1 - others.size) };
  });
}

test('[LV125] of a crowd sixty-four are named, and everybody knows how many more there are, however they come and go', async () => {
  const { people, come, go, settle } = crowd();
  const isTrue = () => {
    for (const { others, more } of seen(people)) {
      expect(others.size + more).toBe(people.size - 1);
      expect(others.size).toBeLessThanOrEqual(mostNamed);
      for (const clientId of others) expect(people.has(clientId)).toBe(true);
    }
  };
  for (let round = 0; round < 5; round += 1) {
    for (let at = 0; at < 25; at += 1) come(round * 25 + at);
    await settle();
    isTrue();
  }
  for (let clientId = 0; clientId < 120; clientId += 1) {
    go(clientId);
    // The last of them one by one, so that the room is a small one again.
    if (clientId % 20 === 0 || (clientId > 57 && clientId < 65)) {
      await settle();
      isTrue();
    }
  }
  expect(seen(people).map(({ more }) => more)).toEqual([0, 0, 0, 0, 0]);
});

test('[LV125] who moves in a crowd is named in place of who has long been still', async () => {
  const { people, come, move, settle, pass } = crowd();
  for (let clientId = 0; clientId < 100; clientId += 1) come(clientId);
  await settle();
  move(99);
  await settle();
  expect(people.get(5)?.named.has(99)).toBe(false);
  pass(stillMs);
  move(0);
  move(99);
  await settle();
  expect(people.get(5)?.named.has(99)).toBe(true);
  expect(people.get(5)?.named.has(0)).toBe(true);
  expect(people.get(5)?.named.has(1)).toBe(false);
  expect(people.get(5)?.named.size).toBe(mostNamed);
});

test('[LV125] five hundred who come back cost each of them a few kilobytes, not five hundred names', async () => {
  const { people, come, settle } = crowd();
  for (let clientId = 0; clientId < 500; clientId += 1) {
    come(clientId);
    if (clientId % 20 === 19) await turn();
  }
  const first = people.get(0);
  const frames = (first?.told ?? []) as PresenceFrame[];
  expect(frames.flatMap(({ came = [] }) => came).length).toBeLessThanOrEqual(mostNamed);
  await settle();
  expect(first?.named.size).toBe(mostNamed);
  expect(first?.present).toBe(500);
});

test('[LV30] whom the answer to a join named and who is gone before being announced is gone for the joiner too', async () => {
  const { people, come, go, settle } = crowd();
  come(1);
  await settle();
  come(2);
  come(3);
  go(2);
  await settle();
  expect([...(people.get(3)?.named ?? [])]).toEqual([1, 3]);
});
