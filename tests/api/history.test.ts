/** History through the real app: two companies with a plan, a colleague who only reads, and a stranger. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { createMongoStorage } from '#server/base/live/mongo-storage.ts';
import type { LogEntry } from '#server/base/live/storage.ts';
import type { Side } from '#shared/base/audience.ts';
import type { CallInput } from '#shared/base/call.ts';
import { createId } from '#shared/base/ids.ts';
import { dayMs, minuteMs } from '#shared/base/units.ts';
import * as calls from '#shared/history/calls.ts';
import { decodeMoment, decodeRange } from '#shared/history/moment-bytes.ts';
import { historyLimits } from '#shared/history/shape.ts';
import {
  acceptPartnerInvitation,
  invitePartner,
  removeParticipant,
  setParticipant,
} from '#shared/partners/calls.ts';
import { acceptColleagueInvitation, inviteColleague, removeMember } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { createPlan } from '#shared/plans/calls.ts';
import { noteDocumentName, planDocumentNames } from '#shared/plans/doc.ts';
import { createTaskId } from '#shared/plans/task.ts';
import { secretOf, startApp, type TestApp } from '#tests/support/app.ts';

const absent = { status: 404, body: { code: 'thing.absent' } };
const refused = { status: 403, body: { code: 'rights.missing' } };

let app: TestApp;
let buyer: SignedIn;
let supplier: SignedIn;
let rival: SignedIn;
let relationshipId: string;
let count = 0;
beforeAll(async () => {
  app = await startApp({ settings: { LIMIT_STRICT_PER_ACCOUNT: '100000' } });
  buyer = await app.company('Aegean Marine', 'Eleni Doukas');
  supplier = await app.company('Gdansk Pumps', 'Piotr Zielinski');
  rival = await app.company('Rival Works', 'Ruth Vogel');
  const offer = { relationshipName: 'Pump', purpose: '', offeredSide: 'supplier' } as const;
  const { link } = await app.call(invitePartner, { ...offer, email: supplier.me.member.email }, buyer);
  relationshipId = (await app.call(acceptPartnerInvitation, { secret: secretOf(link) }, supplier)).id;
});
afterAll(() => app?.remove());

/** A colleague of the buyer with a role in the relationship. */
async function colleague(role: 'viewer' | 'editor', name: string): Promise<SignedIn> {
  count += 1;
  const email = `colleague${count}@x.example`;
  const { link } = await app.call(inviteColleague, { email, role: 'member' }, buyer);
  const accept = { secret: secretOf(link), name, password: 'a quiet harbour' };
  const one = await app.call(acceptColleagueInvitation, accept);
  await app.call(setParticipant, { relationshipId, memberId: one.me.member.id, role }, buyer);
  return one;
}

/** A plan whose documents are written to as the live engine would, from two days ago on, at a clock of its own. */
async function writtenPlan() {
  const plan = await app.call(createPlan, { relationshipId, name: 'Launch' }, buyer);
  const storage = createMongoStorage();
  const docs = new Map<string, { doc: Y.Doc; entries: LogEntry[] }>();
  let atMs = app.hub.now().getTime() - 2 * dayMs;
  const write = async (by: SignedIn, side: Side, document: string, edit: (doc: Y.Doc) => void) => {
    const known = docs.get(document) ?? { doc: new Y.Doc(), entries: [] };
    if (!docs.has(document)) await storage.open(document);
    docs.set(document, known);
    const heard: Uint8Array[] = [];
    known.doc.once('update', (update: Uint8Array) => heard.push(update));
    known.doc.clientID = createClientId(by);
    known.doc.transact(() => edit(known.doc));
    const seq = known.entries.length + 1;
    const at = new Date(atMs);
    const [update] = heard;
    if (update === undefined) throw new Error('nothing was written');
    const { from, to } = Y.parseUpdateMeta(update);
    const clocks = Array.from(to, ([client, end]) => ({ client, from: from.get(client) ?? 0, to: end }));
    const entry = { seq, first: seq, update, memberId: by.me.member.id, side, at, since: at, clocks };
    known.entries.push(entry);
    expect(await storage.append([{ document, entries: [entry] }])).toEqual(new Set());
  };
  const names = planDocumentNames(plan.id);
  const note = noteDocumentName(plan.id, createTaskId('buyer'));
  const now = () => new Date(atMs);
  const pass = (ms: number) => {
    atMs += ms;
  };
  return { subject: { kind: 'plan', id: plan.id }, names, note, write, start: now(), now, pass };
}

/** A client id of a person's own, as tabs have. */
function createClientId({ me }: SignedIn): number {
  return Array.from(me.member.id).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffffffff, 7);
}

const write = (text: string) => (doc: Y.Doc) => {
  doc.getText('text').insert(doc.getText('text').length, text);
};

type MomentInput = CallInput<typeof calls.readMoment>;

async function momentAt(
  subject: { kind: string; id: string },
  at: Date,
  by: SignedIn,
  more: Partial<MomentInput> = {},
) {
  const query = new URLSearchParams({ at: at.toISOString(), ...more } as Record<string, string>);
  const path = `/api/history/${subject.kind}/${subject.id}/moment?${query}`;
  const answer = await app.fetch(path, { headers: { authorization: `Bearer ${by.accessToken}` } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  return decodeMoment(await answer.bytes());
}

function textOf(update: Uint8Array): string {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc.getText('text').toString();
}

describe('changes', () => {
  test('[HI3] are told per person and stretch of work, over all documents, newest first', async () => {
    const { subject, names, note, write: put, start, pass } = await writtenPlan();
    await put(buyer, 'buyer', names.shared, write('a'));
    pass(4 * minuteMs);
    await put(supplier, 'supplier', names.supplier, write('b'));
    pass(1);
    await put(buyer, 'buyer', note, write('c'));
    pass(historyLimits.pauseMs + 1);
    await put(buyer, 'buyer', note, write('d'));
    const { changes, before } = await app.call(calls.listChanges, subject, supplier);
    expect(before).toBeNull();
    const at = (ms: number) => new Date(start.getTime() + ms).toISOString();
    const eleni = {
      memberId: buyer.me.member.id,
      memberName: 'Eleni Doukas',
      companyName: 'Aegean Marine',
      side: 'buyer',
    };
    expect(changes).toEqual([
      {
        ...eleni,
        from: at(9 * minuteMs + 2),
        to: at(9 * minuteMs + 2),
        edits: 1,
        documents: [{ document: note, first: 2, last: 2 }],
      },
      {
        ...eleni,
        from: at(0),
        to: at(4 * minuteMs + 1),
        edits: 2,
        documents: expect.arrayContaining([
          { document: names.shared, first: 1, last: 1 },
          { document: note, first: 1, last: 1 },
        ]),
      },
      expect.objectContaining({ memberName: 'Piotr Zielinski', side: 'supplier', edits: 1 }),
    ]);
    const one = await app.call(calls.listChanges, { ...subject, documents: note }, supplier);
    expect(one.changes.map(({ edits }) => edits)).toEqual([1, 1]);
  });

  test('[HI4] come in pages that join without loss, and a page looks at few entries of a long log', async () => {
    const { subject, names, now, pass } = await writtenPlan();
    const storage = createMongoStorage();
    await storage.open(names.shared);
    const total = 12_000;
    const update = Uint8Array.of(0, 0);
    const start = now().getTime();
    const people = [buyer, supplier];
    for (let first = 1; first <= total; first += 200) {
      const entries = Array.from({ length: 200 }, (_, place): LogEntry => {
        const seq = first + place;
        const at = new Date(start + seq * 1_000 + (seq % 300 === 0 ? 0 : 1));
        const by = people[Math.floor(seq / 700) % 2] ?? buyer;
        const side = by === buyer ? 'buyer' : 'supplier';
        return { seq, first: seq, update, memberId: by.me.member.id, side, at, since: at, clocks: [] };
      });
      await storage.append([{ document: names.shared, entries }]);
    }
    pass(total * 1_000);
    let before: string | null | undefined;
    let edits = 0;
    let pages = 0;
    while (before !== null) {
      const page = await app.call(
        calls.listChanges,
        { ...subject, ...(before === undefined ? {} : { before }) },
        buyer,
      );
      const sum = page.changes.reduce((all, change) => all + change.edits, 0);
      expect(sum).toBeLessThanOrEqual(historyLimits.entriesPerPage + 1);
      expect(page.changes.length).toBeLessThanOrEqual(historyLimits.changesPerPage);
      for (const change of page.changes) expect(change.to < (before ?? '9')).toBe(true);
      edits += sum;
      pages += 1;
      before = page.before;
    }
    expect(edits).toBe(total);
    expect(pages).toBe(Math.ceil(total / historyLimits.entriesPerPage));
  });

  test('[HI14] name those who have left by the name they had', async () => {
    const { subject, names, write: put } = await writtenPlan();
    const gone = await colleague('editor', 'Gone Person');
    await put(gone, 'buyer', names.shared, write('x'));
    await app.call(removeMember, { memberId: gone.me.member.id }, buyer);
    const { changes } = await app.call(calls.listChanges, subject, supplier);
    expect(changes).toMatchObject([{ memberName: 'Gone Person', companyName: 'Aegean Marine' }]);
  });
});

describe('moments', () => {
  test('[HI2, HI5, HI6] are the documents as they were, with who wrote and who deleted', async () => {
    const { subject, names, write: put, now, pass } = await writtenPlan();
    await put(buyer, 'buyer', names.shared, write('Hello'));
    const early = now();
    pass(minuteMs);
    await put(supplier, 'supplier', names.shared, write(' world'));
    pass(minuteMs);
    await put(supplier, 'supplier', names.shared, (doc) => doc.getText('text').delete(0, 4));
    const before = await momentAt(subject, new Date(early.getTime() - 1), supplier);
    expect(before.documents.map(({ document, seq }) => [document, seq])).toEqual(
      Object.values(names)
        .sort()
        .map((name) => [name, 0]),
    );
    const first = await momentAt(subject, early, supplier);
    const shared = first.documents.find(({ document }) => document === names.shared);
    expect([shared?.seq, textOf(shared?.update ?? new Uint8Array())]).toEqual([1, 'Hello']);
    expect(first.authors).toEqual([
      {
        memberId: buyer.me.member.id,
        memberName: 'Eleni Doukas',
        companyName: 'Aegean Marine',
        side: 'buyer',
      },
    ]);
    const late = await momentAt(subject, now(), buyer, { documents: names.shared });
    expect(late.documents.map(({ update }) => textOf(update))).toEqual(['o world']);
    const told = late.documents[0];
    const nameOf = (author: number) => late.authors[author]?.memberName;
    expect(told?.written.map(({ from, to, author }) => [from, to, nameOf(author)])).toEqual(
      expect.arrayContaining([
        [0, 5, 'Eleni Doukas'],
        [0, 6, 'Piotr Zielinski'],
      ]),
    );
    expect(told?.deleted.map(({ from, to, author }) => [from, to, nameOf(author)])).toEqual([
      [0, 4, 'Piotr Zielinski'],
    ]);
  });

  test('[HI8] a range applied to a moment gives every moment between', async () => {
    const { subject, names, note, write: put, now, pass } = await writtenPlan();
    const moments: Date[] = [];
    for (const [place, document] of [names.shared, note, names.shared, names.buyer, note].entries()) {
      await put(buyer, 'buyer', document, write(`${place}`));
      moments.push(now());
      pass(minuteMs);
    }
    const [from, to] = [moments[0]?.toISOString() ?? '', now().toISOString()];
    const path = `/api/history/plan/${subject.id}/range?${new URLSearchParams({ from, to })}`;
    const answer = await app.fetch(path, { headers: { authorization: `Bearer ${supplier.accessToken}` } });
    const range = decodeRange(await answer.bytes());
    expect(range.untilMs).toBe(Date.parse(to));
    expect(range.steps.map(({ document, first, atMs }) => [range.documents[document], first, atMs])).toEqual([
      [note, 1, moments[1]?.getTime()],
      [names.shared, 2, moments[2]?.getTime()],
      [names.buyer, 1, moments[3]?.getTime()],
      [note, 2, moments[4]?.getTime()],
    ]);
    const docs = new Map(range.documents.map((name) => [name, new Y.Doc()]));
    const start = await momentAt(subject, new Date(from), supplier);
    for (const { document, update } of start.documents)
      Y.applyUpdate(docs.get(document) ?? new Y.Doc(), update);
    for (const step of range.steps) {
      Y.applyUpdate(docs.get(range.documents[step.document] ?? '') ?? new Y.Doc(), step.update);
      const moment = await momentAt(subject, new Date(step.atMs), supplier);
      for (const { document, update } of moment.documents) {
        expect(docs.get(document)?.getText('text').toString()).toBe(textOf(update));
      }
    }
  });
});

describe('who reads history', () => {
  test('[HI7] a stranger finds what is not there, and a right taken away takes the past away', async () => {
    const { subject, names, write: put } = await writtenPlan();
    await put(buyer, 'buyer', names.shared, write('x'));
    const viewer = await colleague('viewer', 'Vera Only');
    const at = app.hub.now().toISOString();
    const asks = (one: { kind: string; id: string }, by: SignedIn) => [
      app.ask(calls.listChanges, one, by),
      app.ask(calls.readMoment, { ...one, at }, by),
      app.ask(calls.readRange, { ...one, from: at, to: at }, by),
      app.ask(calls.listVersions, one, by),
      app.ask(calls.nameVersion, { ...one, name: 'Mine' }, by),
    ];
    const others = [
      { kind: 'plan', id: createId() },
      { kind: 'nothing', id: subject.id },
      { kind: 'plan-note', id: subject.id },
    ];
    for (const one of [subject, ...others]) {
      for (const answer of await Promise.all(asks(one, rival))) expect(answer).toMatchObject(absent);
    }
    for (const one of others) {
      for (const answer of await Promise.all(asks(one, buyer))) expect(answer).toMatchObject(absent);
    }
    const foreign = await writtenPlan();
    const named = { ...subject, documents: foreign.names.shared };
    expect(await app.ask(calls.listChanges, named, buyer)).toMatchObject(absent);
    expect((await momentAt(subject, app.hub.now(), viewer)).documents).toHaveLength(3);
    expect(await app.ask(calls.nameVersion, { ...subject, name: 'x' }, viewer)).toMatchObject(refused);
    await app.call(removeParticipant, { relationshipId, memberId: viewer.me.member.id }, buyer);
    for (const answer of await Promise.all(asks(subject, viewer))) expect(answer).toMatchObject(absent);
  });
});

describe('named versions', () => {
  test('[HI11] whoever may write names a moment, now or earlier; a moment to come is now', async () => {
    const { subject, start } = await writtenPlan();
    const now = app.hub.now().toISOString();
    const first = await app.call(calls.nameVersion, { ...subject, name: 'Agreed' }, buyer);
    expect(first).toMatchObject({ name: 'Agreed', at: now, memberName: 'Eleni Doukas', side: 'buyer' });
    const at = start.toISOString();
    const second = await app.call(calls.nameVersion, { ...subject, name: 'Start', at }, supplier);
    expect(second).toMatchObject({ at, createdAt: now, companyName: 'Gdansk Pumps', side: 'supplier' });
    const late = { ...subject, name: 'Later', at: new Date(Date.parse(now) + 1).toISOString() };
    const third = await app.call(calls.nameVersion, late, buyer);
    expect(third.at).toBe(now);
    const list = await app.call(calls.listVersions, subject, supplier);
    expect(list.at(-1)).toEqual(second);
    expect(list).toHaveLength(3);
  });

  test('[HI11] at most so many of one subject', async () => {
    const { subject } = await writtenPlan();
    const { VersionModel } = await import('#server/history/model.ts');
    const at = app.hub.now();
    const rest = { kind: 'plan', subjectId: subject.id, name: 'v', at, createdAt: at, memberId: createId() };
    await VersionModel.insertMany(
      Array.from({ length: historyLimits.versions }, () => ({ _id: createId(), ...rest, side: 'buyer' })),
    );
    expect(await app.ask(calls.nameVersion, { ...subject, name: 'x' }, buyer)).toMatchObject({
      status: 409,
      body: { code: 'history.versionsFull' },
    });
  });

  test('[HI12, HI13] its maker or a lead of that side renames and removes it, and all who read it hear who did', async () => {
    const { subject } = await writtenPlan();
    const editor = await colleague('editor', 'Ed Itor');
    const elsewhere = { kind: 'plan', id: (await writtenPlan()).subject.id };
    const put = vi.spyOn(app.hub.outbox, 'put');
    const version = await app.call(calls.nameVersion, { ...subject, name: 'First' }, editor);
    const one = { ...subject, versionId: version.id };
    expect(await app.ask(calls.renameVersion, { ...one, name: 'x' }, supplier)).toMatchObject(refused);
    expect(await app.ask(calls.removeVersion, one, supplier)).toMatchObject(refused);
    const theirs = await app.call(calls.nameVersion, { ...subject, name: 'Lead' }, buyer);
    expect(await app.ask(calls.removeVersion, { ...subject, versionId: theirs.id }, editor)).toMatchObject(
      refused,
    );
    expect((await app.call(calls.renameVersion, { ...one, name: 'Second' }, editor)).name).toBe('Second');
    await app.call(calls.removeVersion, one, buyer);
    expect(await app.ask(calls.removeVersion, one, buyer)).toMatchObject(absent);
    expect(await app.ask(calls.removeVersion, { ...elsewhere, versionId: theirs.id }, buyer)).toMatchObject(
      absent,
    );
    const told = put.mock.calls.map(([, event, { memberIds }, payload]) => ({ event, memberIds, payload }));
    expect(told.map(({ payload }) => payload)).toMatchObject([
      { change: 'named', version: { name: 'First' } },
      { change: 'named' },
      { change: 'renamed', version: { name: 'Second' }, by: { memberName: 'Ed Itor' } },
      { change: 'removed', version: { name: 'Second' }, by: { memberName: 'Eleni Doukas', side: 'buyer' } },
    ]);
    const readers = [buyer, supplier, editor].map(({ me }) => me.member.id);
    for (const { event, memberIds } of told) {
      expect(event).toBe(calls.versionsChanged);
      expect(memberIds).toEqual(expect.arrayContaining(readers));
      expect(memberIds).not.toContain(rival.me.member.id);
    }
    put.mockRestore();
  });
});
