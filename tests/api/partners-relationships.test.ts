/** Relationships through the real app: who sees them, their states, their people, what is told to whom. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RightsSignal } from '#server/base/signals.ts';
import { RelationshipModel } from '#server/partners/model.ts';
import { findParticipation } from '#server/partners/queries.ts';
import { createId } from '#shared/base/ids.ts';
import {
  acceptPartnerInvitation,
  changeRelationshipState,
  getRelationship,
  invitePartner,
  listRelationships,
  removeParticipant,
  setParticipant,
} from '#shared/partners/calls.ts';
import { mayBecome, mayEditContent } from '#shared/partners/rules.ts';
import { type Relationship, relationshipRoleShape, relationshipStateShape } from '#shared/partners/shape.ts';
import { acceptColleagueInvitation, inviteColleague, removeMember } from '#shared/people/calls.ts';
import type { CompanyRole, SignedIn } from '#shared/people/shape.ts';
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

async function relate(): Promise<Relationship> {
  count += 1;
  const offer = { relationshipName: `Pump ${count}`, purpose: '', offeredSide: 'supplier' } as const;
  const { link } = await app.call(invitePartner, { ...offer, email: supplier.me.member.email }, buyer);
  return app.call(acceptPartnerInvitation, { secret: secretOf(link) }, supplier);
}

async function join(by: SignedIn, role: CompanyRole = 'member'): Promise<SignedIn> {
  count += 1;
  const { link } = await app.call(inviteColleague, { email: `person${count}@x.example`, role }, by);
  const accept = { secret: secretOf(link), name: `Person ${count}`, password: 'a quiet harbour' };
  return app.call(acceptColleagueInvitation, accept);
}

describe('who takes no part', () => {
  test('[PA10] gets the very answer of an absent relationship in every call', async () => {
    const { id } = await relate();
    const colleague = await join(buyer);
    const memberId = buyer.me.member.id;
    for (const stranger of [rival, colleague]) {
      const ownId = stranger.me.member.id;
      const asks = (relationshipId: string) =>
        Promise.all([
          app.ask(getRelationship, { relationshipId }, stranger),
          app.ask(changeRelationshipState, { relationshipId, state: 'paused' }, stranger),
          app.ask(setParticipant, { relationshipId, memberId: ownId, role: 'lead' }, stranger),
          app.ask(removeParticipant, { relationshipId, memberId }, stranger),
        ]);
      const foreign = await asks(id);
      expect(foreign).toEqual(await asks(createId()));
      for (const answer of foreign) expect(answer).toEqual(absent);
    }
    expect(await app.call(listRelationships, {}, rival)).toEqual([]);
    expect((await app.call(getRelationship, { relationshipId: id }, buyer)).participants).toHaveLength(2);
  });

  test('[PA10] has no participation for the rooms beyond', async () => {
    const { id } = await relate();
    expect(await findParticipation(app.hub, rival.me.member.id, id)).toBeNull();
    expect(await findParticipation(app.hub, buyer.me.member.id, createId())).toBeNull();
    expect(await findParticipation(app.hub, buyer.me.member.id, id)).toMatchObject({
      relationship: { id, state: 'active', buyerId: buyer.me.company.id, supplierId: supplier.me.company.id },
      side: 'buyer',
      role: 'lead',
    });
  });
});

describe('states', () => {
  test('[PA11] either side pauses, resumes, begins the exit and ends it; nothing else is possible', async () => {
    const { id } = await relate();
    const become = (state: Relationship['state'], by: SignedIn) =>
      app.ask(changeRelationshipState, { relationshipId: id, state }, by);
    const path = [
      ['paused', buyer],
      ['active', supplier],
      ['exiting', supplier],
      ['ended', buyer],
    ] as const;
    let from: Relationship['state'] = 'active';
    for (const [to, by] of path) {
      for (const wrong of relationshipStateShape.options.filter((state) => !mayBecome(from, state))) {
        expect(await become(wrong, by)).toEqual({ status: 409, body: { code: 'partners.wrongState' } });
      }
      expect((await become(to, by)).body).toMatchObject({ id, state: to });
      from = to;
    }
    expect((await become('active', buyer)).status).toBe(409);
    const record = await RelationshipModel.findById(id).lean();
    expect(record?.transitions.map((one) => [one.from, one.to, one.byMemberId])).toEqual([
      [null, 'active', supplier.me.member.id],
      ['active', 'paused', buyer.me.member.id],
      ['paused', 'active', supplier.me.member.id],
      ['active', 'exiting', supplier.me.member.id],
      ['exiting', 'ended', buyer.me.member.id],
    ]);
  });

  test('[PA11] of two changes at once from the same state, one holds', async () => {
    const { id } = await relate();
    const answers = await Promise.all([
      app.ask(changeRelationshipState, { relationshipId: id, state: 'paused' }, buyer),
      app.ask(changeRelationshipState, { relationshipId: id, state: 'exiting' }, supplier),
    ]);
    const record = await RelationshipModel.findById(id).lean();
    const held = answers.filter((answer) => answer.status === 200).length;
    // Either the second found another state and was refused, or it came after and was allowed from there.
    expect(record?.transitions).toHaveLength(1 + held);
    for (const [at, step] of (record?.transitions ?? []).entries()) {
      if (at > 0) expect(step.from).toBe(record?.transitions[at - 1]?.to);
    }
  });

  test('[PA12] only leads change the state', async () => {
    const { id } = await relate();
    for (const role of relationshipRoleShape.options.filter((one) => one !== 'lead')) {
      const person = await join(supplier);
      await app.call(setParticipant, { relationshipId: id, memberId: person.me.member.id, role }, supplier);
      const change = { relationshipId: id, state: 'paused' } as const;
      expect(await app.ask(changeRelationshipState, change, person)).toEqual(refused);
    }
  });

  test('[PA17] content is written by leads and editors of an active or exiting relationship', () => {
    const allowed = relationshipRoleShape.options.flatMap((role) =>
      relationshipStateShape.options
        .filter((state) => mayEditContent(role, state))
        .map((state) => [role, state]),
    );
    expect(allowed).toEqual([
      ['lead', 'active'],
      ['lead', 'exiting'],
      ['editor', 'active'],
      ['editor', 'exiting'],
    ]);
  });
});

describe('people of a relationship', () => {
  test('[PA13] a lead adds colleagues and changes their roles', async () => {
    const { id } = await relate();
    const person = await join(buyer);
    const set = { relationshipId: id, memberId: person.me.member.id };
    expect(await app.call(setParticipant, { ...set, role: 'viewer' }, buyer)).toEqual({
      member: { id: set.memberId, name: person.me.member.name },
      side: 'buyer',
      role: 'viewer',
    });
    expect((await app.call(listRelationships, {}, person))[0]).toMatchObject({
      id,
      side: 'buyer',
      role: 'viewer',
    });
    await app.call(setParticipant, { ...set, role: 'editor' }, buyer);
    expect((await app.call(listRelationships, {}, person))[0]?.role).toBe('editor');
    expect(await app.ask(setParticipant, { ...set, role: 'lead' }, person)).toEqual(refused);
    await app.call(removeParticipant, set, buyer);
    expect(await app.call(listRelationships, {}, person)).toEqual([]);
    expect(await app.ask(getRelationship, { relationshipId: id }, person)).toEqual(absent);
  });

  test('[PA13] nobody changes the partner’s people, nor brings strangers', async () => {
    const { id } = await relate();
    const theirs = { relationshipId: id, memberId: supplier.me.member.id };
    expect(await app.ask(setParticipant, { ...theirs, role: 'viewer' }, buyer)).toEqual(absent);
    expect(await app.ask(removeParticipant, theirs, buyer)).toEqual(absent);
    for (const memberId of [rival.me.member.id, createId()]) {
      const bring = { relationshipId: id, memberId, role: 'viewer' } as const;
      expect(await app.ask(setParticipant, bring, buyer)).toEqual(absent);
    }
    const people = (await app.call(getRelationship, { relationshipId: id }, buyer)).participants;
    expect(people.map((one) => [one.side, one.role])).toEqual([
      ['buyer', 'lead'],
      ['supplier', 'lead'],
    ]);
  });

  test('[PA13] a side keeps a lead, also when two leads step down at once', async () => {
    const { id } = await relate();
    const own = { relationshipId: id, memberId: buyer.me.member.id };
    const last = { status: 409, body: { code: 'people.lastAdmin' } };
    expect(await app.ask(setParticipant, { ...own, role: 'viewer' }, buyer)).toEqual(last);
    expect(await app.ask(removeParticipant, own, buyer)).toEqual(last);
    const second = await join(buyer);
    const other = { relationshipId: id, memberId: second.me.member.id };
    await app.call(setParticipant, { ...other, role: 'lead' }, buyer);
    await Promise.all([app.ask(removeParticipant, own, second), app.ask(removeParticipant, other, buyer)]);
    const watcher = await app.call(getRelationship, { relationshipId: id }, supplier);
    expect(watcher.participants.filter((one) => one.side === 'buyer')).toHaveLength(1);
  });

  test('[PA13] a company whose only lead has left gets a new one through its admin', async () => {
    const { id } = await relate();
    const lead = await join(supplier);
    await app.call(
      setParticipant,
      { relationshipId: id, memberId: lead.me.member.id, role: 'lead' },
      supplier,
    );
    await app.call(removeParticipant, { relationshipId: id, memberId: supplier.me.member.id }, lead);
    await app.call(removeMember, { memberId: lead.me.member.id }, supplier);
    expect(await app.ask(getRelationship, { relationshipId: id }, supplier)).toEqual(absent);
    const self = { relationshipId: id, memberId: supplier.me.member.id, role: 'lead' } as const;
    expect((await app.ask(setParticipant, self, supplier)).status).toBe(200);
    expect((await app.call(getRelationship, { relationshipId: id }, supplier)).relationship.role).toBe(
      'lead',
    );
  });

  test('[PA14] the partner sees names and roles only, and nobody who was removed', async () => {
    const { id } = await relate();
    const person = await join(buyer);
    const member = { relationshipId: id, memberId: person.me.member.id };
    await app.call(setParticipant, { ...member, role: 'viewer' }, buyer);
    const seen = await app.ask(getRelationship, { relationshipId: id }, supplier);
    expect(JSON.stringify(seen.body)).not.toMatch(/@|email|password|admin/);
    expect(JSON.stringify(seen.body)).toContain(person.me.member.name);
    await app.call(removeMember, { memberId: person.me.member.id }, buyer);
    const after = await app.call(getRelationship, { relationshipId: id }, supplier);
    expect(after.participants).toHaveLength(2);
  });
});

describe('telling', () => {
  test('[PA16] live rights are judged again after a change of state or people, and only then', async () => {
    const { id } = await relate();
    const heard: RightsSignal[] = [];
    const stop = app.hub.signals.listen((signal) => heard.push(signal));
    const changed = { kind: 'relationshipChanged', relationshipId: id };
    await app.call(changeRelationshipState, { relationshipId: id, state: 'paused' }, buyer);
    expect(heard).toEqual([changed]);
    await app.ask(changeRelationshipState, { relationshipId: id, state: 'ended' }, buyer);
    expect(heard).toEqual([changed]);
    const person = await join(buyer);
    const member = { relationshipId: id, memberId: person.me.member.id };
    await app.call(setParticipant, { ...member, role: 'viewer' }, buyer);
    await app.call(removeParticipant, member, buyer);
    expect(heard).toEqual([changed, changed, changed]);
    stop();
  });
});
