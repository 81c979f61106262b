/** Who looks at an invitation, as far as answering it is concerned. Pure. */
import type { SessionState } from '#client/base/session-store.ts';
import type { PartnerOffer } from '#shared/partners/shape.ts';

/** `unknown` while the hub has not said who this is. */
export type Onlooker =
  | { kind: 'unknown' }
  | { kind: 'stranger' }
  | { kind: 'otherAddress'; email: string }
  | { kind: 'notAdmin'; company: string }
  | { kind: 'addressee'; company: string };

/** Only an admin whose address is exactly the invited one may accept; the server decides the same again. */
export function onlookerOf(offer: Pick<PartnerOffer, 'email'>, session: SessionState): Onlooker {
  if (session.kind !== 'in') {
    return { kind: session.kind === 'out' ? 'stranger' : 'unknown' };
  }
  const { member, company } = session.me;
  if (member.email !== offer.email) {
    return { kind: 'otherAddress', email: member.email };
  }
  return { kind: member.role === 'admin' ? 'addressee' : 'notAdmin', company: company.name };
}
