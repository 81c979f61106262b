/** Named versions through the real app: who names, renames and removes them, and who hears of it. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { VersionModel } from '#server/history/model.ts';
import { rooms } from '#server/rooms.ts';
import { createId } from '#shared/base/ids.ts';
import { minuteMs } from '#shared/base/units.ts';
import * as calls from '#shared/history/calls.ts';
import { historyLimits } from '#shared/history/shape.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import type { TestApp } from '#tests/support/app.ts';
import { type HistoryWorld, startHistoryWorld } from '#tests/support/history-world.ts';

const absent = { status: 404, body: { code: 'thing.absent' } };
const refused = { status: 403, body: { code: 'rights.missing' } };

let world: HistoryWorld;
let app: TestApp;
let buyer: SignedIn;
let supplier: SignedIn;
let rival: SignedIn;
beforeAll(async () => {
  world = await startHistoryWorld();
  ({ app, buyer, supplier, rival } = world);
});
afterAll(() => world?.app.remove());

describe('named versions', () => {
  test('[HI11] whoever may write names a moment, now or earlier; a moment to come is now', async () => {
    const { subject, start } = await world.writtenPlan();
    const now = app.hub.now().toISOString();
    const first = await app.call(calls.nameVersion, { ...subject, name: 'Agreed' }, buyer);
    expect(first).toMatchObject({ name: 'Agreed', at: now, memberName: 'Eleni Doukas', side: 'buyer' });
    const at = start.toISOString();
    const second = await app.call(calls.nameVersion, { ...subject, name: 'Start', at }, supplier);
    expect(second).toMatchObject({ at, createdAt: now, companyName: 'Gdansk Pumps', side: 'supplier' });
    const late = { ...subject, name: 'Later', at: new Date(Date.parse(now) + 1).toISOString() };
    const third = await app.call(calls.nameVersion, late, buyer);
    expect(third.at).toBe(now);
    const list = await app.call(calls.listVersions, subject, supplier);
    expect(list.at(-1)).toEqual(second);
    expect(list).toHaveLength(3);
  });

  test('[HI11] at most so many of each side: nobody can leave the partner without room', async () => {
    const { subject } = await world.writtenPlan();
    const at = app.hub.now();
    const rest = { kind: 'plan', subjectId: subject.id, name: 'v', at, createdAt: at, memberId: createId() };
    await VersionModel.insertMany(
      Array.from({ length: historyLimits.versionsOfSide }, () => ({
        _id: createId(),
        ...rest,
        side: 'buyer',
      })),
    );
    expect(await app.ask(calls.nameVersion, { ...subject, name: 'x' }, buyer)).toMatchObject({
      status: 409,
      body: { code: 'history.versionsFull' },
    });
    expect(await app.call(calls.nameVersion, { ...subject, name: 'y' }, supplier)).toMatchObject({
      name: 'y',
    });
  });

  test('[HI12, HI13] its maker or a lead of that side renames and removes it, and all who read it hear who did', async () => {
    const { subject } = await world.writtenPlan();
    const editor = await world.colleague('editor', 'Ed Itor');
    const elsewhere = { kind: 'plan', id: (await world.writtenPlan()).subject.id };
    const put = vi.spyOn(app.hub.outbox, 'put');
    const version = await app.call(calls.nameVersion, { ...subject, name: 'First' }, editor);
    const one = { ...subject, versionId: version.id };
    expect(await app.ask(calls.renameVersion, { ...one, name: 'x' }, supplier)).toMatchObject(refused);
    expect(await app.ask(calls.removeVersion, one, supplier)).toMatchObject(refused);
    const theirs = await app.call(calls.nameVersion, { ...subject, name: 'Lead' }, buyer);
    expect(await app.ask(calls.removeVersion, { ...subject, versionId: theirs.id }, editor)).toMatchObject(
      refused,
    );
    expect((await app.call(calls.renameVersion, { ...one, name: 'Second' }, editor)).name).toBe('Second');
    await app.call(calls.removeVersion, one, buyer);
    expect(await app.ask(calls.removeVersion, one, buyer)).toMatchObject(absent);
    expect(await app.ask(calls.removeVersion, { ...elsewhere, versionId: theirs.id }, buyer)).toMatchObject(
      absent,
    );
    const told = put.mock.calls.map(([, event, { memberIds }, payload]) => ({ event, memberIds, payload }));
    expect(told.map(({ payload }) => payload)).toMatchObject([
      { change: 'named', version: { name: 'First' } },
      { change: 'named' },
      { change: 'renamed', version: { name: 'Second' }, by: { memberName: 'Ed Itor' } },
      { change: 'removed', version: { name: 'Second' }, by: { memberName: 'Eleni Doukas', side: 'buyer' } },
    ]);
    const readers = [buyer, supplier, editor].map(({ me }) => me.member.id);
    for (const { event, memberIds } of told) {
      expect(event).toBe(calls.versionsChanged);
      expect(memberIds).toEqual(expect.arrayContaining(readers));
      expect(memberIds).not.toContain(rival.me.member.id);
    }
    put.mockRestore();
  });

  test('[HI19] compaction is told of every named moment of a subject, and of no other', async () => {
    const { subject, start } = await world.writtenPlan();
    const other = await world.writtenPlan();
    const second = new Date(start.getTime() + minuteMs);
    for (const at of [second, start]) {
      await app.call(calls.nameVersion, { ...subject, name: 'v', at: at.toISOString() }, buyer);
    }
    const kept = rooms.find((room) => room.name === 'history')?.keptMoments;
    expect(await kept?.(`plan/${subject.id}`)).toEqual([start, second]);
    expect(await kept?.(`plan/${other.subject.id}`)).toEqual([]);
    for (const odd of ['plan', '', `plan/${subject.id}/shared`]) expect(await kept?.(odd)).toEqual([]);
  });
});
