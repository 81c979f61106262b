/** Who may answer an invitation. */
import { describe, expect, test } from 'vitest';
import type { SessionState } from '#client/base/session-store.ts';
import { onlookerOf } from '#client/partners/onlooker.ts';
import { createId } from '#shared/base/ids.ts';
import type { CompanyRole } from '#shared/people/shape.ts';

const offer = { email: 'piotr@gdansk-pumps.example' };

function signedIn(email: string, role: CompanyRole): SessionState {
  const member = {
    id: createId(),
    name: 'Piotr',
    email,
    role,
    joinedAt: '2026-11-23T15:00:00.000Z',
    active: true,
  };
  return { kind: 'in', me: { member, company: { id: createId(), name: 'Gdańsk Pumps' } } };
}

describe('onlooker of an invitation', () => {
  test('[CL10] the admin with the invited address may accept, as their company', () => {
    expect(onlookerOf(offer, signedIn(offer.email, 'admin'))).toEqual({
      kind: 'addressee',
      company: 'Gdańsk Pumps',
    });
  });

  test('[CL10] a member with that address is told that an admin has to', () => {
    expect(onlookerOf(offer, signedIn(offer.email, 'member'))).toMatchObject({ kind: 'notAdmin' });
  });

  test('[CL10] another address is told apart, admin or not', () => {
    const other = { kind: 'otherAddress', email: 'ana@other.example' };
    expect(onlookerOf(offer, signedIn('ana@other.example', 'admin'))).toEqual(other);
    expect(onlookerOf(offer, signedIn('ana@other.example', 'member'))).toEqual(other);
  });

  test('[CL10] nothing is claimed before the hub has answered', () => {
    expect(onlookerOf(offer, { kind: 'starting' })).toEqual({ kind: 'unknown' });
    expect(onlookerOf(offer, { kind: 'unreachable' })).toEqual({ kind: 'unknown' });
    expect(onlookerOf(offer, { kind: 'out' })).toEqual({ kind: 'stranger' });
  });
});
