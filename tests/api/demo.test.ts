/** The demo through the real app: offered or not, made once, and written by its own people. */
import { afterEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createMongoStorage } from '#server/base/live/log/mongo-storage.ts';
import { otherSide, type Side, sides } from '#shared/base/audience.ts';
import { enterDemo, getDemo } from '#shared/demo/calls.ts';
import { demoCompanies } from '#shared/demo/companies.ts';
import { getRelationship, listRelationships } from '#shared/partners/calls.ts';
import { listPlans } from '#shared/plans/calls.ts';
import { planDocumentNames } from '#shared/plans/doc.ts';
import { readPlan } from '#shared/plans/read.ts';
import { startApp, type TestApp } from '#tests/support/app.ts';
import { until } from '#tests/support/until.ts';

let app: TestApp;
afterEach(() => app?.remove());

async function planOf(side: Side) {
  const me = await app.call(enterDemo, { side });
  const [relationship] = await app.call(listRelationships, {}, me);
  const relationshipId = relationship?.id ?? '';
  const { participants } = await app.call(getRelationship, { relationshipId }, me);
  const plans = await app.call(listPlans, { relationshipId }, me);
  return { me, relationship, participants, plans };
}

describe('the demo', () => {
  test('[DE1] switched off, it is not offered and entering it is absent', async () => {
    app = await startApp({ settings: { DEMO: 'off' } });
    expect(await app.call(getDemo, {})).toEqual({ offered: false });
    const answer = await app.ask(enterDemo, { side: 'buyer' });
    expect(answer).toMatchObject({ status: 404, body: { code: 'thing.absent' } });
  });

  test('[DE2] entered by many at once, also after a restart, it is one demo', async () => {
    app = await startApp();
    expect(await app.call(getDemo, {})).toEqual({ offered: true });
    const entered = await Promise.all(
      [...sides, ...sides, ...sides].map((side) => app.call(enterDemo, { side })),
    );
    const companies = new Set(entered.map(({ me }) => me.company.id));
    expect(companies.size).toBe(2);
    await app.restart();
    for (const side of sides) {
      const { me, relationship, participants, plans } = await planOf(side);
      expect(companies.has(me.me.company.id)).toBe(true);
      expect(me.me.member.name).toBe(demoCompanies[side].person);
      expect(relationship).toMatchObject({ state: 'active', side, role: 'lead' });
      expect(relationship?.[otherSide(side)].name).toBe(demoCompanies[otherSide(side)].company);
      expect(participants).toHaveLength(6);
      expect(plans).toHaveLength(1);
    }
  });

  test('[DE3] every update of its plan stands in the log under the one who wrote it', async () => {
    app = await startApp();
    const { participants, plans } = await planOf('buyer');
    const sideOf = new Map(participants.map(({ member, side }) => [member.id, side]));
    const docs = { shared: new Y.Doc(), buyer: new Y.Doc(), supplier: new Y.Doc() };
    const names = planDocumentNames(plans[0]?.id ?? '');
    const storage = createMongoStorage();
    for (const part of ['shared', 'buyer', 'supplier'] as const) {
      const entries = await storage.entriesAfter(names[part], 0, 10_000);
      expect(entries.length).toBeGreaterThan(10);
      for (const entry of entries) {
        expect(sideOf.get(entry.memberId)).toBe(entry.side);
        if (part !== 'shared') expect(entry.side).toBe(part);
        Y.applyUpdate(docs[part], entry.update);
      }
    }
    const { rows } = readPlan(docs);
    expect(rows.length).toBeGreaterThanOrEqual(40);
    expect(rows.every((row) => row.task.title !== '' && row.dates.start !== null)).toBe(true);
    expect(rows.filter((row) => row.task.noted)).toHaveLength(3);
    const today = app.hub.now().toISOString().slice(0, 10);
    expect(rows.some((row) => (row.dates.finish ?? '') < today)).toBe(true);
    expect(rows.some((row) => (row.dates.start ?? '') > today)).toBe(true);
    for (const row of rows) expect(sideOf.get(row.task.personId ?? '')).toBe(row.task.owner);
  });

  test('[DE4] the list of plans says how far its plan is, though nobody has edited it yet', async () => {
    app = await startApp();
    const { me, relationship } = await planOf('buyer');
    const relationshipId = relationship?.id ?? '';
    const summary = await until('the plan is read', async () => {
      const [plan] = await app.call(listPlans, { relationshipId }, me);
      return plan?.summary ?? undefined;
    });
    expect(summary.tasks + summary.milestones).toBeGreaterThanOrEqual(30);
    expect(summary.nextMilestone).not.toBeNull();
  });
});
