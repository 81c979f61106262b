/** Reads of people: the room's other door on the server. */
import { trusted } from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import type { Authenticate } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import { CompanyModel, MemberModel, SessionModel } from '#server/people/model.ts';
import { presentCompany, presentMe, presentMember } from '#server/people/present.ts';
import { isOver } from '#server/people/sessions.ts';
import { verifyAccessToken } from '#server/people/tokens.ts';
import { fail } from '#shared/base/errors.ts';
import { secondMs } from '#shared/base/units.ts';
import type { Company, Me, Member, PartnerMember, Session } from '#shared/people/shape.ts';

/** How long a found actor is believed without looking again; signals end it sooner. */
export const actorCacheMs = secondMs;

/** Most actors kept; beyond it the oldest are looked up again. */
const maxCached = 10_000;

/**
 * Makes the one function that turns an access token into an actor: the token must verify, its session live, its
 * member be active. Used by HTTP and by the live gateway.
 */
export function createAuthenticate(hub: Hub): Authenticate {
  const cache = new Map<string, { actor: Actor; until: number }>();
  let changes = 0;
  hub.signals.listen((signal) => {
    changes += 1;
    if (signal.kind === 'sessionEnded') cache.delete(signal.sessionId);
    if (signal.kind !== 'memberChanged') return;
    for (const [sessionId, { actor }] of cache)
      if (actor.memberId === signal.memberId) cache.delete(sessionId);
  });
  return async (token) => {
    const claims = await verifyAccessToken(hub, token);
    if (claims === null) return null;
    const now = hub.now().getTime();
    const cached = cache.get(claims.sessionId);
    if (cached !== undefined && cached.until > now) return ofMember(cached.actor, claims.memberId);
    const seen = changes;
    const actor = ofMember(await findActor(hub, claims.sessionId), claims.memberId);
    cache.delete(claims.sessionId);
    // A signal during the look-up may have been about what was read, so that answer is not kept.
    if (actor !== null && seen === changes) cache.set(claims.sessionId, { actor, until: now + actorCacheMs });
    if (cache.size > maxCached) cache.delete(cache.keys().next().value ?? '');
    return actor;
  };
}

/** A token that names one member and the session of another is nobody's. */
function ofMember(actor: Actor | null, memberId: string): Actor | null {
  return actor?.memberId === memberId ? actor : null;
}

/** The actor of a session, from current data. @returns null when session, member or company is not there any more */
export async function findActor(hub: Hub, sessionId: string): Promise<Actor | null> {
  const session = await SessionModel.findById(sessionId).lean();
  if (session === null || isOver(session, hub.now())) return null;
  const member = await MemberModel.findOne({ _id: session.memberId, active: true }).lean();
  if (member === null) return null;
  const company = await CompanyModel.findById(member.companyId).lean();
  if (company === null) return null;
  return {
    sessionId,
    memberId: member._id,
    name: member.name,
    companyId: company._id,
    companyName: company.name,
    role: member.role,
  };
}

/** Who is signed in, with the address that the actor does not carry. */
export async function getMe(_hub: Hub, actor: Actor): Promise<Me> {
  const member = await MemberModel.findById(actor.memberId).lean();
  const company = await CompanyModel.findById(actor.companyId).lean();
  if (member === null || company === null) fail('session.expired');
  return presentMe(member, company);
}

/** Members of one's own company by name, removed ones included. */
export async function listMembers(_hub: Hub, actor: Actor): Promise<Member[]> {
  const members = await MemberModel.find({ companyId: actor.companyId }).sort({ name: 1, _id: 1 }).lean();
  return members.map(presentMember);
}

/** One's own sessions that are not over, last used first. */
export async function listSessions(hub: Hub, actor: Actor): Promise<Session[]> {
  const sessions = await SessionModel.find({ memberId: actor.memberId })
    .sort({ lastSeenAt: -1, _id: 1 })
    .lean();
  return sessions
    .filter((session) => !isOver(session, hub.now()))
    .map((session) => ({
      id: session._id,
      device: session.device,
      createdAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
      current: session._id === actor.sessionId,
    }));
}

/** Companies by id; ids of none are left out. For rooms to the right: check rights before showing one. */
export async function findCompanies(ids: readonly string[]): Promise<Map<string, Company>> {
  const records = await CompanyModel.find({ _id: trusted({ $in: [...ids] }) }).lean();
  return new Map(records.map((record) => [record._id, presentCompany(record)]));
}

/** A member as rooms to the right need them; `companyId` and `active` are for checks, not for partners. */
export interface KnownMember extends PartnerMember {
  companyId: string;
  active: boolean;
}

/** Members by id, removed ones included; ids of none are left out. */
export async function findMembers(ids: readonly string[]): Promise<Map<string, KnownMember>> {
  const records = await MemberModel.find({ _id: trusted({ $in: [...ids] }) }).lean();
  return new Map(
    records.map(({ _id, name, companyId, active }) => [_id, { id: _id, name, companyId, active }]),
  );
}

/** The address of an active member; null when there is none. For checks only: it is never shown to partners. */
export async function findAddress(memberId: string): Promise<string | null> {
  return (await MemberModel.findOne({ _id: memberId, active: true }).lean())?.email ?? null;
}

/** Whether an address belongs to an active member of this company. */
export async function isAddressOf(companyId: string, email: string): Promise<boolean> {
  return (await MemberModel.exists({ companyId, email, active: true })) !== null;
}

/** Ids of a company's active members. */
export async function findMemberIds(companyId: string): Promise<string[]> {
  return (await MemberModel.find({ companyId, active: true }).lean()).map(({ _id }) => _id);
}

/** The active admin who joined first: who speaks for a company when the person asked is gone. */
export async function findFirstAdmin(companyId: string): Promise<KnownMember | null> {
  const record = await MemberModel.findOne({ companyId, active: true, role: 'admin' })
    .sort({ joinedAt: 1, _id: 1 })
    .lean();
  if (record === null) return null;
  return { id: record._id, name: record.name, companyId, active: true };
}
