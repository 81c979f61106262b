/** Pure decisions of people: who may manage a company. */
import type { CompanyRole } from '#shared/people/shape.ts';

/** Admins invite and remove colleagues, change roles, and act for the company towards partners. */
export function mayManageCompany(role: CompanyRole): boolean {
  return role === 'admin';
}
