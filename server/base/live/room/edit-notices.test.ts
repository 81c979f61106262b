/** Notices of edits: how many at once, and what happens to those that could not be taken. */
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { LiveKind, LiveSubject } from '#server/base/live/kind.ts';
import { EditNotices } from '#server/base/live/room/edit-notices.ts';
import { createHandTime } from '#tests/support/hand-time.ts';

const kind: LiveKind = { kind: 'plan', judge: async () => null, subject: ([id]) => `plan/${id}` };
const alone: LiveKind = { kind: 'alone', judge: async () => null, subject: ([id]) => `other/${id}` };

function makeNotices(edited: NonNullable<LiveSubject['edited']>) {
  const time = createHandTime();
  const room: LiveSubject = { kind: 'plan', documents: async () => [], edited };
  const other: LiveSubject = { kind: 'other', documents: async () => [] };
  const world = { log: pino({ level: 'silent' }), schedule: time.schedule };
  const notices = new EditNotices([kind, alone], [room, other], world);
  async function pass(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      time.advance(250);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
  }
  return { notices, time, pass };
}

test('[LV29] many subjects are told at once, at most a hundred in a round, each once', async () => {
  const told: string[][] = [];
  const { notices, time, pass } = makeNotices(async (lastEdits) => {
    told.push([...lastEdits.keys()]);
  });
  const ids = Array.from({ length: 250 }, (_, index) => `${index}`);
  for (const id of ids) notices.edited(notices.subjectOf(`plan/${id}/shared`) ?? '', time.now());
  await pass(5);
  expect(told.map((some) => some.length)).toEqual([100, 100, 50]);
  expect(told.flat()).toEqual(ids);
});

test('[LV29] what a room could not take is told again, with the last edit', async () => {
  const told: (Date | undefined)[] = [];
  const { notices, time, pass } = makeNotices(async (lastEdits) => {
    told.push(lastEdits.get('a'));
    if (told.length === 1) throw new Error('no database');
  });
  const at = time.now();
  notices.edited('plan/a', at);
  await pass(90);
  expect(told).toEqual([at, at]);
  await pass(100);
  expect(told).toHaveLength(2);
});

test('[LV29] one telling is awaited before the next, and at the end all that is left is told', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const told: string[][] = [];
  const { notices, time, pass } = makeNotices(async (lastEdits) => {
    told.push([...lastEdits.keys()]);
    await promise;
  });
  notices.edited('plan/a', time.now());
  await pass(1);
  notices.edited('plan/b', time.now());
  await pass(100);
  expect(told).toEqual([['a']]);
  notices.edited('plan/a', time.now());
  const closing = notices.close();
  resolve();
  await closing;
  expect(told).toEqual([['a'], ['b', 'a']]);
});

test('[LV29] only rooms that want to hear of edits do', () => {
  const { notices } = makeNotices(async () => {});
  expect(notices.subjectOf('plan/a/shared')).toBe('plan/a');
  expect(notices.subjectOf('alone/a')).toBeNull();
  expect(notices.subjectOf('unknown/a')).toBeNull();
});
