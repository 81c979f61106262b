/** Plans through the real app: who reads, makes and changes them, who is told, and who may join which document. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { notePlanEdits } from '#server/plans/commands.ts';
import { planKind, planNoteKind, planSubject } from '#server/plans/live.ts';
import { PlanModel } from '#server/plans/model.ts';
import { createId } from '#shared/base/ids.ts';
import {
  acceptPartnerInvitation,
  changeRelationshipState,
  invitePartner,
  setParticipant,
} from '#shared/partners/calls.ts';
import { acceptColleagueInvitation, inviteColleague } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { changePlan, createPlan, getPlan, listPlans, planChanged } from '#shared/plans/calls.ts';
import { createTaskId } from '#shared/plans/task.ts';
import { secretOf, startApp, type TestApp } from '#tests/support/app.ts';

const absent = { status: 404, body: { code: 'thing.absent' } };
const refused = { status: 403, body: { code: 'rights.missing' } };

let app: TestApp;
let buyer: SignedIn;
let supplier: SignedIn;
let rival: SignedIn;
let count = 0;
beforeAll(async () => {
  app = await startApp();
  buyer = await app.company('Aegean Marine', 'Eleni Doukas');
  supplier = await app.company('Gdansk Pumps', 'Piotr Zielinski');
  rival = await app.company('Rival Works', 'Ruth Vogel');
});
afterAll(() => app?.remove());

async function relate(): Promise<string> {
  count += 1;
  const offer = { relationshipName: `Pump ${count}`, purpose: '', offeredSide: 'supplier' } as const;
  const { link } = await app.call(invitePartner, { ...offer, email: supplier.me.member.email }, buyer);
  return (await app.call(acceptPartnerInvitation, { secret: secretOf(link) }, supplier)).id;
}

async function viewerOf(relationshipId: string): Promise<SignedIn> {
  count += 1;
  const { link } = await app.call(
    inviteColleague,
    { email: `viewer${count}@x.example`, role: 'member' },
    buyer,
  );
  const accept = { secret: secretOf(link), name: `Viewer ${count}`, password: 'a quiet harbour' };
  const viewer = await app.call(acceptColleagueInvitation, accept);
  const memberId = viewer.me.member.id;
  await app.call(setParticipant, { relationshipId, memberId, role: 'viewer' }, buyer);
  return viewer;
}

function actorOf({ me }: SignedIn): Actor {
  const { member, company } = me;
  return {
    sessionId: createId(),
    memberId: member.id,
    name: member.name,
    companyId: company.id,
    companyName: company.name,
    role: member.role,
  };
}

function judge(by: SignedIn, ...key: string[]) {
  return planKind(app.hub).judge(actorOf(by), key);
}

describe('who sees a plan', () => {
  test('[PL15] both sides read it; for everybody else it is as absent as one that never was', async () => {
    const relationshipId = await relate();
    const plan = await app.call(createPlan, { relationshipId, name: 'New housing' }, buyer);
    expect(await app.call(getPlan, { planId: plan.id }, supplier)).toEqual(plan);
    expect(plan).toMatchObject({ state: 'active', createdBy: 'Eleni Doukas', editedAt: null });
    for (const planId of [plan.id, createId()]) {
      expect(await app.ask(getPlan, { planId }, rival)).toMatchObject(absent);
      expect(await app.ask(changePlan, { planId, name: 'Mine' }, rival)).toMatchObject(absent);
    }
    for (const id of [relationshipId, createId()]) {
      expect(await app.ask(listPlans, { relationshipId: id }, rival)).toMatchObject(absent);
      expect(await app.ask(createPlan, { relationshipId: id, name: 'X' }, rival)).toMatchObject(absent);
    }
  });

  test('[PL15] its documents exist for those who take part, and for nobody else', async () => {
    const { id } = await app.call(createPlan, { relationshipId: await relate(), name: 'New housing' }, buyer);
    for (const part of ['shared', 'buyer', 'supplier']) {
      expect(await judge(rival, id, part)).toBeNull();
      expect(await judge(buyer, createId(), part)).toBeNull();
      expect(await judge(buyer, id, part)).not.toBeNull();
    }
    for (const key of [[id], [id, 'other'], [id, 'shared', 'x'], ['__proto__', 'shared'], []]) {
      expect(await judge(buyer, ...key)).toBeNull();
    }
  });

  test('[PL2] each side writes the shared document and its own, and only reads the partner’s', async () => {
    const { id } = await app.call(createPlan, { relationshipId: await relate(), name: 'New housing' }, buyer);
    expect(await judge(buyer, id, 'shared')).toMatchObject({ mayWrite: true, side: 'buyer' });
    expect(await judge(buyer, id, 'buyer')).toMatchObject({ mayWrite: true });
    expect(await judge(buyer, id, 'supplier')).toMatchObject({ mayWrite: false, side: 'buyer' });
    expect(await judge(supplier, id, 'shared')).toMatchObject({ mayWrite: true, side: 'supplier' });
    expect(await judge(supplier, id, 'supplier')).toMatchObject({ mayWrite: true });
    expect(await judge(supplier, id, 'buyer')).toMatchObject({ mayWrite: false });
  });

  test('[PL17] a note exists for well-formed task ids of a plan one may read', async () => {
    const { id } = await app.call(createPlan, { relationshipId: await relate(), name: 'New housing' }, buyer);
    const notes = planNoteKind(app.hub);
    const taskId = createTaskId('supplier');
    expect(await notes.judge(actorOf(buyer), [id, taskId])).toMatchObject({ mayWrite: true, side: 'buyer' });
    expect(await notes.judge(actorOf(rival), [id, taskId])).toBeNull();
    for (const wrong of ['x', `x${createId()}`, createId(), '__proto__', `${taskId}.1`]) {
      expect(await notes.judge(actorOf(buyer), [id, wrong])).toBeNull();
    }
    expect(await notes.judge(actorOf(buyer), [id, taskId, 'more'])).toBeNull();
  });
});

describe('who changes a plan', () => {
  test('[PL1] a viewer reads, and changes neither the plan nor its documents', async () => {
    const relationshipId = await relate();
    const { id } = await app.call(createPlan, { relationshipId, name: 'New housing' }, buyer);
    const viewer = await viewerOf(relationshipId);
    expect(await app.call(getPlan, { planId: id }, viewer)).toMatchObject({ id });
    expect(await app.ask(createPlan, { relationshipId, name: 'X' }, viewer)).toMatchObject(refused);
    expect(await app.ask(changePlan, { planId: id, state: 'archived' }, viewer)).toMatchObject(refused);
    expect(await judge(viewer, id, 'shared')).toMatchObject({ mayWrite: false });
    expect(await judge(viewer, id, 'buyer')).toMatchObject({ mayWrite: false });
    const note = await planNoteKind(app.hub).judge(actorOf(viewer), [id, createTaskId('buyer')]);
    expect(note).toMatchObject({ mayWrite: false });
  });

  test('[PL16] an archived plan is read only until it is brought back', async () => {
    const { id } = await app.call(createPlan, { relationshipId: await relate(), name: 'New housing' }, buyer);
    let signals = 0;
    const stop = app.hub.signals.listen(() => {
      signals += 1;
    });
    await app.call(changePlan, { planId: id, state: 'archived' }, supplier);
    stop();
    expect(signals).toBe(1);
    expect(await judge(buyer, id, 'buyer')).toMatchObject({ mayWrite: false });
    await app.call(changePlan, { planId: id, state: 'active' }, buyer);
    expect(await judge(buyer, id, 'buyer')).toMatchObject({ mayWrite: true });
  });

  test('[PL16] a plan of a paused relationship is read only, for calls and documents', async () => {
    const relationshipId = await relate();
    const { id } = await app.call(createPlan, { relationshipId, name: 'New housing' }, buyer);
    await app.call(changeRelationshipState, { relationshipId, state: 'paused' }, supplier);
    expect(await judge(buyer, id, 'shared')).toMatchObject({ mayWrite: false });
    expect(await app.ask(createPlan, { relationshipId, name: 'X' }, buyer)).toMatchObject(refused);
    expect(await app.ask(changePlan, { planId: id, name: 'X' }, buyer)).toMatchObject(refused);
    expect(await app.call(getPlan, { planId: id }, buyer)).toMatchObject({ id });
  });

  test('[PL18] the moment of the last edit never goes back', async () => {
    const { id } = await app.call(createPlan, { relationshipId: await relate(), name: 'New housing' }, buyer);
    await notePlanEdits(new Map([[id, new Date('2026-03-02T10:00:00.000Z')]]));
    await notePlanEdits(new Map([[id, new Date('2026-03-01T10:00:00.000Z')]]));
    const plan = await app.call(getPlan, { planId: id }, buyer);
    expect(plan.editedAt).toBe('2026-03-02T10:00:00.000Z');
  });

  test('[PL18] everybody in the relationship hears of the first edit of a minute, of several plans at once', async () => {
    const relationshipId = await relate();
    const { id } = await app.call(createPlan, { relationshipId, name: 'New housing' }, buyer);
    const other = await app.call(createPlan, { relationshipId, name: 'New shaft' }, buyer);
    expect(planKind(app.hub).subject?.([id, 'shared'])).toBe(`plan/${id}`);
    expect(planNoteKind(app.hub).subject?.([id, 'b'])).toBe(`plan/${id}`);
    const put = vi.spyOn(app.hub.outbox, 'put');
    const seconds = ['10:00:05', '10:00:05', '10:00:06', '10:00:59', '10:01:00', '10:00:58', '10:01:30'];
    const { edited } = planSubject(app.hub);
    for (const second of seconds) await edited?.(new Map([[id, new Date(`2026-03-02T${second}.000Z`)]]));
    const together = new Date('2026-03-02T10:02:00.000Z');
    await edited?.(new Map([id, other.id, createId()].map((planId) => [planId, together])));
    const told = put.mock.calls.map(([, event, audience, plan]) => ({ event, audience, plan }));
    put.mockRestore();
    expect(told.slice(0, 2).map(({ plan }) => plan)).toMatchObject([
      { id, editedAt: '2026-03-02T10:00:05.000Z' },
      { id, editedAt: '2026-03-02T10:01:00.000Z' },
    ]);
    const last = told.slice(2).map(({ plan }) => plan);
    expect(last).toHaveLength(2);
    for (const planId of [id, other.id]) {
      expect(last).toContainEqual(expect.objectContaining({ id: planId, editedAt: together.toISOString() }));
    }
    const memberIds = [buyer.me.member.id, supplier.me.member.id].sort();
    for (const { event, audience } of told) {
      expect(event).toBe(planChanged);
      expect([...audience.memberIds].sort()).toEqual(memberIds);
    }
  });

  test('[PL19] each change of a plan counts its revision up, also for plans from before changes were counted', async () => {
    const made = await app.call(createPlan, { relationshipId: await relate(), name: 'New housing' }, buyer);
    expect(made.revision).toBe(0);
    await PlanModel.updateOne({ _id: made.id }, { $unset: { revision: 1 } });
    expect((await app.call(getPlan, { planId: made.id }, buyer)).revision).toBe(0);
    const renamed = await app.call(changePlan, { planId: made.id, name: 'Housing' }, buyer);
    const archived = await app.call(changePlan, { planId: made.id, state: 'archived' }, supplier);
    expect([renamed.revision, archived.revision]).toEqual([1, 2]);
    await notePlanEdits(new Map([[made.id, new Date('2026-03-02T10:00:00.000Z')]]));
    expect((await app.call(getPlan, { planId: made.id }, supplier)).revision).toBe(2);
  });

  test('[PL19] plans are listed active first, then by name, as changed by either side', async () => {
    const relationshipId = await relate();
    const make = (name: string) => app.call(createPlan, { relationshipId, name }, buyer);
    const [b, a] = [await make('Beta'), await make('Alpha')];
    await make('Gamma');
    await app.call(changePlan, { planId: a.id, state: 'archived' }, supplier);
    await app.call(changePlan, { planId: b.id, name: 'Zeta' }, supplier);
    const plans = await app.call(listPlans, { relationshipId }, supplier);
    expect(plans.map((plan) => plan.name)).toEqual(['Gamma', 'Zeta', 'Alpha']);
  });

  test('[PL19] names that are no names are refused', async () => {
    const relationshipId = await relate();
    for (const name of ['', '   ', 'x'.repeat(121), 'a\nb']) {
      const answer = await app.send('POST', `/api/plans/of/${relationshipId}`, { name }, buyer);
      expect(answer).toMatchObject({ status: 400, body: { code: 'input.invalid' } });
    }
  });
});
