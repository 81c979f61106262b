/** Presence over real sockets: true, bounded, and gone with its connection. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createId } from '#shared/base/ids.ts';
import { liveLimits, type PresenceFrame } from '#shared/base/live.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { type LiveTab, openTab } from '#tests/support/live-tab.ts';

let hub: LiveHub;
let document: string;

beforeEach(async () => {
  hub = await startLiveHub();
  document = `test/${createId()}`;
});
afterEach(() => hub.stop());

async function joined(name: string, side: 'buyer' | 'supplier' = 'buyer') {
  const { token, actor } = hub.addPerson(name, side);
  hub.setRight(document, actor.memberId, { side });
  const tab = await openTab(hub, token);
  const answer = await tab.enter(document);
  return { tab, actor, answer };
}

const presences = (tab: LiveTab): PresenceFrame[] =>
  tab.received.filter((one) => one.name === 'presence').map((one) => one.message as PresenceFrame);

test('[LV30] others see who somebody is as the hub knows it, and where they say they are', async () => {
  const ada = await joined('Ada');
  const bo = await joined('Bo', 'supplier');
  const person = {
    clientId: bo.tab.doc.clientID,
    memberId: bo.actor.memberId,
    name: 'Bo',
    companyName: 'supplier company',
    side: 'supplier',
    place: null,
  };
  expect(bo.answer.people.map((one) => one.name)).toEqual(['Ada', 'Bo']);
  expect(await ada.tab.seen('presence')).toEqual({ document, came: [person] });
  await bo.tab.ask('presence', { document, place: { row: 3, name: 'Ada', side: 'buyer' } });
  const moved = await ada.tab.seen('presence', (frame: PresenceFrame) => frame.moved !== undefined);
  expect(moved).toEqual({ document, moved: [[person.clientId, { row: 3, name: 'Ada', side: 'buyer' }]] });
});

test('[LV30] who takes another name is shown by it at once, and to those who come later', async () => {
  const ada = await joined('Ada');
  const bo = await joined('Bo', 'supplier');
  await ada.tab.seen('presence');
  for (const [token, actor] of hub.people) {
    if (actor === bo.actor) hub.people.set(token, { ...actor, name: 'Bodil' });
  }
  hub.signals.send({ kind: 'memberChanged', memberId: bo.actor.memberId });
  const isRenamed = ({ came }: PresenceFrame) => came?.some((person) => person.name === 'Bodil') ?? false;
  expect(await ada.tab.seen('presence', isRenamed)).toMatchObject({
    came: [{ clientId: bo.tab.doc.clientID, memberId: bo.actor.memberId, side: 'supplier' }],
  });
  const cy = await joined('Cy');
  expect(cy.answer.people.map((one) => one.name)).toEqual(['Ada', 'Bodil', 'Cy']);
});

test('[LV30] who takes another name and leaves in the same moment is gone', async () => {
  const ada = await joined('Ada');
  const bo = await joined('Bo');
  for (let trial = 0; trial < 20; trial += 1) {
    await bo.tab.enter(document);
    ada.tab.received.length = 0;
    for (const [token, actor] of hub.people) {
      if (actor.memberId === bo.actor.memberId) hub.people.set(token, { ...actor, name: `Bo ${trial}` });
    }
    hub.signals.send({ kind: 'memberChanged', memberId: bo.actor.memberId });
    await bo.tab.ask('leave', { document });
    const isGone = ({ left }: PresenceFrame) => left?.includes(bo.tab.doc.clientID) ?? false;
    expect(await ada.tab.seen('presence', isGone)).toBeTruthy();
  }
});

test('[LV30] whatever else a client sends of itself is refused, and reaches nobody', async () => {
  const ada = await joined('Ada');
  const eve = await joined('Eve');
  await ada.tab.seen('presence');
  const before = presences(ada.tab).length;
  const lies = [
    { document, place: {}, name: 'Ada' },
    { document, place: {}, memberId: ada.actor.memberId },
    { document, place: {}, side: 'supplier' },
    { document, place: {}, clientId: ada.tab.doc.clientID },
    { document, place: [], people: [] },
  ];
  for (const lie of lies)
    expect(await eve.tab.ask('presence', lie)).toEqual({ ok: false, code: 'input.invalid' });
  expect(await eve.tab.join(document, { name: 'Ada' })).toEqual({ ok: false, code: 'input.invalid' });
  await ada.tab.ask('leave', { document: 'test/x' });
  expect(presences(ada.tab)).toHaveLength(before);
});

test('[LV31] a place has at most 4 KB and moves at most 20 times a second', async () => {
  const ada = await joined('Ada');
  const ask = (place: unknown) => ada.tab.ask('presence', { document, place });
  expect(await ask({ text: 'é'.repeat(liveLimits.presenceBytes / 2) })).toEqual({
    ok: false,
    code: 'input.tooLarge',
  });
  expect(await ask({ text: 'x'.repeat(liveLimits.presenceBytes - 20) })).toEqual({ ok: true });
  hub.time.advance(1_000);
  const answers = await Promise.all(Array.from({ length: 21 }, (_, row) => ask({ row })));
  expect(answers.filter((answer) => (answer as { ok: boolean }).ok)).toHaveLength(20);
  expect(answers.at(-1)).toEqual({ ok: false, code: 'rate.limited' });
  hub.time.advance(50);
  expect(await ask(null)).toEqual({ ok: true });
});

test('[LV61] what no JSON shows is no place: keys without a value, bytes, and numbers that are none', async () => {
  const ada = await joined('Ada');
  const hollow = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`key-${at}`, undefined]));
  for (const place of [
    hollow,
    { at: new Uint8Array(5_000) },
    { at: [Number.NaN] },
    { at: { deep: undefined } },
  ]) {
    const answer = await ada.tab.ask('presence', { document, place });
    expect(answer).toEqual({ ok: false, code: 'input.invalid' });
  }
  const numbers = Array.from({ length: 1_000 }, () => 0.123_456_789);
  expect(await ada.tab.ask('presence', { document, place: { numbers } })).toEqual({
    ok: false,
    code: 'input.tooLarge',
  });
});

test('[LV61] a hundred people with large places crowd nobody out: as many are named as ever, places as far as there is room', async () => {
  const tabs: LiveTab[] = [];
  for (let person = 0; person < 3; person += 1) {
    const { token, actor } = hub.addPerson('Crowd');
    hub.setRight(document, actor.memberId, {});
    tabs.push(...(await Promise.all(Array.from({ length: 34 }, () => openTab(hub, token)))));
  }
  await Promise.all(tabs.map((tab) => tab.enter(document)));
  const place = { text: 'x'.repeat(4_000) };
  for (const tab of tabs) expect(await tab.ask('presence', { document, place })).toEqual({ ok: true });
  const ada = await joined('Ada');
  const isWhole = (frame: PresenceFrame) => frame.came?.length === 64 && frame.present === tabs.length + 1;
  const frame = (await ada.tab.seen('presence', isWhole)) as PresenceFrame;
  const placed = frame.came?.filter((person) => person.place !== null).length ?? 0;
  expect(placed).toBeGreaterThan(60);
  expect(placed).toBeLessThan(70);
});

test('[LV32] what is about one connection alone is not sent back to it', async () => {
  const ada = await joined('Ada');
  const bo = await joined('Bo');
  await ada.tab.ask('presence', { document, place: { row: 1 } });
  await bo.tab.seen('presence', (frame: PresenceFrame) => frame.moved !== undefined);
  await ada.tab.ask('leave', { document: 'test/x' });
  expect(presences(ada.tab).map((frame) => Object.keys(frame))).toEqual([['document', 'came']]);
});

test('[LV32] in a full room newcomers are told who is named, and how many there are, in one frame after their answer', async () => {
  const { token, actor } = hub.addPerson('Crowd');
  hub.setRight(document, actor.memberId, {});
  const tabs = await Promise.all(Array.from({ length: 40 }, () => openTab(hub, token)));
  const others = hub.addPerson('Others');
  hub.setRight(document, others.actor.memberId, {});
  tabs.push(...(await Promise.all(Array.from({ length: 30 }, () => openTab(hub, others.token)))));
  const answers = await Promise.all(tabs.map((tab) => tab.enter(document)));
  expect(answers.map((answer) => answer.people.length).filter((length) => length > 1 && length > 64)).toEqual(
    [],
  );
  hub.time.advance(250);
  for (const [at, tab] of tabs.entries()) {
    const isWhole = (): boolean => {
      const named = [...(answers[at]?.people ?? []), ...presences(tab).flatMap((frame) => frame.came ?? [])];
      const present = presences(tab).findLast((frame) => frame.present !== undefined)?.present;
      const ids = new Set(named.map((person) => person.clientId)).difference(new Set([tab.doc.clientID]));
      return present === tabs.length && (ids.size === 64 || ids.size === 63);
    };
    if (!isWhole()) await tab.seen('presence', isWhole);
    expect(isWhole()).toBe(true);
  }
});

test('[LV33] who disconnects or leaves is gone for the others, and in the next answer', async () => {
  const [ada, bo, cy] = [await joined('Ada'), await joined('Bo'), await joined('Cy')];
  const left = (tab: LiveTab) =>
    ada.tab.seen('presence', (frame: PresenceFrame) => frame.left?.includes(tab.doc.clientID) ?? false);
  bo.tab.socket.disconnect();
  await left(bo.tab);
  await cy.tab.ask('leave', { document });
  await left(cy.tab);
  const again = await joined('Di');
  expect(again.answer.people.map((one) => one.name)).toEqual(['Ada', 'Di']);
});
