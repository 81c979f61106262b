/** First loads too large for a socket, by HTTP. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createId } from '#shared/base/ids.ts';
import { liveLimits, liveLoadHeaders, liveLoadPath, type UpdatesFrame } from '#shared/base/live.ts';
import { decodeLoad } from '#shared/base/live-frame.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { type LiveTab, openTab } from '#tests/support/live-tab.ts';

let hub: LiveHub;
let document: string;

beforeEach(async () => {
  hub = await startLiveHub();
  document = `test/${createId()}`;
});
afterEach(() => hub.stop());

async function tabOf(name: string): Promise<{ tab: LiveTab; token: string }> {
  const { token, actor } = hub.addPerson(name);
  hub.setRight(document, actor.memberId, {});
  return { tab: await openTab(hub, token), token };
}

function load(token: string, name = document): Promise<Response> {
  return fetch(`${hub.address}${liveLoadPath(name)}`, { headers: { authorization: `Bearer ${token}` } });
}

test('[LV26] a large document travels by HTTP, and with the frames since then nothing is missing', async () => {
  const ada = await tabOf('Ada');
  await ada.tab.enter(document);
  const text = ada.tab.doc.getText('t');
  while (text.length <= liveLimits.socketLoadBytes) {
    text.insert(text.length, 'z'.repeat(200_000));
    await ada.tab.pushEdits(document);
  }
  const bo = await tabOf('Bo');
  const joined = await bo.tab.enter(document);
  expect(joined).toMatchObject({ load: 'http', updates: [] });
  text.insert(0, 'between ');
  await ada.tab.pushEdits(document);
  const response = await load(bo.token);
  text.insert(0, 'after ');
  await ada.tab.pushEdits(document);
  expect(response.status).toBe(200);
  expect(response.headers.get(liveLoadHeaders.epoch)).toBe(joined.epoch);
  expect(Number(response.headers.get(liveLoadHeaders.seq))).toBeGreaterThanOrEqual(joined.seq);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const updates = decodeLoad(new Uint8Array(await response.arrayBuffer()));
  for (const update of updates) Y.applyUpdate(bo.tab.doc, update, 'hub');
  await bo.tab.seen('updates', ({ seq }: UpdatesFrame) => seq === joined.seq + 2);
  expect(bo.tab.doc.getText('t').toString()).toBe(text.toString());
});

test('[LV26] the load asks for the same token and right as the socket, and answers foreign as absent', async () => {
  const ada = await tabOf('Ada');
  const foreign = `test/${createId()}`;
  hub.setRight(foreign, createId(), {});
  const answers = await Promise.all([
    load('nobody'),
    fetch(`${hub.address}${liveLoadPath(document)}`),
    load(ada.token, foreign),
    load(ada.token, `test/${createId()}`),
    load(ada.token, 'nothing/here'),
    load(ada.token, '../secrets'),
    load(ada.token, 'test/%2e%2e/x'),
  ]);
  const said = await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]));
  const absent = [404, { code: 'thing.absent' }];
  expect(said).toEqual([
    [401, { code: 'session.expired' }],
    [401, { code: 'session.missing' }],
    absent,
    absent,
    absent,
    [400, { code: 'input.invalid' }],
    [400, { code: 'input.invalid' }],
  ]);
  expect(hub.engine.roomCount()).toBe(0);
});

test('[LV26] a store that does not answer is said so, without its words', async () => {
  const ada = await tabOf('Ada');
  hub.storage.open = () => Promise.reject(new Error('mongodb://secret@host is away'));
  const response = await load(ada.token);
  expect([response.status, await response.json()]).toEqual([503, { code: 'live.storageFailed' }]);
});
