/** A second process of the hub: changes rights in the database of the first, which hears no signal of it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import mongoose from 'mongoose';
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import { createSignals } from '#server/base/signals.ts';
import { startEmbeddedDatabase } from '#server/embedded-db/start.ts';
import { changeRelationshipState, removeParticipant, setParticipant } from '#server/partners/commands.ts';
import { removeMember } from '#server/people/members.ts';
import { endSessions } from '#server/people/sessions.ts';
import { changePlan } from '#server/plans/commands.ts';
import type { RelationshipState } from '#shared/partners/shape.ts';

/** One way in which rights are taken. */
export type Withdrawal =
  | { way: 'removed'; relationshipId: string; memberId: string }
  | { way: 'lowered'; relationshipId: string; memberId: string }
  | { way: 'deactivated'; memberId: string }
  | { way: 'signedOut'; sessionId: string }
  | { way: 'signedOutEverywhere'; memberId: string }
  | { way: 'state'; relationshipId: string; state: RelationshipState }
  | { way: 'plan'; planId: string; state: 'active' | 'archived' };

/** Takes rights by the same commands as the calls of a hub. */
export async function withdraw(hub: Hub, by: Actor, what: Withdrawal): Promise<void> {
  if (what.way === 'removed') await removeParticipant(hub, by, what);
  else if (what.way === 'lowered') await setParticipant(hub, by, { ...what, role: 'viewer' });
  else if (what.way === 'deactivated') await removeMember(hub, by, what);
  else if (what.way === 'signedOut') await endSessions(hub, { _id: what.sessionId });
  else if (what.way === 'signedOutEverywhere') await endSessions(hub, { memberId: what.memberId });
  else if (what.way === 'state') await changeRelationshipState(hub, by, what);
  else await changePlan(hub, by, what);
}

/** The other process as a test sees it. */
export interface OtherHub {
  withdraw(by: Actor, what: Withdrawal): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on the database that the hub of a data folder has open. */
export async function startOtherHub(dataDir: string, uri: string | undefined): Promise<OtherHub> {
  const child: ChildProcess = fork(import.meta.filename, {
    env: { ...process.env, OTHER_HUB: dataDir, OTHER_HUB_URI: uri ?? '' },
  });
  const answers = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  let count = 0;
  child.on('message', ({ id, error }: { id: number; error?: string }) => {
    const waiting = answers.get(id);
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(new Error(error));
  });
  await once(child, 'message');
  return {
    withdraw(by, what) {
      count += 1;
      const id = count;
      child.send({ id, by, what });
      return new Promise((resolve, reject) => answers.set(id, { resolve, reject }));
    },
    async stop() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** What the other process does, until the first one lets go of it. */
async function serve(dataDir: string, given: string): Promise<void> {
  const joined = given === '' ? await startEmbeddedDatabase({ dataDir, whenOpenElsewhere: 'join' }) : null;
  await mongoose.connect(joined?.uri ?? given, joined === null ? {} : { dbName: 'tandem' });
  const hub = {
    signals: createSignals(),
    outbox: { put: () => Promise.resolve() },
    now: () => new Date(),
  } as unknown as Hub;
  process.on('message', ({ id, by, what }: { id: number; by: Actor; what: Withdrawal }) => {
    withdraw(hub, by, what).then(
      () => process.send?.({ id }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.({ id: 0 });
}

const { OTHER_HUB: dataDir, OTHER_HUB_URI: uri = '' } = process.env;
if (dataDir !== undefined && process.send !== undefined) await serve(dataDir, uri);
