/** Who may rename a named version of a plan and take its name off: the rule that the hub keeps. */
import { useCallback } from 'react';
import { useMe } from '#client/base/session.ts';
import type { RelationshipView } from '#client/partners/api.ts';
import { mayChangeVersion } from '#shared/history/rules.ts';
import type { Version } from '#shared/history/shape.ts';

/** @param mayWrite - whether one may write the plan now */
export function useMayManageVersions(
  { role, side }: RelationshipView['relationship'],
  mayWrite: boolean,
): (version: Version) => boolean {
  const { member } = useMe();
  return useCallback(
    (version) => mayChangeVersion({ memberId: member.id, side, role, mayWrite }, version),
    [member.id, side, role, mayWrite],
  );
}
