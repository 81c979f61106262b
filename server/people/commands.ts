/** Writes of people that begin and keep an account: the room's door on the server. */

import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { isDuplicateKey, withTransaction } from '#server/base/mongo.ts';
import { changeRights } from '#server/base/rights-revision.ts';
import { createSecret } from '#server/base/secrets.ts';
import { CompanyModel, MemberModel, type MemberRecord } from '#server/people/model.ts';
import { hashPassword, isRightPassword, isWeakPassword } from '#server/people/password.ts';
import { presentMe } from '#server/people/present.ts';
import {
  answerSession,
  createSession,
  endSessions,
  type OpenedSession,
  sessionIdleMs,
} from '#server/people/sessions.ts';
import { fail } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import type { CompanyRole, Me } from '#shared/people/shape.ts';

/** What a new company needs; shapes have been checked. */
export interface NewCompany {
  companyName: string;
  name: string;
  email: string;
  password: string;
}

/**
 * Makes a company with its first admin and signs them in. The password is hashed before the address is looked
 * at, so that a taken address costs the same time.
 * @param device - the browser as it names itself
 * @throws people.addressTaken, people.passwordWeak
 */
export async function createCompany(hub: Hub, input: NewCompany, device: string): Promise<OpenedSession> {
  if (isWeakPassword(input.password, [input.name, input.email, input.companyName]))
    fail('people.passwordWeak');
  const passwordHash = await hashPassword(input.password);
  const now = hub.now();
  const company = { _id: createId(), name: input.companyName, createdAt: now, revision: 0 };
  const member = newMember({ ...input, companyId: company._id, role: 'admin', passwordHash, joinedAt: now });
  const session = await refuseTakenAddress(() =>
    withTransaction(async (transaction) => {
      await CompanyModel.create([company], { session: transaction });
      await MemberModel.create([member], { session: transaction });
      return createSession(hub, member._id, device, transaction);
    }),
  );
  return (await answerSession(hub, session, member)) ?? fail('session.expired');
}

/** The record of a member who joins now. */
export function newMember(from: {
  companyId: string;
  name: string;
  email: string;
  role: CompanyRole;
  passwordHash: string;
  joinedAt: Date;
}): MemberRecord {
  const { companyId, name, email, role, passwordHash, joinedAt } = from;
  return { _id: createId(), companyId, name, email, role, passwordHash, active: true, joinedAt };
}

/** A person of a founded company; the address is unique among active members. */
export interface Founder {
  name: string;
  email: string;
}

/**
 * Makes a company with its people, none of whom has a password: they are signed in by `openSession` alone. The
 * first is its admin.
 * @throws people.addressTaken
 */
export async function foundCompany(
  hub: Hub,
  from: { companyName: string; people: readonly Founder[] },
): Promise<{ companyId: string; members: KnownFounder[] }> {
  // Of a secret that nobody keeps: no password can ever fit.
  const passwordHash = await hashPassword(createSecret());
  const now = hub.now();
  const company = { _id: createId(), name: from.companyName, createdAt: now, revision: 0 };
  const members = from.people.map((person, index) =>
    newMember({
      ...person,
      companyId: company._id,
      role: index === 0 ? 'admin' : 'member',
      passwordHash,
      joinedAt: now,
    }),
  );
  await refuseTakenAddress(() =>
    withTransaction(async (transaction) => {
      await CompanyModel.create([company], { session: transaction });
      await MemberModel.insertMany(members, { session: transaction });
    }),
  );
  return {
    companyId: company._id,
    members: members.map(({ _id, name, role }) => ({ id: _id, name, role })),
  };
}

/** A founded company's member. */
export interface KnownFounder {
  id: string;
  name: string;
  role: CompanyRole;
}

/** Runs work that adds a member; a second active member of one address is refused with people.addressTaken. */
export async function refuseTakenAddress<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDuplicateKey(error)) fail('people.addressTaken');
    throw error;
  }
}

/**
 * Signs in. An unknown address costs the same work as a wrong password and gets the same answer.
 * @throws people.signInRefused
 */
export async function signIn(
  hub: Hub,
  input: { email: string; password: string },
  device: string,
): Promise<OpenedSession> {
  const member = await MemberModel.findOne({ email: input.email, active: true }).lean();
  const right = await isRightPassword(member?.passwordHash ?? null, input.password);
  if (member === null || !right) fail('people.signInRefused');
  return openSession(hub, member._id, device, member.passwordHash);
}

/**
 * Signs a member in without a password: for rooms that have established who it is, such as the demo.
 * @param passwordHash - when given, the member must still have it once the session exists
 * @throws people.signInRefused when there is no such active member
 */
export async function openSession(
  hub: Hub,
  memberId: string,
  device: string,
  passwordHash?: string,
): Promise<OpenedSession> {
  await endSessions(hub, { memberId, unusedSince: new Date(hub.now().getTime() - sessionIdleMs) });
  const session = await createSession(hub, memberId, device, null);
  // Looked at after the session exists: a removal or a new password meanwhile has either seen it or is seen here.
  const member = await MemberModel.findOne({ _id: memberId, active: true }).lean();
  const same = passwordHash === undefined || member?.passwordHash === passwordHash;
  const opened = member !== null && same ? await answerSession(hub, session, member) : null;
  if (opened === null) await endSessions(hub, { _id: session._id });
  return opened ?? fail('people.signInRefused');
}

/** Renames oneself. */
export async function changeName(hub: Hub, actor: Actor, input: { name: string }): Promise<Me> {
  const { memberId } = actor;
  const member = await changeRights(hub, async ({ session, tell }) => {
    tell({ kind: 'memberChanged', memberId });
    return await MemberModel.findOneAndUpdate(
      { _id: memberId, active: true },
      { $set: { name: input.name } },
      { session, returnDocument: 'after' },
    ).lean();
  });
  const company = await CompanyModel.findById(actor.companyId).lean();
  if (member === null || company === null) fail('session.expired');
  return presentMe(member, company);
}

/** Changes the password and ends every other session. @throws people.signInRefused, people.passwordWeak */
export async function changePassword(
  hub: Hub,
  actor: Actor,
  input: { current: string; next: string },
): Promise<void> {
  const member = await MemberModel.findOne({ _id: actor.memberId, active: true }).lean();
  const right = await isRightPassword(member?.passwordHash ?? null, input.current);
  if (member === null || !right) fail('people.signInRefused');
  if (isWeakPassword(input.next, [member.name, member.email, actor.companyName])) fail('people.passwordWeak');
  const passwordHash = await hashPassword(input.next);
  const changed = await MemberModel.updateOne(
    { _id: member._id, passwordHash: member.passwordHash },
    { $set: { passwordHash } },
  );
  if (changed.matchedCount === 0) fail('people.signInRefused');
  await endSessions(hub, { memberId: member._id, except: actor.sessionId });
}
