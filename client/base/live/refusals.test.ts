/** What becomes of edits and documents that the hub refuses. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { LiveSession } from '#client/base/live/live-session.ts';
import { ManualClock, settle } from '#tests/live/manual-clock.ts';
import { documentName as name, openOneDocument as setUp, textOf } from '#tests/live/one-document.ts';
import { ScriptedHub } from '#tests/live/scripted-hub.ts';

describe('refusals', () => {
  test('[LV42] a refused edit is kept aside with its text, and the hub’s state is shown again', async () => {
    const { hub, pass, type, document, state, store, session } = await setUp();
    hub.edit(name, (doc) => doc.getText('t').insert(0, 'agreed '));
    const before = document.doc;
    hub.autoAck = false;
    type('mine');
    await pass(16);
    hub.pushes[0]?.answer({ ok: false, code: 'live.readOnly' });
    await pass(16);
    expect(textOf(document.doc)).toBe('agreed ');
    expect(document.doc).not.toBe(before);
    expect(session.view(name).state).toBe('ready');
    expect(state()).toMatchObject({ kind: 'refused', code: 'live.readOnly', waiting: 0 });
    const [kept] = await store.listRefused(name);
    const seen = new Y.Doc();
    if (kept !== undefined) Y.applyUpdate(seen, kept.seen);
    expect(textOf(seen)).toBe('agreed mine');
    expect((await store.load(name)).unsent).toEqual([]);
  });

  test('[LV42] text typed into the old picture after the refusal is kept as well', async () => {
    const { hub, pass, type, document, store } = await setUp();
    const before = document.doc;
    hub.autoAck = false;
    type('mine');
    await pass(16);
    hub.pushes[0]?.answer({ ok: false, code: 'live.readOnly' });
    await pass(16);
    before.getText('t').insert(0, 'late ');
    await settle();
    expect(await store.listRefused(name)).toHaveLength(2);
    expect(textOf(document.doc)).toBe('');
  });

  test('[LV42] a refused edit can be sent once more, and dropped', async () => {
    const { hub, pass, type, document, state } = await setUp();
    hub.autoAck = false;
    type('mine');
    await pass(16);
    hub.pushes[0]?.answer({ ok: false, code: 'live.documentFull' });
    await pass(16);
    hub.autoAck = true;
    await document.retryRefused();
    await pass(16);
    expect(textOf(hub.doc)).toBe('mine');
    expect(state()).toMatchObject({ kind: 'saved', waiting: 0 });
  });

  test('[LV42] a refused edit sent once more leaves the refused ones only when the device keeps it in the queue', async () => {
    const { hub, pass, type, document, store } = await setUp();
    hub.autoAck = false;
    type('mine');
    await pass(16);
    hub.pushes.shift()?.answer({ ok: false, code: 'live.documentFull' });
    await pass(16);
    const keep = store.keepUnsent.bind(store);
    const { promise, resolve } = Promise.withResolvers<void>();
    store.keepUnsent = async (name, update) => {
      await promise;
      return keep(name, update);
    };
    const sent = document.retryRefused();
    await pass(16);
    expect(await store.listRefused(name)).toHaveLength(1);
    resolve();
    await sent;
    expect(await store.listRefused(name)).toEqual([]);
    expect((await store.load(name)).unsent).toHaveLength(1);
  });

  test('[LV42] on a full device a refused edit sent once more stays among the refused until the hub has stored it', async () => {
    const { hub, pass, type, document, store, state } = await setUp();
    hub.autoAck = false;
    type('mine');
    await pass(16);
    hub.pushes.shift()?.answer({ ok: false, code: 'live.documentFull' });
    await pass(16);
    store.keepUnsent = () => Promise.reject(new Error('full'));
    void document.retryRefused();
    await pass(16);
    expect(await store.listRefused(name)).toHaveLength(1);
    for (const push of hub.pushes) hub.store(push);
    await settle();
    expect(await store.listRefused(name)).toEqual([]);
    expect(state()).toMatchObject({ kind: 'saved', waiting: 0 });
  });

  test('[LV42] a refused edit that a full device cannot set aside stays in memory, and is not pushed over and over', async () => {
    const { hub, pass, type, document, store, state } = await setUp();
    store.refuse = () => Promise.reject(new Error('full'));
    hub.autoAck = false;
    type('mine');
    await pass(16);
    hub.pushes.shift()?.answer({ ok: false, code: 'live.readOnly' });
    await pass(16_000);
    expect(document.refused.list).toHaveLength(1);
    expect(hub.pushes).toEqual([]);
    expect(state()).toMatchObject({ kind: 'refused', code: 'live.readOnly', waiting: 0 });
    expect((await store.load(name)).unsent).toHaveLength(1);
  });

  test('[LV54] a document with edits set aside is known to later tabs, opened or not, until they are dropped', async () => {
    const { hub, pass, type, store, session } = await setUp();
    hub.autoAck = false;
    type('mine');
    await pass(16);
    expect(session.refusedNames).toEqual([]);
    hub.pushes[0]?.answer({ ok: false, code: 'live.readOnly' });
    await pass(16);
    expect(session.refusedNames).toEqual([name]);
    expect(await session.countUnstored()).toBe(1);
    session.stop();
    const later = new LiveSession({
      transport: hub,
      store,
      clock: new ManualClock(),
      getToken: () => Promise.resolve('token'),
      isOnline: () => true,
    });
    later.start();
    await settle();
    expect(later.refusedNames).toEqual([name]);
    const { refused } = later.open(name);
    await settle();
    await refused.drop(refused.list.map((edit) => edit.id));
    expect(later.refusedNames).toEqual([]);
    expect(await later.countUnstored()).toBe(0);
  });

  test('[LV55] a page older than the hub is said to be so, and goes on showing and keeping what is typed', async () => {
    const { hub, session, document, type, pass, state } = await setUp();
    expect(session.isOutdated).toBe(false);
    hub.cut();
    type('mine');
    hub.joinRefusals = ['live.protocolUnknown'];
    await pass(60_000);
    expect(session.isOutdated).toBe(true);
    expect(state()).toMatchObject({ kind: 'offline', waiting: 1 });
    expect(session.view(name)).toMatchObject({ state: 'ready', mayWrite: true });
    expect(textOf(document.doc)).toBe('mine');
  });

  test('[LV43] a refusal that passes is followed by the same push later', async () => {
    const { hub, pass, type, state } = await setUp();
    hub.autoAck = false;
    type('a');
    await pass(16);
    for (const code of ['live.storageFailed', 'rate.limited', 'server.stopping'] as const) {
      hub.pushes.shift()?.answer({ ok: false, code });
      await pass(0);
      await pass(16_000);
      expect(state()).toMatchObject({ kind: 'saving', waiting: 1 });
      expect(hub.pushes).toHaveLength(1);
    }
    for (const push of hub.pushes) hub.store(push);
    await settle();
    expect(state().kind).toBe('saved');
  });

  test('[LV43] pushes refused only because an earlier one was are sent again after it', async () => {
    const { hub, pass, type, state } = await setUp();
    hub.autoAck = false;
    type('a');
    await pass(16);
    type('b');
    await pass(16);
    const [first, second] = hub.pushes.splice(0);
    second?.answer({ ok: false, code: 'live.clockGap' });
    first?.answer({ ok: false, code: 'live.storageFailed' });
    hub.autoAck = true;
    await pass(0);
    await pass(2_000);
    expect(textOf(hub.doc)).toBe('ab');
    expect(state()).toMatchObject({ kind: 'saved', waiting: 0 });
  });

  test('[LV43] a disagreement about what came before leads to a new join, and only a lasting one to a refusal', async () => {
    const { hub, pass, type, state } = await setUp();
    hub.autoAck = false;
    type('a');
    await pass(16);
    for (let joins = 2; joins <= 3; joins++) {
      hub.pushes.shift()?.answer({ ok: false, code: 'live.unknownReference' });
      await pass(16);
      expect(hub.joins).toHaveLength(joins);
      expect(state().kind).toBe('saving');
    }
    hub.pushes.shift()?.answer({ ok: false, code: 'live.unknownReference' });
    await pass(16);
    expect(state()).toMatchObject({ kind: 'refused', code: 'live.unknownReference' });
  });

  test.each([
    ['internal', 5],
    ['live.unknownReference', 2],
  ] as const)(
    '[LV43] refusals that pass do not count towards the %s refusals that make one final',
    async (code, harmless) => {
      const { hub, pass, type, state } = await setUp();
      hub.autoAck = false;
      type('a');
      await pass(16);
      const refusals = [...Array(6).fill('rate.limited'), ...Array(harmless).fill(code)];
      for (const refusal of refusals) {
        hub.pushes.shift()?.answer({ ok: false, code: refusal });
        await pass(0);
        await pass(16_000);
        expect(state()).toMatchObject({ kind: 'saving', waiting: 1 });
      }
      hub.pushes.shift()?.answer({ ok: false, code });
      await pass(16);
      expect(state()).toMatchObject({ kind: 'refused', code });
    },
  );

  test('[LV42] a document that is withdrawn leaves the device, unsent text does not', async () => {
    const { hub, pass, type, session, state, store } = await setUp();
    hub.autoAck = false;
    type('mine');
    await pass(16);
    hub.joinRefusals = ['thing.absent'];
    hub.events?.documentClosed({ document: name, code: 'thing.absent' });
    await pass(1_000);
    expect(session.view(name)).toMatchObject({ state: 'refused', code: 'thing.absent' });
    expect(state()).toMatchObject({ kind: 'refused', code: 'thing.absent' });
    expect(await store.load(name)).toEqual({ facts: null, received: [], unsent: [] });
    expect(await store.listRefused(name)).toHaveLength(1);
  });

  test('[LV42] rights given back show the document again at the next look', async () => {
    const { hub, pass, session } = await setUp();
    hub.joinRefusals = ['thing.absent'];
    hub.events?.documentClosed({ document: name, code: 'thing.absent' });
    await pass(0);
    expect(session.view(name).state).toBe('refused');
    session.wake();
    await pass(0);
    expect(session.view(name).state).toBe('ready');
  });

  test('[LV45] two histories are never merged: unsent edits of the old one are kept aside', async () => {
    const { hub, pass, type, document, state } = await setUp();
    hub.edit(name, (doc) => doc.getText('t').insert(0, 'old life'));
    hub.isReachable = false;
    hub.cut();
    type(' and mine');
    await pass(16);
    hub.epoch = 'second-life';
    hub.seq = 0;
    hub.doc.getText('t').delete(0, 8);
    const fresh = new Y.Doc();
    fresh.getText('t').insert(0, 'new life');
    const next = new ScriptedHub();
    next.epoch = 'second-life';
    Y.applyUpdate(next.doc, Y.encodeStateAsUpdate(fresh));
    Object.assign(hub, { doc: next.doc, isReachable: true });
    await pass(20_000);
    expect(textOf(document.doc)).toBe('new life');
    expect(state()).toMatchObject({ kind: 'refused', code: 'live.historyReplaced' });
    expect(document.refused.list).toHaveLength(1);
    expect(textOf(hub.doc)).toBe('new life');
  });

  test('[LV46] a client id that belongs to someone else is changed for another', async () => {
    const hub = new ScriptedHub();
    hub.joinRefusals = ['live.foreignClient'];
    const { pass, type, document } = await setUp(undefined, hub);
    expect(hub.joins).toHaveLength(2);
    expect(hub.joins[0]?.clientId).not.toBe(hub.joins[1]?.clientId);
    type('a');
    await pass(16);
    expect(hub.doc.store.clients.has(document.doc.clientID)).toBe(true);
  });
});
