import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { DocumentIndex } from '#server/base/live/admission/document-index.ts';
import { DocumentLog } from '#server/base/live/log/document-log.ts';
import type { Author } from '#server/base/live/log/log-content.ts';
import { AppError } from '#shared/base/errors.ts';
import { liveLimits } from '#shared/base/live.ts';
import { take } from '#tests/support/admission-document.ts';

const author: Author = { memberId: 'ada', side: 'buyer', at: new Date(0) };

function indexOf(clients: readonly number[], stored: readonly Uint8Array[] = []): DocumentIndex {
  const owners = new Map(clients.map((client) => [client, 'ada']));
  return new DocumentIndex({ clocks: new Map(), owners, bytes: 0 }, () => stored);
}

/** What `edit` makes of a document whose edits stand under the client ids in turn. */
function editsInTurn(clients: readonly number[], count: number, edit: (doc: Y.Doc, at: number) => void) {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let at = 0; at < count; at += 1) {
    doc.clientID = clients[at % clients.length] ?? 0;
    edit(doc, at);
  }
  return { doc, updates };
}

test.each([
  ['the higher id first', [900, 100]],
  ['the lower id first', [100, 900]],
  ['three in turn', [500, 900, 100]],
])('[LV16] nesting stays within its limit after a snapshot and a new opening: %s', async (_, clients) => {
  const owners = new Map(clients.map((client) => [client, 'ada']));
  let log = new DocumentLog('test/x', { epoch: 'e', snapshot: null, tail: [], owners });
  const reopen = async (): Promise<void> => {
    const snapshot = await log.makeSnapshot({ pause: async () => undefined });
    log = new DocumentLog('test/x', { epoch: 'e', snapshot, tail: [], owners });
  };
  let inner: Y.Map<unknown> | null = null;
  const { updates } = editsInTurn(clients, liveLimits.nestingDepth + 1, (doc) => {
    const child = new Y.Map<unknown>();
    (inner ?? doc.getMap('m')).set('k', child);
    inner = child;
  });
  const last = updates.pop() ?? new Uint8Array();
  for (const update of updates) {
    log.push(update, author);
    const batch = log.take()?.batch;
    if (batch) log.committed(batch);
    await reopen();
  }
  expect(() => log.push(last, author)).toThrow(new AppError('live.tooDeep'));
});

test('[LV16] the depths read from merged edits of several ids are those counted as the edits came', () => {
  const clients = [7, 900, 30, 4_000, 12];
  const { updates } = editsInTurn(clients, 400, (doc, at) => {
    const rows = doc.getMap<Y.Map<unknown>>('rows');
    const row = [...rows.values()][at % 11];
    if (row === undefined || at % 9 === 0) rows.set(`r${at}`, new Y.Map());
    else if (at % 4 === 1) row.set('list', new Y.Array());
    else if (at % 4 === 2 && row.get('list') instanceof Y.Array)
      (row.get('list') as Y.Array<unknown>).insert(0, [new Y.Map(), at]);
    else row.set('x', at);
    doc.getText('t').insert((at * 13) % (doc.getText('t').length + 1), 'ab');
    if (at % 10 === 9) doc.getText('t').delete(at % 5, 2);
  });
  const live = indexOf(clients);
  for (const update of updates) take(live, update, 'ada');
  const stored = indexOf(clients, [Y.mergeUpdates(updates)]);
  let deepest = 0;
  for (const [client, clocks] of live.clocks) {
    for (let clock = 0; clock < clocks; clock += 1) {
      const depth = live.depthOf({ client, clock });
      deepest = Math.max(deepest, depth);
      expect(stored.depthOf({ client, clock })).toBe(depth);
    }
  }
  expect(deepest).toBeGreaterThan(2);
});

test('[LV16] a merged text that two people typed in turn, letter by letter, is read to its end', () => {
  const clients = [900, 100];
  const { doc, updates } = editsInTurn(clients, 3_000, (on) => {
    on.getText('t').insert(on.getText('t').length, 'x');
  });
  const stored = indexOf(clients, [Y.encodeStateAsUpdate(doc)]);
  expect(updates).toHaveLength(3_000);
  for (const client of clients) expect(stored.depthOf({ client, clock: 1_499 })).toBe(1);
});

test('[LV16] stored bytes that refer to what is not there are read to their end', () => {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  a.clientID = 1;
  b.clientID = 2;
  a.getText('t').insert(0, 'a');
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
  b.getText('t').insert(1, 'b');
  const orphan = Y.encodeStateAsUpdate(b, Y.encodeStateVector(a));
  expect(indexOf([1, 2], [orphan]).depthOf({ client: 2, clock: 0 })).toBe(1);
});
