/** Reads of people: the room's other door on the server. */
import { trusted } from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import { gathered } from '#server/base/gathered.ts';
import type { Authenticate } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import { ReadAhead } from '#server/base/read-ahead.ts';
import type { Asked, RightsFollower } from '#server/base/rights-follower.ts';
import {
  CompanyModel,
  type CompanyRecord,
  MemberModel,
  type MemberRecord,
  SessionModel,
  type SessionRecord,
} from '#server/people/model.ts';
import { presentCompany, presentMe, presentMember } from '#server/people/present.ts';
import { isOver } from '#server/people/sessions.ts';
import { createTokenReader } from '#server/people/tokens.ts';
import { fail } from '#shared/base/errors.ts';
import { secondMs } from '#shared/base/units.ts';
import type { Company, Me, Member, PartnerMember, Session } from '#shared/people/shape.ts';

/** How long a found actor is believed without looking again; signals end it sooner. */
export const actorCacheMs = secondMs;

/** Most actors kept; beyond it the oldest are looked up again. */
const maxCached = 10_000;

interface CachedActor extends Asked {
  actor: Actor;
}

/**
 * Makes the one function that turns an access token into an actor: the token must verify, its session live, its
 * member be active. Used by HTTP and by the live gateway.
 * @param follower - when given, an actor is believed for as long as it says that nothing has changed
 */
export function createAuthenticate(hub: Hub, follower: RightsFollower | null = null): Authenticate {
  const cache = new Map<string, CachedActor>();
  const readToken = createTokenReader(hub);
  let changes = 0;
  hub.signals.listen((signal) => {
    changes += 1;
    if (signal.kind === 'sessionEnded') cache.delete(signal.sessionId);
    if (signal.kind === 'everythingChanged') cache.clear();
    if (signal.kind !== 'memberChanged') return;
    for (const [sessionId, { actor }] of cache)
      if (actor.memberId === signal.memberId) cache.delete(sessionId);
  });

  async function findCached(sessionId: string): Promise<Actor | null> {
    const cached = cache.get(sessionId);
    if (cached === undefined) return null;
    const ageMs = hub.now().getTime() - cached.askedAtMs;
    const isYoung = ageMs >= 0 && ageMs < actorCacheMs;
    if (!isYoung && (await follower?.confirms(cached)) !== true) return null;
    // Asked for again: what changed has been heard by now.
    return cache.get(sessionId) === cached ? cached.actor : null;
  }

  return async (token) => {
    const claims = await readToken(token);
    if (claims === null) return null;
    const { sessionId, memberId } = claims;
    const cached = await findCached(sessionId);
    if (cached !== null) return ofMember(cached, memberId);
    const asked = follower?.ask() ?? { askedAtMs: hub.now().getTime(), isFollowed: false };
    const seen = changes;
    members.expect(sessionId, memberId);
    const actor = ofMember(await findActor(hub, sessionId), memberId);
    cache.delete(sessionId);
    // A signal during the look-up may have been about what was read, so that answer is not kept.
    if (actor !== null && seen === changes) cache.set(sessionId, { actor, ...asked });
    if (cache.size > maxCached) cache.delete(cache.keys().next().value ?? '');
    return actor;
  };
}

/** A token that names one member and the session of another is nobody's. */
function ofMember(actor: Actor | null, memberId: string): Actor | null {
  return actor?.memberId === memberId ? actor : null;
}

const readSession = gathered<SessionRecord>(async (ids) =>
  byId(await SessionModel.find({ _id: trusted({ $in: ids }) }).lean()),
);
const readMember = gathered<MemberRecord>(async (ids) =>
  byId(await MemberModel.find({ _id: trusted({ $in: ids }) }).lean()),
);
const readCompany = gathered<CompanyRecord>(async (ids) =>
  byId(await CompanyModel.find({ _id: trusted({ $in: ids }) }).lean()),
);

/** By session. */
const members = new ReadAhead();
/** By member. */
const companies = new ReadAhead();

/** A member with their company; null for no member. */
function findEmployed(memberId: string) {
  return companies.follow(memberId, {
    read: readMember,
    targetOf: (member) => member.companyId,
    readTarget: readCompany,
  });
}

/** The actor of a session, from current data. @returns null when session, member or company is not there any more */
export async function findActor(hub: Hub, sessionId: string): Promise<Actor | null> {
  const found = await members.follow(sessionId, {
    read: readSession,
    targetOf: (session) => session.memberId,
    readTarget: findEmployed,
  });
  if (found === null || isOver(found.from, hub.now())) return null;
  const { from: member, to: company } = found.to ?? { from: null, to: null };
  if (member === null || !member.active || company === null) return null;
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

function byId<Record extends { _id: string }>(records: readonly Record[]): Map<string, Record> {
  return new Map(records.map((record) => [record._id, record]));
}
