/** What the cache shows after answers and events of partners. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { cache } from '#client/base/cache.ts';
import {
  applyInvitation,
  applyRelationship,
  applyRelationshipLeft,
  placeByName,
} from '#client/partners/api.ts';
import { createId } from '#shared/base/ids.ts';
import type { PartnerInvitation, Relationship } from '#shared/partners/shape.ts';

vi.mock('#client/base/http.ts', () => ({ callHub: vi.fn() }));

const listKey = ['partners', 'relationships'];
const invitationsKey = ['partners', 'invitations'];

function relationship(name: string): Relationship {
  return {
    id: createId(),
    name,
    purpose: '',
    state: 'active',
    buyer: { id: createId(), name: 'Aegean Marine' },
    supplier: { id: createId(), name: 'Gdańsk Pumps' },
    side: 'buyer',
    role: 'lead',
    since: '2026-11-23T15:00:00.000Z',
  };
}

function invitation(id: string, state: PartnerInvitation['state']): PartnerInvitation {
  return {
    id,
    relationshipName: 'Seal kits',
    purpose: '',
    offeredSide: 'supplier',
    email: 'ana@seals.example',
    invitedBy: 'Eleni',
    state,
    createdAt: '2026-11-23T15:00:00.000Z',
    expiresAt: '2026-12-07T15:00:00.000Z',
  };
}

beforeEach(() => cache.clear());

describe('cache of partners', () => {
  test('[CL13] a changed relationship replaces its entry, a new one finds its place by name', () => {
    const [seals, pumps] = [relationship('Seals'), relationship('Pumps')];
    const renamed = { ...pumps, name: 'Turbines' };
    expect(placeByName([pumps, seals], renamed).map(({ name }) => name)).toEqual(['Seals', 'Turbines']);
    expect(placeByName([seals], pumps).map(({ name }) => name)).toEqual(['Pumps', 'Seals']);
  });

  test('[CL13] an event reaches the list and the open workspace, and leaves its people alone', () => {
    const pumps = relationship('Pumps');
    const participants = [{ member: { id: createId(), name: 'Eleni' }, side: 'buyer', role: 'lead' }];
    cache.setQueryData(listKey, [pumps]);
    cache.setQueryData(['partners', 'relationship', pumps.id], { relationship: pumps, participants });
    const paused: Relationship = { ...pumps, state: 'paused' };
    applyRelationship(paused);
    expect(cache.getQueryData(listKey)).toEqual([paused]);
    expect(cache.getQueryData(['partners', 'relationship', pumps.id])).toEqual({
      relationship: paused,
      participants,
    });
  });

  test('[CL13] a relationship new to the list makes the invitations be asked again, a known one does not', () => {
    const pumps = relationship('Pumps');
    cache.setQueryData(listKey, [pumps]);
    cache.setQueryData(invitationsKey, []);
    applyRelationship(pumps);
    expect(cache.getQueryState(invitationsKey)?.isInvalidated).toBe(false);
    applyRelationship(relationship('Seals'));
    expect(cache.getQueryState(invitationsKey)?.isInvalidated).toBe(true);
  });

  test('[CL13] nothing is invented for lists that were never read', () => {
    applyRelationship(relationship('Pumps'));
    expect(cache.getQueryData(listKey)).toBeUndefined();
  });

  test('[CL13] a new or changed invitation stands first, once', () => {
    const [one, other] = [createId(), createId()];
    cache.setQueryData(invitationsKey, [invitation(one, 'open'), invitation(other, 'open')]);
    applyInvitation(invitation(other, 'revoked'));
    const list = cache.getQueryData<PartnerInvitation[]>(invitationsKey)?.map(({ id, state }) => [id, state]);
    expect(list).toEqual([
      [other, 'revoked'],
      [one, 'open'],
    ]);
  });
});

describe('a relationship one was taken out of', () => {
  test('[PA18] leaves the list at once, and only it', () => {
    const [gone, stays] = [relationship('Pump'), relationship('Seals')];
    cache.setQueryData(listKey, [gone, stays]);
    applyRelationshipLeft({ relationshipId: gone.id });
    expect(cache.getQueryData(listKey)).toEqual([stays]);
  });
});
