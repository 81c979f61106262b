/** History through the real app: changes, moments, ranges, and who may read them. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { createMongoStorage } from '#server/base/live/log/mongo-storage.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { createId } from '#shared/base/ids.ts';
import { minuteMs } from '#shared/base/units.ts';
import * as calls from '#shared/history/calls.ts';
import { decodeRange } from '#shared/history/moment-bytes.ts';
import { historyLimits } from '#shared/history/shape.ts';
import { removeParticipant } from '#shared/partners/calls.ts';
import { removeMember } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { noteDocumentName } from '#shared/plans/doc.ts';
import { createTaskId } from '#shared/plans/task.ts';
import type { TestApp } from '#tests/support/app.ts';
import { type HistoryWorld, startHistoryWorld } from '#tests/support/history-world.ts';

const absent = { status: 404, body: { code: 'thing.absent' } };
const refused = { status: 403, body: { code: 'rights.missing' } };

let world: HistoryWorld;
let app: TestApp;
let buyer: SignedIn;
let supplier: SignedIn;
let rival: SignedIn;
beforeAll(async () => {
  world = await startHistoryWorld();
  ({ app, buyer, supplier, rival } = world);
});
afterAll(() => world?.app.remove());

const write = (text: string) => (doc: Y.Doc) => {
  doc.getText('text').insert(doc.getText('text').length, text);
};

function textOf(update: Uint8Array): string {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc.getText('text').toString();
}

describe('changes', () => {
  test('[HI3] are told per person and stretch of work, over all documents, newest first', async () => {
    const { subject, names, note, write: put, start, pass } = await world.writtenPlan();
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
    const { subject, names, now, pass } = await world.writtenPlan();
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
    const { subject, names, write: put } = await world.writtenPlan();
    const gone = await world.colleague('editor', 'Gone Person');
    await put(gone, 'buyer', names.shared, write('x'));
    await app.call(removeMember, { memberId: gone.me.member.id }, buyer);
    const { changes } = await app.call(calls.listChanges, subject, supplier);
    expect(changes).toMatchObject([{ memberName: 'Gone Person', companyName: 'Aegean Marine' }]);
  });
});

describe('moments', () => {
  test('[HI2, HI5, HI6] are the documents as they were, with who wrote and who deleted', async () => {
    const { subject, names, write: put, now, pass } = await world.writtenPlan();
    await put(buyer, 'buyer', names.shared, write('Hello'));
    const early = now();
    pass(minuteMs);
    await put(supplier, 'supplier', names.shared, write(' world'));
    pass(minuteMs);
    await put(supplier, 'supplier', names.shared, (doc) => doc.getText('text').delete(0, 4));
    const before = await world.momentAt(subject, new Date(early.getTime() - 1), supplier);
    expect(before.documents.map(({ document, seq }) => [document, seq])).toEqual(
      Object.values(names)
        .sort()
        .map((name) => [name, 0]),
    );
    const first = await world.momentAt(subject, early, supplier);
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
    const late = await world.momentAt(subject, now(), buyer, names.shared);
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
    const { subject, names, note, write: put, now, pass } = await world.writtenPlan();
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
    const start = await world.momentAt(subject, new Date(from), supplier);
    for (const { document, update } of start.documents)
      Y.applyUpdate(docs.get(document) ?? new Y.Doc(), update);
    for (const step of range.steps) {
      Y.applyUpdate(docs.get(range.documents[step.document] ?? '') ?? new Y.Doc(), step.update);
      const moment = await world.momentAt(subject, new Date(step.atMs), supplier);
      for (const { document, update } of moment.documents) {
        expect(docs.get(document)?.getText('text').toString()).toBe(textOf(update));
      }
    }
  });

  test('[HI15] leave out what is too much for one answer, name it, and give it by name', async () => {
    const { subject, names, now } = await world.writtenPlan();
    const notes = Array.from({ length: historyLimits.documentsPerAnswer }, () =>
      noteDocumentName(subject.id, createTaskId('buyer')),
    );
    const storage = createMongoStorage();
    await Promise.all(notes.map((note) => storage.open(note)));
    const at = now();
    const memberId = buyer.me.member.id;
    const rest = { memberId, side: 'buyer', at, since: at, clocks: [], update: Uint8Array.of(0, 0) } as const;
    const entries = [{ ...rest, seq: 1, first: 1, clocks: [] }];
    await storage.append(notes.map((document) => ({ document, entries })));
    const moment = await world.momentAt(subject, now(), supplier);
    const all = [...Object.values(names), ...notes].sort();
    expect(moment.documents.map(({ document }) => document)).toEqual(all.slice(0, notes.length));
    expect(moment.omitted).toEqual(all.slice(notes.length));
    const left = await world.momentAt(subject, now(), supplier, moment.omitted.join(','));
    expect(left.documents.map(({ document }) => document)).toEqual(moment.omitted);
    expect(left.omitted).toEqual([]);
  });
});

describe('who reads history', () => {
  test('[HI7] a stranger finds what is not there, and a right taken away takes the past away', async () => {
    const { subject, names, write: put } = await world.writtenPlan();
    await put(buyer, 'buyer', names.shared, write('x'));
    const viewer = await world.colleague('viewer', 'Vera Only');
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
    const foreign = await world.writtenPlan();
    const named = { ...subject, documents: foreign.names.shared };
    expect(await app.ask(calls.listChanges, named, buyer)).toMatchObject(absent);
    expect((await world.momentAt(subject, app.hub.now(), viewer)).documents).toHaveLength(3);
    expect(await app.ask(calls.nameVersion, { ...subject, name: 'x' }, viewer)).toMatchObject(refused);
    await app.call(
      removeParticipant,
      { relationshipId: world.relationshipId, memberId: viewer.me.member.id },
      buyer,
    );
    for (const answer of await Promise.all(asks(subject, viewer))) expect(answer).toMatchObject(absent);
  });

  test('[HI7] who loses the right while the past is being read gets none of it', async () => {
    const { subject, names, write: put, now } = await world.writtenPlan();
    await put(buyer, 'buyer', names.shared, write('x'));
    const at = now().toISOString();
    const archive = app.hub.live?.archive;
    if (archive === undefined) throw new Error('no engine');
    const asks = [
      () => app.ask(calls.listChanges, subject, supplier),
      () => app.ask(calls.readMoment, { ...subject, at }, supplier),
      () => app.ask(calls.readRange, { ...subject, from: at, to: at }, supplier),
    ];
    for (const ask of asks) {
      const { judge } = archive;
      const judging = vi.spyOn(archive, 'judge').mockImplementationOnce(judge).mockResolvedValueOnce(null);
      expect(await ask()).toMatchObject(absent);
      expect(judging).toHaveBeenCalledTimes(2);
      judging.mockRestore();
    }
  });
});
