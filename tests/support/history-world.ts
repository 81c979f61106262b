/** Two companies with plans that have a past, and a stranger, on the real app. */
import { expect } from 'vitest';
import * as Y from 'yjs';
import { createMongoStorage } from '#server/base/live/log/mongo-storage.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import type { Side } from '#shared/base/audience.ts';
import { dayMs } from '#shared/base/units.ts';
import { decodeMoment, type Moment } from '#shared/history/moment-bytes.ts';
import type { Subject } from '#shared/history/shape.ts';
import { acceptPartnerInvitation, invitePartner, setParticipant } from '#shared/partners/calls.ts';
import { acceptColleagueInvitation, inviteColleague } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { createPlan } from '#shared/plans/calls.ts';
import { noteDocumentName, type PlanDocs, planDocumentNames } from '#shared/plans/doc.ts';
import { createTaskId } from '#shared/plans/task.ts';
import { secretOf, startApp, type TestApp } from '#tests/support/app.ts';

/** A plan whose documents are written to as the live engine would, from two days ago on, at a clock of its own. */
export interface WrittenPlan {
  subject: Subject;
  names: Record<keyof PlanDocs, string>;
  note: string;
  /** Makes one edit durable. */
  write(by: SignedIn, side: Side, document: string, edit: (doc: Y.Doc) => void): Promise<void>;
  start: Date;
  now(): Date;
  pass(ms: number): void;
}

/** The world of the tests. */
export interface HistoryWorld {
  app: TestApp;
  /** Leads of their companies, in one relationship. */
  buyer: SignedIn;
  supplier: SignedIn;
  /** Of a third company. */
  rival: SignedIn;
  relationshipId: string;
  /** A colleague of the buyer with a role in the relationship. */
  colleague(role: 'viewer' | 'editor', name: string): Promise<SignedIn>;
  writtenPlan(): Promise<WrittenPlan>;
  momentAt(subject: Subject, at: Date, by: SignedIn, documents?: string): Promise<Moment>;
}

/** Starts the app with its companies. */
export async function startHistoryWorld(): Promise<HistoryWorld> {
  const app = await startApp({ settings: { LIMIT_STRICT_PER_ACCOUNT: '100000' } });
  const buyer = await app.company('Aegean Marine', 'Eleni Doukas');
  const supplier = await app.company('Gdansk Pumps', 'Piotr Zielinski');
  const rival = await app.company('Rival Works', 'Ruth Vogel');
  const offer = { relationshipName: 'Pump', purpose: '', offeredSide: 'supplier' } as const;
  const { link } = await app.call(invitePartner, { ...offer, email: supplier.me.member.email }, buyer);
  const { id: relationshipId } = await app.call(
    acceptPartnerInvitation,
    { secret: secretOf(link) },
    supplier,
  );
  let count = 0;
  return {
    app,
    buyer,
    supplier,
    rival,
    relationshipId,
    async colleague(role, name) {
      count += 1;
      const email = `colleague${count}@x.example`;
      const invited = await app.call(inviteColleague, { email, role: 'member' }, buyer);
      const accept = { secret: secretOf(invited.link), name, password: 'a quiet harbour' };
      const one = await app.call(acceptColleagueInvitation, accept);
      await app.call(setParticipant, { relationshipId, memberId: one.me.member.id, role }, buyer);
      return one;
    },
    async writtenPlan() {
      const { id } = await app.call(createPlan, { relationshipId, name: 'Launch' }, buyer);
      return planWithPast(id, app.hub.now().getTime() - 2 * dayMs);
    },
    async momentAt({ kind, id }, at, by, documents) {
      const named = documents === undefined ? {} : { documents };
      const query = new URLSearchParams({ at: at.toISOString(), ...named });
      const headers = { authorization: `Bearer ${by.accessToken}` };
      const answer = await app.fetch(`/api/history/${kind}/${id}/moment?${query}`, { headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
      return decodeMoment(await answer.bytes());
    },
  };
}

function planWithPast(planId: string, startMs: number): WrittenPlan {
  const storage = createMongoStorage();
  const docs = new Map<string, { doc: Y.Doc; seq: number }>();
  let atMs = startMs;
  return {
    subject: { kind: 'plan', id: planId },
    names: planDocumentNames(planId),
    note: noteDocumentName(planId, createTaskId('buyer')),
    start: new Date(startMs),
    now: () => new Date(atMs),
    pass(ms) {
      atMs += ms;
    },
    async write(by, side, document, edit) {
      const known = docs.get(document) ?? { doc: new Y.Doc(), seq: 0 };
      if (!docs.has(document)) await storage.open(document);
      docs.set(document, known);
      known.seq += 1;
      const update = editAs(by, known.doc, edit);
      const { from, to } = Y.parseUpdateMeta(update);
      const clocks = Array.from(to, ([client, end]) => ({ client, from: from.get(client) ?? 0, to: end }));
      const at = new Date(atMs);
      const { seq } = known;
      const memberId = by.me.member.id;
      const entry: LogEntry = { seq, first: seq, update, memberId, side, at, since: at, clocks };
      expect(await storage.append([{ document, entries: [entry] }])).toEqual(new Set());
    },
  };
}

/** Each person writes under a client id of their own, as tabs do. */
function editAs({ me }: SignedIn, doc: Y.Doc, edit: (doc: Y.Doc) => void): Uint8Array {
  const heard: Uint8Array[] = [];
  doc.once('update', (update: Uint8Array) => heard.push(update));
  doc.clientID = Array.from(me.member.id).reduce(
    (sum, one) => (sum * 31 + one.charCodeAt(0)) % 0xffffffff,
    7,
  );
  doc.transact(() => edit(doc));
  const [update] = heard;
  if (update === undefined) throw new Error('nothing was written');
  return update;
}
