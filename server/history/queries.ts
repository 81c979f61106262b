/** Reads of named versions, and which moments they keep. */
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { nameWriters } from '#server/history/authors.ts';
import { VersionModel, type VersionRecord } from '#server/history/model.ts';
import { findSubject } from '#server/history/readable.ts';
import type { Subject, Version } from '#shared/history/shape.ts';

/** Named versions of a subject, the latest moment first. @throws thing.absent */
export async function listVersions(hub: Hub, actor: Actor, { kind, id }: Subject): Promise<Version[]> {
  await findSubject(hub, actor, { kind, id });
  const records = await VersionModel.find({ kind, subjectId: id }).sort({ at: -1, _id: 1 }).lean();
  return presentVersions(records);
}

/**
 * Moments of a subject that somebody named, earliest first: compaction leaves the log exact at them.
 * @param subject - `<kind>/<id>`; [] for anything else
 */
export async function namedMoments(subject: string): Promise<Date[]> {
  const [kind = '', id = '', ...rest] = subject.split('/');
  if (rest.length > 0) return [];
  const records = await VersionModel.find({ kind, subjectId: id }).sort({ at: 1 }).lean();
  return records.map(({ at }) => at);
}

/** Versions as both sides see them. */
export async function presentVersions(records: readonly VersionRecord[]): Promise<Version[]> {
  const authors = await nameWriters(records);
  return records.flatMap(({ _id, kind, subjectId, name, at, createdAt }, place) => {
    const author = authors[place];
    if (author === undefined) return [];
    return {
      id: _id,
      kind,
      subjectId,
      name,
      at: at.toISOString(),
      createdAt: createdAt.toISOString(),
      ...author,
    };
  });
}
