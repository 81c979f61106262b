/** Pure decisions of history: who may change a named version. */
import type { Side } from '#shared/base/audience.ts';
import type { Version } from '#shared/history/shape.ts';
import { mayLead } from '#shared/partners/rules.ts';
import type { RelationshipRole } from '#shared/partners/shape.ts';

/** Someone's standing towards the versions of one subject. */
export interface VersionStanding {
  memberId: string;
  side: Side;
  role: RelationshipRole;
  /** Whether they may write any of the subject's documents now. */
  mayWrite: boolean;
}

/** HI12: one's own version while one may write, and as a lead any of one's own side. */
export function mayChangeVersion(
  { memberId, side, role, mayWrite }: VersionStanding,
  version: Pick<Version, 'memberId' | 'side'>,
): boolean {
  if (mayLead(role)) return version.side === side;
  return mayWrite && version.memberId === memberId;
}
