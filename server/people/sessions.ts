/** Sessions: opened at sign-in, carried on by a rotating refresh token, ended for good when one is used again. */
import { randomBytes } from 'node:crypto';
import { type ClientSession, trusted } from 'mongoose';
import type { Hub } from '#server/base/hub.ts';
import { changeRights, type RightsChange } from '#server/base/rights-revision.ts';
import {
  CompanyModel,
  MemberModel,
  type MemberRecord,
  SessionModel,
  type SessionRecord,
} from '#server/people/model.ts';
import { presentMe } from '#server/people/present.ts';
import {
  isOwnRefreshToken,
  makeRefreshToken,
  readRefreshToken,
  signAccessToken,
} from '#server/people/tokens.ts';
import { createId } from '#shared/base/ids.ts';
import { dayMs, secondMs } from '#shared/base/units.ts';
import type { SignedIn } from '#shared/people/shape.ts';

/** A session unused for so long is over (source: OWASP ASVS 5.0, 7.3). */
export const sessionIdleMs = 30 * dayMs;

/** No session lives longer than this, however much it is used. */
export const sessionAbsoluteMs = 90 * dayMs;

/**
 * For so long the token before the newest is answered with the newest again: two tabs refreshing at once, or an
 * answer lost on the way. Later it counts as stolen.
 */
export const refreshGraceMs = 30 * secondMs;

/** A sign-in as the route hands it on: the body of the answer, and the cookie beside it. */
export interface OpenedSession {
  signedIn: SignedIn;
  refreshToken: string;
  refreshUntil: Date;
}

/** Makes a session for a member, without answering yet. */
export async function createSession(
  hub: Hub,
  memberId: string,
  device: string,
  transaction: ClientSession | null,
): Promise<SessionRecord> {
  const now = hub.now();
  const record: SessionRecord = {
    _id: createId(),
    memberId,
    salt: randomBytes(32).toString('base64url'),
    generation: 0,
    rotatedAt: now,
    device,
    createdAt: now,
    lastSeenAt: now,
  };
  await SessionModel.create([record], { session: transaction });
  return record;
}

/** The answer to a sign-in or refresh: a fresh access token and the session's newest refresh token. */
export async function answerSession(
  hub: Hub,
  session: SessionRecord,
  member: MemberRecord,
): Promise<OpenedSession | null> {
  const company = await CompanyModel.findById(member.companyId).lean();
  if (company === null) return null;
  const { token, expiresAt } = await signAccessToken(hub, { memberId: member._id, sessionId: session._id });
  return {
    signedIn: { accessToken: token, expiresAt: expiresAt.toISOString(), me: presentMe(member, company) },
    refreshToken: makeRefreshToken(hub, session, session.generation),
    refreshUntil: endOf(session),
  };
}

/** Whether a session is past its idle or absolute limit. */
export function isOver(session: SessionRecord, now: Date): boolean {
  return endOf(session).getTime() <= now.getTime();
}

/**
 * Trades a refresh token for the next one. Exactly one of many parallel trades moves the line on; the others
 * are given the same new token.
 * @returns null for no token, a wrong one, or one of a session that is over
 */
export async function rotateSession(hub: Hub, token: string | null): Promise<OpenedSession | null> {
  const parts = token === null ? null : readRefreshToken(token);
  if (token === null || parts === null) return null;
  const found = await SessionModel.findById(parts.sessionId).lean();
  // A wrong seal changes nothing: whoever knows a session's id must not be able to end it.
  if (found === null || !isOwnRefreshToken(hub, found, token)) return null;
  const session = await moveOn(hub, found, parts.generation);
  if (session === null) return null;
  const member = await MemberModel.findOne({ _id: session.memberId, active: true }).lean();
  return member === null ? null : answerSession(hub, session, member);
}

/** The session a refresh token belongs to, at any generation; null for a wrong one. For signing out. */
export async function findOwnSession(hub: Hub, token: string | null): Promise<string | null> {
  const parts = token === null ? null : readRefreshToken(token);
  if (token === null || parts === null) return null;
  const found = await SessionModel.findById(parts.sessionId).lean();
  return found !== null && isOwnRefreshToken(hub, found, token) ? found._id : null;
}

async function moveOn(hub: Hub, found: SessionRecord, generation: number): Promise<SessionRecord | null> {
  const now = hub.now();
  if (isOver(found, now)) return null;
  if (generation === found.generation) {
    const moved = await SessionModel.findOneAndUpdate(
      { _id: found._id, generation },
      { $set: { generation: generation + 1, rotatedAt: now, lastSeenAt: now } },
      { returnDocument: 'after' },
    ).lean();
    if (moved !== null) return moved;
  }
  const current = await SessionModel.findById(found._id).lean();
  if (current === null) return null;
  const age = now.getTime() - current.rotatedAt.getTime();
  if (generation === current.generation - 1 && age <= refreshGraceMs) return current;
  hub.log.warn(
    { sessionId: found._id, memberId: found.memberId },
    'a refresh token was used again: session ended',
  );
  await endSessions(hub, { _id: found._id });
  return null;
}

/** Which sessions to end: one, those of a member, or those of a member that nobody has used since a moment. */
export type WhichSessions =
  | { _id: string; memberId?: string }
  | { memberId: string; except?: string }
  | { memberId: string; unusedSince: Date };

/** Ends sessions by deleting them, and tells live connections at once. @returns how many there were */
export async function endSessions(hub: Hub, which: WhichSessions): Promise<number> {
  if (!(await SessionModel.exists(filterOf(which)))) return 0;
  return changeRights(hub, (change) => endSessionsIn(change, which));
}

/** As `endSessions`, with whatever else the change is. */
export async function endSessionsIn(change: RightsChange, which: WhichSessions): Promise<number> {
  const { session: transaction } = change;
  const ended = await SessionModel.find(filterOf(which)).select({ _id: 1 }).session(transaction).lean();
  const ids = ended.map((session) => session._id);
  if (ids.length === 0) return 0;
  await SessionModel.deleteMany({ _id: trusted({ $in: ids }) }, { session: transaction });
  for (const sessionId of ids) change.tell({ kind: 'sessionEnded', sessionId });
  return ids.length;
}

function filterOf(which: WhichSessions) {
  if ('_id' in which) return which;
  const { memberId } = which;
  if ('unusedSince' in which) return { memberId, lastSeenAt: trusted({ $lt: which.unusedSince }) };
  return { memberId, ...(which.except === undefined ? {} : { _id: trusted({ $ne: which.except }) }) };
}

function endOf(session: SessionRecord): Date {
  const idle = session.lastSeenAt.getTime() + sessionIdleMs;
  return new Date(Math.min(idle, session.createdAt.getTime() + sessionAbsoluteMs));
}
