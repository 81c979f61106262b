/** How records of people look on the wire. */
import type { CompanyRecord, MemberRecord } from '#server/people/model.ts';
import type { Company, Me, Member } from '#shared/people/shape.ts';

/** A member as colleagues see them. */
export function presentMember(record: MemberRecord): Member {
  return {
    id: record._id,
    name: record.name,
    email: record.email,
    role: record.role,
    joinedAt: record.joinedAt.toISOString(),
    active: record.active,
  };
}

/** A company as anyone sees it who may know it at all. */
export function presentCompany(record: Pick<CompanyRecord, '_id' | 'name'>): Company {
  return { id: record._id, name: record.name };
}

/** Who is signed in. */
export function presentMe(member: MemberRecord, company: CompanyRecord): Me {
  return { member: presentMember(member), company: presentCompany(company) };
}
