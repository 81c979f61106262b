/** Two people edit one document over real sockets. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createId } from '#shared/base/ids.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { openTab } from '#tests/support/live-tab.ts';

let hub: LiveHub;
let document: string;

beforeEach(async () => {
  hub = await startLiveHub();
  document = `test/${createId()}`;
});
afterEach(() => hub.stop());

async function tabOf(name: string, side: 'buyer' | 'supplier') {
  const person = hub.addPerson(name, side);
  hub.setRight(document, person.actor.memberId, { side });
  return openTab(hub, person.token);
}

test('[LV21] what one types is durable, numbered, and with the other', async () => {
  const ada = await tabOf('Ada', 'buyer');
  const bo = await tabOf('Bo', 'supplier');
  await ada.enter(document);
  await bo.enter(document);
  ada.doc.getText('t').insert(0, 'hello');
  expect(await ada.pushEdits(document)).toBe(1);
  await bo.seen('updates');
  expect(bo.doc.getText('t').toString()).toBe('hello');
  bo.doc.getText('t').insert(5, ' you');
  expect(await bo.pushEdits(document)).toBe(2);
  await ada.seen('updates');
  expect(ada.doc.getText('t').toString()).toBe('hello you');
  const log = await hub.storage.entriesAfter(document, 0, 10);
  expect(log.map((entry) => [entry.seq, entry.side])).toEqual([
    [1, 'buyer'],
    [2, 'supplier'],
  ]);
  expect(hub.logged).toEqual([]);
});
