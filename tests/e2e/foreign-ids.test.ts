/** A rival company with a list of true ids: every answer is the one that an id of nothing gets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Call } from '#shared/base/call.ts';
import { createId } from '#shared/base/ids.ts';
import {
  acceptPartnerInvitation,
  changeRelationshipState,
  getRelationship,
  invitePartner,
  listPartnerInvitations,
  listRelationships,
  removeParticipant,
  revokePartnerInvitation,
  setParticipant,
} from '#shared/partners/calls.ts';
import {
  changeMemberRole,
  endSession,
  inviteColleague,
  listMembers,
  listSessions,
  removeMember,
  revokeColleagueInvitation,
} from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { changePlan, createPlan, getPlan, listPlans } from '#shared/plans/calls.ts';
import { ask, askRaw, callHub, emailOf, makeCompany } from '#tests/support/hub-client.ts';
import { type HubProcess, startHub } from '#tests/support/hub-process.ts';

/** Ids of things of two companies that work together; the rival is a third. */
interface Targets {
  relationshipId: string;
  planId: string;
  memberId: string;
  sessionId: string;
  colleagueInvitationId: string;
  partnerInvitationId: string;
}

let hub: HubProcess;
let rival: SignedIn;
let targets: Targets;

/** The secret at the end of an invitation's link. */
function secretOf(link: string | null): string {
  return new URL(link ?? '').hash.slice(1);
}

beforeAll(async () => {
  hub = await startHub();
  const buyer = await makeCompany(hub, 'Aegean Marine', 'Eleni Doukas');
  const supplier = await makeCompany(hub, 'Gdansk Pumps', 'Piotr Zielinski');
  rival = await makeCompany(hub, 'Rival Works', 'Ruth Vogel');
  const offer = { relationshipName: 'HX pump', purpose: 'New pump', offeredSide: 'supplier' } as const;
  const invited = await callHub(
    hub,
    invitePartner,
    { ...offer, email: emailOf('Piotr Zielinski') },
    buyer.accessToken,
  );
  const secret = secretOf(invited.link);
  const relationship = await callHub(hub, acceptPartnerInvitation, { secret }, supplier.accessToken);
  const open = await callHub(hub, invitePartner, { ...offer, email: 'x@tandem.example' }, buyer.accessToken);
  const colleague = await callHub(
    hub,
    inviteColleague,
    { email: 'y@tandem.example', role: 'member' },
    buyer.accessToken,
  );
  const plan = await callHub(
    hub,
    createPlan,
    { relationshipId: relationship.id, name: 'Launch' },
    buyer.accessToken,
  );
  const sessions = await callHub(hub, listSessions, {}, buyer.accessToken);
  targets = {
    relationshipId: relationship.id,
    planId: plan.id,
    memberId: buyer.me.member.id,
    sessionId: sessions[0]?.id ?? '',
    colleagueInvitationId: colleague.invitation.id,
    partnerInvitationId: open.invitation.id,
  };
});

afterAll(() => hub?.remove());

/** What a rival may try: a call, the part of it that is an id, and the rest of its input. */
const probes: readonly [Call, keyof Targets, string, Record<string, unknown>][] = [
  [getRelationship, 'relationshipId', 'relationshipId', {}],
  [changeRelationshipState, 'relationshipId', 'relationshipId', { state: 'paused' }],
  [setParticipant, 'relationshipId', 'relationshipId', { memberId: 'own', role: 'viewer' }],
  [removeParticipant, 'relationshipId', 'relationshipId', { memberId: 'own' }],
  [revokePartnerInvitation, 'partnerInvitationId', 'invitationId', {}],
  [listPlans, 'relationshipId', 'relationshipId', {}],
  [createPlan, 'relationshipId', 'relationshipId', { name: 'Mine' }],
  [getPlan, 'planId', 'planId', {}],
  [changePlan, 'planId', 'planId', { name: 'Mine' }],
  [changeMemberRole, 'memberId', 'memberId', { role: 'member' }],
  [removeMember, 'memberId', 'memberId', {}],
  [endSession, 'sessionId', 'sessionId', {}],
  [revokeColleagueInvitation, 'colleagueInvitationId', 'invitationId', {}],
];

describe('ids of another company', () => {
  test.each(probes.map((probe) => [probe[0].name, probe] as const))(
    '[TW12] %s answers a foreign id as an absent one',
    async (_name, [call, target, field, rest]) => {
      const own = rest['memberId'] === 'own' ? { ...rest, memberId: rival.me.member.id } : rest;
      const foreign = await ask(hub, call, { ...own, [field]: targets[target] }, rival.accessToken);
      const absent = await ask(hub, call, { ...own, [field]: createId() }, rival.accessToken);
      expect(foreign).toEqual(absent);
      expect(foreign).toMatchObject({ status: 404, body: { code: 'thing.absent' } });
    },
  );

  test('[TW12] lists of the rival hold nothing of the others', async () => {
    const lists = await Promise.all([
      callHub(hub, listRelationships, {}, rival.accessToken),
      callHub(hub, listPartnerInvitations, {}, rival.accessToken),
    ]);
    expect(lists).toEqual([[], []]);
    const members = await callHub(hub, listMembers, {}, rival.accessToken);
    expect(members.map((member) => member.id)).toEqual([rival.me.member.id]);
  });

  test('[TW12] an id in the path cannot be contradicted by a second one in the body', async () => {
    const path = `/api/plans/${createId()}`;
    const body = JSON.stringify({ planId: targets.planId, name: 'Mine' });
    const answer = await askRaw(hub, path, { method: 'PATCH', body }, rival.accessToken);
    expect(answer).toMatchObject({ status: 400, body: { code: 'input.invalid' } });
  });

  test('[TW12] nothing the rival tried has changed anything', async () => {
    expect(hub.printed()).not.toMatch(/"level":(50|60)/);
    const ready = await fetch(`${hub.url}/readyz`);
    expect(ready.status).toBe(200);
  });
});
