/** Changes and named versions as the hub tells them. */
import type { Change, Version } from '#shared/history/shape.ts';

const person = {
  memberId: 'a'.repeat(20),
  memberName: 'Eleni Doukas',
  companyName: 'Aegean Marine',
  side: 'buyer',
} as const;

/** One stretch of work of one person in one document. */
export function aChange(part: Partial<Change> = {}): Change {
  const to = part.to ?? '2026-11-03T10:00:00.000Z';
  const documents = [{ document: 'plan/p/shared', first: 1, last: 1 }];
  return { ...person, from: to, to, edits: 1, documents, ...part };
}

/** One named moment. */
export function aVersion(part: Partial<Version> = {}): Version {
  const at = part.at ?? '2026-11-03T10:00:00.000Z';
  return {
    ...person,
    id: 'v'.repeat(20),
    kind: 'plan',
    subjectId: 'p',
    name: 'Agreed',
    at,
    createdAt: at,
    ...part,
  };
}
