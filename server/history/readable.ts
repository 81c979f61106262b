/** The one access function of history: which documents of a subject a person may read now. */
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import type { LiveArchive } from '#server/base/live/archive.ts';
import type { Judgement } from '#server/base/live/kind.ts';
import { fail } from '#shared/base/errors.ts';
import type { Subject } from '#shared/history/shape.ts';

/** A subject that the person may read. */
export interface FoundSubject {
  archive: LiveArchive;
  judgement: Judgement;
}

/** @throws thing.absent for absent, foreign, and without a history, alike; server.stopping before the engine is up */
export async function findSubject(hub: Hub, actor: Actor, { kind, id }: Subject): Promise<FoundSubject> {
  const archive = hub.live?.archive ?? fail('server.stopping');
  const judgement = await archive.judge(actor, { kind, id });
  return judgement === null ? fail('thing.absent') : { archive, judgement };
}

/**
 * Names of its documents that may be read, grids left out.
 * @param only - names, with commas between; all by default
 * @throws thing.absent when none is left
 */
export async function findDocuments(
  found: FoundSubject,
  actor: Actor,
  subject: Subject,
  only?: string,
): Promise<string[]> {
  const wanted = only === undefined ? null : new Set(only.split(','));
  const readable = await found.archive.documents(actor, subject);
  const names = readable.filter(({ isGrid }) => !isGrid).map(({ document }) => document);
  const left = wanted === null ? names : names.filter((name) => wanted.has(name));
  return left.length === 0 ? fail('thing.absent') : left;
}
