/** Writes of people about colleagues: roles and removal. A company always keeps an active admin. */
import type { ClientSession } from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { changeRights, type RightsChange } from '#server/base/rights-revision.ts';
import { CompanyModel, MemberModel, type MemberRecord } from '#server/people/model.ts';
import { presentMember } from '#server/people/present.ts';
import { endSessionsIn } from '#server/people/sessions.ts';
import { fail } from '#shared/base/errors.ts';
import { mayManageCompany } from '#shared/people/rules.ts';
import type { CompanyRole, Member } from '#shared/people/shape.ts';

/** Changes a colleague's role. @throws rights.missing, thing.absent, people.lastAdmin */
export async function changeMemberRole(
  hub: Hub,
  actor: Actor,
  input: { memberId: string; role: CompanyRole },
): Promise<Member> {
  const { memberId, role } = input;
  if (!mayManageCompany(actor.role)) fail('rights.missing');
  const changed = await changeRights(hub, (change) => changeColleague(change, actor, memberId, { role }));
  return presentMember(changed);
}

/** Removes a colleague: they are signed out everywhere at once. @throws rights.missing, thing.absent, people.lastAdmin */
export async function removeMember(hub: Hub, actor: Actor, input: { memberId: string }): Promise<void> {
  const { memberId } = input;
  if (!mayManageCompany(actor.role)) fail('rights.missing');
  await changeRights(hub, async (change) => {
    await changeColleague(change, actor, memberId, { active: false });
    await endSessionsIn(change, { memberId });
  });
}

async function changeColleague(
  { session, tell }: RightsChange,
  actor: Actor,
  memberId: string,
  change: { role: CompanyRole } | { active: false },
): Promise<MemberRecord> {
  // Every change of admins writes the company too: of two at once, one runs again and sees the other.
  await CompanyModel.updateOne({ _id: actor.companyId }, { $inc: { revision: 1 } }, { session });
  const changed = await MemberModel.findOneAndUpdate(
    { _id: memberId, companyId: actor.companyId, active: true },
    { $set: change },
    { session, returnDocument: 'after' },
  ).lean();
  if (changed === null) fail('thing.absent');
  if (!(await hasAdmin(actor.companyId, session))) fail('people.lastAdmin');
  tell({ kind: 'memberChanged', memberId });
  return changed;
}

async function hasAdmin(companyId: string, session: ClientSession): Promise<boolean> {
  const filter = { companyId, active: true, role: 'admin' as const };
  return (await MemberModel.findOne(filter).select({ _id: 1 }).session(session).lean()) !== null;
}
