/** Rights over real sockets: judged now, withdrawn at once, and never a word more than that. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sessionCheckMs } from '#server/base/live/rights/session-watch.ts';
import { createId } from '#shared/base/ids.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { openTab } from '#tests/support/live-tab.ts';
import { createGate } from '#tests/support/test-storage.ts';

let hub: LiveHub;
let document: string;

beforeEach(async () => {
  hub = await startLiveHub();
  document = `test/${createId()}`;
});
afterEach(() => hub.stop());

async function joined(name: string, right = {}) {
  const { token, actor } = hub.addPerson(name);
  hub.setRight(document, actor.memberId, right);
  const tab = await openTab(hub, token);
  await tab.enter(document);
  return { tab, actor, token };
}

test('[LV6] who may only read gets everything and writes nothing', async () => {
  const ada = await joined('Ada');
  const vera = await joined('Vera', { mayWrite: false });
  ada.tab.doc.getText('t').insert(0, 'read this');
  await ada.tab.pushEdits(document);
  await vera.tab.seen('updates');
  vera.tab.doc.getText('t').insert(0, 'not this');
  const [edit] = vera.tab.edits;
  expect(await vera.tab.push(document, edit)).toEqual({ ok: false, code: 'live.readOnly' });
  expect(await hub.storage.entriesAfter(document, 0, 10)).toHaveLength(1);
});

test('[LV6] an answer older than a second is asked for again before a push is looked at', async () => {
  const ada = await joined('Ada');
  ada.tab.doc.getText('t').insert(0, 'a');
  ada.tab.doc.getText('t').insert(1, 'b');
  const [first, second] = ada.tab.edits;
  hub.setRight(document, ada.actor.memberId, { mayWrite: false });
  expect(await ada.tab.push(document, first)).toMatchObject({ ok: true });
  hub.time.advance(1_001);
  expect(await ada.tab.push(document, second)).toEqual({ ok: false, code: 'live.readOnly' });
  expect(await ada.tab.seen('rights')).toEqual({ document, mayWrite: false });
  hub.setRight(document, ada.actor.memberId, undefined);
  hub.time.advance(1_001);
  expect(await ada.tab.push(document, second)).toEqual({ ok: false, code: 'thing.absent' });
  expect(await ada.tab.seen('closed')).toEqual({ document, code: 'thing.absent' });
  expect(await ada.tab.push(document, second)).toEqual({ ok: false, code: 'live.notJoined' });
});

test('[LV6] a clock set back makes no old answer young', async () => {
  const ada = await joined('Ada');
  hub.setRight(document, ada.actor.memberId, { mayWrite: false });
  hub.time.advance(-3_600_000);
  ada.tab.doc.getText('t').insert(0, 'a');
  const [edit] = ada.tab.edits;
  expect(await ada.tab.push(document, edit)).toEqual({ ok: false, code: 'live.readOnly' });
});

test('[LV6] pushes that wait for an answer about rights keep their order', async () => {
  const ada = await joined('Ada');
  const text = ada.tab.doc.getText('t');
  for (const letter of 'order') text.insert(text.length, letter);
  hub.time.advance(1_001);
  expect(await ada.tab.pushEdits(document)).toBe(5);
  const log = await hub.storage.entriesAfter(document, 0, 10);
  expect(log.map((entry) => entry.clocks[0]?.from)).toEqual([0, 1, 2, 3, 4]);
});

test.each(['relationshipChanged', 'memberChanged'] as const)(
  '[LV7] on %s who may no longer read is out at once, and gets and gives nothing more',
  async (kind) => {
    const ada = await joined('Ada');
    const rex = await joined('Rex');
    const relationshipId = hub.rights.get(document)?.get(rex.actor.memberId)?.relationshipId ?? '';
    hub.setRight(document, rex.actor.memberId, undefined);
    if (kind === 'memberChanged') hub.signals.send({ kind, memberId: rex.actor.memberId });
    else hub.signals.send({ kind, relationshipId });
    expect(await rex.tab.seen('closed')).toEqual({ document, code: 'thing.absent' });
    expect(
      await ada.tab.seen('presence', ({ left }: { left?: number[] }) => left !== undefined),
    ).toMatchObject({
      left: [rex.tab.doc.clientID],
    });
    ada.tab.doc.getText('t').insert(0, 'secret');
    await ada.tab.pushEdits(document);
    rex.tab.doc.getText('t').insert(0, 'late');
    const [late] = rex.tab.edits;
    expect(await rex.tab.push(document, late)).toEqual({ ok: false, code: 'live.notJoined' });
    expect(await rex.tab.join(document)).toEqual({ ok: false, code: 'thing.absent' });
    expect(rex.tab.received.map((one) => one.name)).not.toContain('updates');
    expect(ada.tab.received.map((one) => one.name)).not.toContain('closed');
  },
);

test('[LV7] in 100 withdrawals under way nothing is taken or shown after the notice', async () => {
  const ada = await joined('Ada');
  for (let trial = 0; trial < 100; trial += 1) {
    const rex = await joined(`Rex ${trial}`);
    const text = rex.tab.doc.getText('t');
    for (let at = 0; at < 3; at += 1) text.insert(0, 'x');
    const before = rex.tab.edits.splice(0).map((update) => rex.tab.push(document, update));
    hub.setRight(document, rex.actor.memberId, undefined);
    hub.signals.send({ kind: 'memberChanged', memberId: rex.actor.memberId });
    const length = (await hub.storage.entriesAfter(document, 0, 10_000)).length;
    text.insert(0, 'late');
    const [late] = rex.tab.edits;
    const answer = await rex.tab.push(document, late);
    expect(answer.ok).toBe(false);
    await rex.tab.seen('closed');
    await Promise.all(before);
    rex.tab.received.length = 0;
    ada.tab.doc.getText('t').insert(0, '!');
    await ada.tab.pushEdits(document);
    expect(rex.tab.received).toEqual([]);
    const log = await hub.storage.entriesAfter(document, length, 10_000);
    expect(log.filter((entry) => entry.memberId === rex.actor.memberId)).toEqual([]);
    rex.tab.socket.disconnect();
  }
});

test('[LV7] who may write again is told', async () => {
  const vera = await joined('Vera', { mayWrite: false });
  hub.setRight(document, vera.actor.memberId, { mayWrite: true });
  hub.signals.send({ kind: 'memberChanged', memberId: vera.actor.memberId });
  expect(await vera.tab.seen('rights')).toEqual({ document, mayWrite: true });
  vera.tab.doc.getText('t').insert(0, 'now');
  expect(await vera.tab.pushEdits(document)).toBe(1);
});

test('[LV7] when nobody can say who may read, nobody reads', async () => {
  const ada = await joined('Ada');
  const members = hub.rights.get(document);
  hub.rights.set(document, {
    get: () => {
      throw new Error('away');
    },
  } as unknown as NonNullable<typeof members>);
  hub.signals.send({ kind: 'memberChanged', memberId: ada.actor.memberId });
  expect(await ada.tab.seen('closed')).toEqual({ document, code: 'internal' });
  expect(await ada.tab.join(document)).toEqual({ ok: false, code: 'internal' });
  expect(hub.logged.length).toBeGreaterThan(0);
});

test('[LV8] the end of a session cuts its connections and no others', async () => {
  const ada = await joined('Ada');
  const rex = await joined('Rex');
  const gone = new Promise((resolve) => rex.tab.socket.once('disconnect', resolve));
  hub.people.delete(rex.token);
  hub.signals.send({ kind: 'sessionEnded', sessionId: rex.actor.sessionId });
  await gone;
  expect(ada.tab.socket.connected).toBe(true);
  await expect(openTab(hub, rex.token)).rejects.toThrow('session.expired');
});

test('[LV8] a session that ends because its time is up is noticed without a signal', async () => {
  const ada = await joined('Ada');
  const rex = await joined('Rex');
  const gone = new Promise((resolve) => rex.tab.socket.once('disconnect', resolve));
  hub.people.delete(rex.token);
  hub.time.advance(sessionCheckMs);
  await gone;
  expect(await ada.tab.seen('presence', ({ left }: { left?: number[] }) => left !== undefined)).toMatchObject(
    { left: [rex.tab.doc.clientID] },
  );
  expect(ada.tab.socket.connected).toBe(true);
});

test.each(['join', 'push'] as const)(
  '[LV60] a session that is over is cut at its next %s, though nobody said that it ended',
  async (act) => {
    const ada = await joined('Ada');
    const rex = await joined('Rex');
    const gone = new Promise((resolve) => rex.tab.socket.once('disconnect', resolve));
    rex.tab.doc.getText('t').insert(0, 'ghost');
    hub.time.advance(1_001);
    hub.people.delete(rex.token);
    const answer = act === 'join' ? rex.tab.join(document) : rex.tab.push(document, rex.tab.edits[0]);
    // Whoever is cut is told nothing any more.
    answer.catch(() => undefined);
    await gone;
    expect(await hub.storage.entriesAfter(document, 0, 10)).toEqual([]);
    ada.tab.doc.getText('t').insert(0, 'still here');
    expect(await ada.tab.pushEdits(document)).toBe(1);
  },
);

test('[LV9] a join during which the right is withdrawn is refused', async () => {
  const storageGate = createGate();
  const { token, actor } = hub.addPerson('Rex');
  hub.setRight(document, actor.memberId, {});
  const { open } = hub.storage;
  hub.storage.open = async (name) => {
    await storageGate.opened;
    return open(name);
  };
  const tab = await openTab(hub, token);
  const answer = tab.join(document);
  await tab.ask('leave', { document: `test/${createId()}` });
  hub.setRight(document, actor.memberId, undefined);
  hub.signals.send({ kind: 'memberChanged', memberId: actor.memberId });
  storageGate.open();
  expect(await answer).toEqual({ ok: false, code: 'thing.absent' });
});
