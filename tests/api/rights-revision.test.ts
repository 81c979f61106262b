/** The revision of rights on a real database: raised with the write or not at all, and no write without it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeRights, readRightsNews, rememberedChanges } from '#server/base/rights-revision.ts';
import { createSignals, type RightsSignal } from '#server/base/signals.ts';
import { ParticipantModel, RelationshipModel } from '#server/partners/model.ts';
import { MemberModel, SessionModel } from '#server/people/model.ts';
import { PlanModel } from '#server/plans/model.ts';
import { createId } from '#shared/base/ids.ts';
import { changeName, endSession } from '#shared/people/calls.ts';
import { startApp, type TestApp } from '#tests/support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.remove());

const nobody = { _id: createId() };

test.each([
  ['a session', () => SessionModel.deleteOne(nobody)],
  ['sessions', () => SessionModel.deleteMany(nobody)],
  ['whose session it is', () => SessionModel.updateOne(nobody, { $set: { memberId: 'x' } })],
  ['a member', () => MemberModel.updateOne(nobody, { $set: { active: false } })],
  ['a name', () => MemberModel.findOneAndUpdate(nobody, { name: 'x' })],
  ['a participant', () => ParticipantModel.deleteOne(nobody)],
  ['a role', () => ParticipantModel.updateMany({}, { $set: { role: 'lead' } })],
  ['a state', () => RelationshipModel.updateOne(nobody, { $unset: { state: 1 } })],
  ['a plan', () => PlanModel.findOneAndDelete(nobody)],
  [
    'a plan by pipeline',
    () => PlanModel.updateOne(nobody, [{ $set: { state: 'archived' } }], { updatePipeline: true }),
  ],
  ['whole plans', () => PlanModel.bulkWrite([{ deleteOne: { filter: nobody } }])],
])(
  '[LV76] taking %s away is refused outside a change of rights',
  async (_what, write: () => PromiseLike<unknown>) => {
    await expect(Promise.resolve().then(() => write())).rejects.toThrow('rights hang on');
  },
);

test('[LV76] a change of rights that tells nobody is not stored', async () => {
  const { me } = await app.company('Quiet', 'Quentin Quiet');
  const filter = { _id: me.member.id };
  const change = changeRights(app.hub, ({ session }) =>
    MemberModel.updateOne(filter, { $set: { active: false } }, { session }),
  );
  await expect(change).rejects.toThrow('tell what changed');
  expect(await MemberModel.findById(filter._id).lean()).toMatchObject({ active: true });
});

test('[LV76] the revision is raised with the write, or not at all, and says what changed', async () => {
  const person = await app.company('Acme', 'Anna Berg');
  const before = await readRightsNews(null);
  const known = before?.revision ?? 0;
  expect(await readRightsNews(known)).toBeNull();
  const memberChanged = { kind: 'memberChanged', memberId: person.me.member.id } as const;
  const failing = changeRights(app.hub, ({ tell }) => {
    tell(memberChanged);
    return Promise.reject(new Error('no'));
  });
  await expect(failing).rejects.toThrow('no');
  expect(await readRightsNews(known)).toBeNull();
  await app.call(changeName, { name: 'Anna Bergman' }, person);
  const sessionId = await onlySessionOf(person.me.member.id);
  await app.call(endSession, { sessionId }, person);
  expect(await readRightsNews(known)).toEqual({
    revision: known + 2,
    changes: [memberChanged, { kind: 'sessionEnded', sessionId }],
  });
});

test('[LV76] whoever missed more than is remembered is told that anything may have changed', async () => {
  const { revision } = (await readRightsNews(null)) ?? { revision: 0 };
  const heard: RightsSignal[] = [];
  const signals = createSignals();
  signals.listen((signal) => heard.push(signal));
  const change = (count: number) =>
    changeRights({ signals }, async ({ tell }) => {
      for (let at = 0; at < count; at += 1) tell({ kind: 'sessionEnded', sessionId: String(at) });
    });
  await change(rememberedChanges);
  expect((await readRightsNews(revision))?.changes).toHaveLength(rememberedChanges);
  await change(1);
  expect(await readRightsNews(revision)).toEqual({
    revision: revision + rememberedChanges + 1,
    changes: null,
  });
  // A database that was put back to an earlier moment.
  expect((await readRightsNews(revision + 1_000))?.changes).toBeNull();
  expect(heard).toHaveLength(rememberedChanges + 1);
});

test('[LV76] many changes at once all count', async () => {
  const { revision } = (await readRightsNews(null)) ?? { revision: 0 };
  const change = (memberId: string) =>
    changeRights(app.hub, async ({ tell }) => tell({ kind: 'memberChanged', memberId }));
  await Promise.all(Array.from({ length: 30 }, (_, at) => change(String(at))));
  const news = await readRightsNews(revision);
  expect(news?.revision).toBe(revision + 30);
  expect(news?.changes).toHaveLength(30);
});

async function onlySessionOf(memberId: string): Promise<string> {
  const sessions = await SessionModel.find({ memberId }).lean();
  expect(sessions).toHaveLength(1);
  return sessions[0]?._id ?? '';
}
