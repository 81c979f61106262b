import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { Desk } from '#server/base/live/connection/desk.ts';
import { type Connection, defaultPaces, People } from '#server/base/live/connection/person.ts';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import { Rights } from '#server/base/live/rights/rights.ts';
import { Rooms } from '#server/base/live/room/rooms.ts';
import { commitsAtOnce } from '#tests/support/commits-at-once.ts';
import { createHandTime } from '#tests/support/hand-time.ts';

const actor: Actor = {
  sessionId: 's',
  memberId: 'ada',
  name: 'Ada',
  companyId: 'c',
  companyName: 'C',
  role: 'member',
};
const join = { version: 1, document: 'test/x', clientId: 5 } as const;

/** A desk in front of a room that takes `tookMs` for every answer about rights. */
function slowDesk(tookMs: number) {
  const time = createHandTime();
  const asked = { times: 0, after: (): void => undefined };
  const judge = async () => {
    asked.times += 1;
    if (asked.times > 50) throw new Error('asked without end');
    time.advance(tookMs);
    asked.after();
    return { mayWrite: true, side: 'buyer', relationshipId: 'r' } as const;
  };
  const { now, schedule } = time;
  const log = pino({ enabled: false });
  const storage = createMemoryStorage();
  const rights = new Rights([{ kind: 'test', judge }], now);
  const rooms = new Rooms({ storage, commits: commitsAtOnce(storage, { now }), rights, log, now, schedule });
  const people = new People(defaultPaces, now);
  const wire = { send: () => {}, sendVolatile: () => {}, answer: () => {}, hold: () => {}, cut: () => {} };
  const connection = people.connect(actor, wire) as Connection;
  return { desk: new Desk({ rooms, rights, now }), people, connection, asked };
}

test('[LV9] a join whose answers always come too late is sent away, not judged for ever', async () => {
  const { desk, connection, asked } = slowDesk(1_100);
  await expect(desk.join(connection, join)).rejects.toThrow('rate.limited');
  expect(asked.times).toBe(3);
  expect(connection.joining.size).toBe(0);
});

test('[LV9] a join of a connection that is gone is judged no more', async () => {
  const { desk, people, connection, asked } = slowDesk(1_100);
  asked.after = () => people.disconnect(connection);
  await expect(desk.join(connection, join)).rejects.toThrow('live.notJoined');
  expect(asked.times).toBe(1);
});

test('[LV9] an answer that comes within its second is enough', async () => {
  const { desk, connection, asked } = slowDesk(900);
  expect(await desk.join(connection, join)).toMatchObject({ ok: true, mayWrite: true });
  expect(asked.times).toBe(1);
});
