/** Writes of named versions; nothing here touches what they name. */
import type { ClientSession } from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { withTransaction } from '#server/base/mongo.ts';
import { VersionModel, type VersionRecord } from '#server/history/model.ts';
import { presentVersions } from '#server/history/queries.ts';
import { type FoundSubject, findSubject } from '#server/history/readable.ts';
import { findParticipation } from '#server/partners/queries.ts';
import type { Side } from '#shared/base/audience.ts';
import type { CallInput } from '#shared/base/call.ts';
import { fail } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import {
  type nameVersion as nameVersionCall,
  type removeVersion as removeVersionCall,
  type renameVersion as renameVersionCall,
  versionsChanged,
} from '#shared/history/calls.ts';
import { mayChangeVersion } from '#shared/history/rules.ts';
import { historyLimits, type Subject, type Version } from '#shared/history/shape.ts';

type What = 'named' | 'renamed' | 'removed';

/** Names a moment, not a later one than now. @throws thing.absent, rights.missing, history.versionsFull */
export async function nameVersion(
  hub: Hub,
  actor: Actor,
  input: CallInput<typeof nameVersionCall>,
): Promise<Version> {
  const { kind, id, name } = input;
  const found = await findSubject(hub, actor, input);
  if (!found.judgement.mayWrite) fail('rights.missing');
  const now = hub.now();
  const at = input.at === undefined ? now : new Date(Math.min(Date.parse(input.at), now.getTime()));
  const { memberId } = actor;
  const { side } = found.judgement;
  const record = { _id: createId(), kind, subjectId: id, name, at, createdAt: now, memberId, side };
  return withTransaction(async (session) => {
    const count = await VersionModel.countDocuments({ kind, subjectId: id, side }).session(session);
    const versions = historyLimits.versionsOfSide;
    if (count >= versions) fail('history.versionsFull', { versions });
    await VersionModel.create([record], { session });
    return tell(hub, session, found, 'named', record, actor);
  });
}

/** @throws thing.absent, rights.missing */
export async function renameVersion(
  hub: Hub,
  actor: Actor,
  input: CallInput<typeof renameVersionCall>,
): Promise<Version> {
  const found = await findOwn(hub, actor, input, input.versionId);
  return withTransaction(async (session) => {
    const record = await VersionModel.findOneAndUpdate(
      { _id: input.versionId },
      { $set: { name: input.name } },
      { session, returnDocument: 'after' },
    ).lean();
    return record === null ? fail('thing.absent') : tell(hub, session, found, 'renamed', record, actor);
  });
}

/** @throws thing.absent, rights.missing */
export async function removeVersion(
  hub: Hub,
  actor: Actor,
  input: CallInput<typeof removeVersionCall>,
): Promise<Record<string, never>> {
  const found = await findOwn(hub, actor, input, input.versionId);
  await withTransaction(async (session) => {
    const record = await VersionModel.findOneAndDelete({ _id: input.versionId }, { session }).lean();
    if (record === null) fail('thing.absent');
    await tell(hub, session, found, 'removed', record, actor);
  });
  return {};
}

/** A subject whose version the person may change. @throws thing.absent, rights.missing */
async function findOwn(hub: Hub, actor: Actor, subject: Subject, versionId: string): Promise<FoundSubject> {
  const { kind, id } = subject;
  const found = await findSubject(hub, actor, subject);
  const record = await VersionModel.findOne({ _id: versionId, kind, subjectId: id }).lean();
  if (record === null) fail('thing.absent');
  const { judgement } = found;
  const part = await findParticipation(hub, actor.memberId, judgement.relationshipId);
  if (part === null) fail('thing.absent');
  const person = { memberId: actor.memberId, side: judgement.side, role: part.role };
  if (!mayChangeVersion({ ...person, mayWrite: judgement.mayWrite }, record)) fail('rights.missing');
  return found;
}

async function tell(
  hub: Hub,
  session: ClientSession,
  { archive, judgement }: { archive: FoundSubject['archive']; judgement: { side: Side } },
  change: What,
  record: VersionRecord,
  actor: Actor,
): Promise<Version> {
  const [version] = await presentVersions([record]);
  if (version === undefined) fail('thing.absent');
  const { memberId, name: memberName, companyName } = actor;
  const by = { memberId, memberName, companyName, side: judgement.side };
  const memberIds = await archive.readers({ kind: record.kind, id: record.subjectId });
  await hub.outbox.put(session, versionsChanged, { memberIds }, { change, version, by });
  return version;
}
