import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { DocumentLog } from '#server/base/live/log/document-log.ts';
import type { Author } from '#server/base/live/log/log-content.ts';
import type { Snapshot } from '#server/base/live/log/storage.ts';

const author: Author = { memberId: 'ada', side: 'buyer', at: new Date(0) };
const clients = [900, 100, 500];

/** A log whose writer has some client ids, and a document that edits under them in turn. */
function logOf(snapshot: Snapshot | null = null) {
  const owners = new Map(clients.map((client) => [client, author.memberId]));
  const log = new DocumentLog('test/x', { epoch: 'e', snapshot, tail: [], owners });
  const doc = new Y.Doc();
  const edits: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => edits.push(update));
  const store = (): void => {
    for (const edit of edits.splice(0)) log.push(edit, author);
    for (let part = log.take(); part !== null; part = log.take()) {
      if (part.batch !== null) log.committed(part.batch);
    }
  };
  let edited = 0;
  const edit = (count: number): void => {
    for (const end = edited + count; edited < end; edited += 1) {
      doc.clientID = clients[edited % clients.length] ?? 0;
      doc.getMap('m').set(`k${(edited * 7) % 41}`, edited);
    }
    store();
  };
  return { log, doc, edit, edits };
}

/** How many updates Yjs merges in one go at most. */
const mergedAtOnce = 16;

test('[LV27] a snapshot is merged in steps, between which others go on, pushes to the same document too', async () => {
  const { log, doc, edit } = logOf();
  edit(600);
  const whole = Y.mergeUpdates(log.everything().updates);
  let pauses = 0;
  const snapshot = await log.makeSnapshot({
    pause: async () => {
      pauses += 1;
      edit(1);
    },
  });
  expect(pauses).toBeGreaterThanOrEqual(600 / mergedAtOnce);
  expect(snapshot.seq).toBe(600);
  expect(snapshot.update).toEqual(whole);
  expect(snapshot.clocks).toEqual(new Map(clients.map((client) => [client, 200])));
  log.adoptSnapshot(snapshot);
  const copy = new Y.Doc();
  for (const update of log.everything().updates) Y.applyUpdate(copy, update);
  expect(log.storedSeq).toBe(600 + pauses);
  expect(copy.getMap('m').toJSON()).toEqual(doc.getMap('m').toJSON());
});

test('[LV27] the next snapshot holds the last one and all that came after it', async () => {
  const { log, doc, edit } = logOf();
  for (const count of [1, 40, 2, 300]) {
    edit(count);
    log.adoptSnapshot(await log.makeSnapshot({ pause: async () => undefined }));
  }
  expect(log.tailBytes).toBe(0);
  const copy = new Y.Doc();
  for (const update of log.everything().updates) Y.applyUpdate(copy, update);
  expect(log.everything().updates).toHaveLength(1);
  expect(Y.encodeStateVector(copy)).toEqual(Y.encodeStateVector(doc));
  expect(copy.getMap('m').toJSON()).toEqual(doc.getMap('m').toJSON());
});

test('[LV81] moments never go back, when the clock does, and after opening again', async () => {
  const { log, edits, doc } = logOf();
  const moments: number[] = [];
  const writeAt = (into: DocumentLog, ms: number): void => {
    doc.clientID = 100;
    doc.getMap('m').set('k', ms);
    for (const edit of edits.splice(0)) into.push(edit, { ...author, at: new Date(ms) });
    const batch = into.take()?.batch ?? null;
    for (const entry of batch?.entries ?? []) moments.push(entry.at.getTime());
    if (batch !== null) into.committed(batch);
  };
  for (const ms of [5, 9, 3, 10]) writeAt(log, ms);
  const snapshot = await log.makeSnapshot({ pause: async () => undefined });
  const owners = new Map([[100, author.memberId]]);
  const again = new DocumentLog('test/x', { epoch: 'e', snapshot, tail: [], owners });
  for (const ms of [2, 12]) writeAt(again, ms);
  expect(moments).toEqual([5, 9, 9, 10, 10, 12]);
});

test('[LV88] a snapshot gives back what it saves, also while more is on its way', async () => {
  const { log, doc, edit, edits } = logOf();
  edit(200);
  const sizes: number[] = [];
  const { content } = log;
  content.resized = (bytes) => sizes.push(bytes);
  const before = log.everything().bytes;
  const snapshot = await log.makeSnapshot({ pause: async () => undefined });
  doc.getMap('m').set('more', 1);
  for (const one of edits.splice(0)) log.push(one, author);
  log.adoptSnapshot(snapshot);
  expect(sizes).toEqual([log.everything().bytes - before]);
  expect(sizes[0]).toBeLessThan(0);
});
