/** A document in one tab: sending, saying so, coming back, sharing. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';
import { settle } from '#tests/live/manual-clock.ts';
import { documentName as name, openOneDocument as setUp, textOf } from '#tests/live/one-document.ts';
import { ScriptedHub } from '#tests/live/scripted-hub.ts';

describe('sending', () => {
  test('[LV40] edits of one frame go out as one push, after the device has kept them', async () => {
    const { hub, type, pass, store } = await setUp();
    hub.autoAck = false;
    type('a');
    type('b');
    expect(hub.pushes).toHaveLength(0);
    await pass(16);
    expect(hub.pushes).toHaveLength(1);
    expect((await store.load(name)).unsent).toHaveLength(1);
  });

  test('[LV40] nothing is pushed before the device store has answered', async () => {
    const store = new MemoryDeviceStore();
    const keep = store.keepUnsent.bind(store);
    const { promise, resolve } = Promise.withResolvers<void>();
    store.keepUnsent = async (document, update) => {
      await promise;
      return keep(document, update);
    };
    const { hub, type, pass } = await setUp(store);
    type('a');
    await pass(16);
    expect(textOf(hub.doc)).toBe('');
    resolve();
    await settle();
    expect(textOf(hub.doc)).toBe('a');
  });

  test('[LV40] a device that cannot keep an edit still sends it, and says that closing would lose it', async () => {
    const store = new MemoryDeviceStore();
    store.keepUnsent = () => Promise.reject(new Error('full'));
    const { hub, type, pass, state } = await setUp(store);
    hub.autoAck = false;
    type('a');
    await pass(16);
    expect(state()).toEqual({ kind: 'saving', waiting: 1, kept: false });
    for (const push of hub.pushes) hub.store(push);
    await settle();
    expect(textOf(hub.doc)).toBe('a');
    expect(state()).toEqual({ kind: 'saved', waiting: 0, kept: true });
  });

  test('[LV40] pushes follow each other without waiting for answers', async () => {
    const { hub, type, pass } = await setUp();
    hub.autoAck = false;
    for (const letter of 'abc') {
      type(letter);
      await pass(16);
    }
    expect(hub.pushes).toHaveLength(3);
  });

  test('[LV57] of one document no more than 128 KB are on their way at once, the rest follows', async () => {
    const { hub, type, pass } = await setUp();
    hub.autoAck = false;
    for (let edit = 0; edit < 4; edit++) {
      type('x'.repeat(60 * 1024));
      await pass(16);
    }
    expect(hub.pushes).toHaveLength(2);
    for (const push of hub.pushes.splice(0)) hub.store(push);
    await settle();
    for (const push of hub.pushes) hub.store(push);
    await settle();
    expect(textOf(hub.doc)).toHaveLength(240 * 1024);
  });
});

describe('what is said', () => {
  test('[LV41] saved is said only when the hub has stored every edit', async () => {
    const { hub, type, pass, state } = await setUp();
    expect(state().kind).toBe('saved');
    hub.autoAck = false;
    type('a');
    expect(state()).toMatchObject({ kind: 'saving', waiting: 1 });
    await pass(16);
    type('b');
    await pass(16);
    expect(state()).toMatchObject({ kind: 'saving', waiting: 2 });
    for (const push of hub.pushes) hub.store(push);
    await settle();
    expect(state()).toMatchObject({ kind: 'saved', waiting: 0 });
  });

  test('[LV47] a break is said at once when something waits, else after five seconds', async () => {
    const { hub, type, pass, state } = await setUp();
    hub.isReachable = false;
    hub.cut();
    expect(state().kind).toBe('saved');
    await pass(4_900);
    expect(state().kind).toBe('saved');
    await pass(200);
    expect(state().kind).toBe('offline');
    type('a');
    type('b');
    await pass(16);
    type('c');
    expect(state()).toMatchObject({ kind: 'offline', waiting: 2 });
  });

  test('[LV47] with unsent edits offline is said in the same moment', async () => {
    const { hub, type, state } = await setUp();
    hub.isReachable = false;
    hub.cut();
    type('a');
    expect(state()).toMatchObject({ kind: 'offline', waiting: 1 });
  });

  test('[LV47] what the browser says of its network is believed at once', async () => {
    let online = true;
    const { hub, session, state } = await setUp(undefined, undefined, () => online);
    online = false;
    hub.isReachable = false;
    session.networkLost();
    expect(state().kind).toBe('offline');
  });

  test('[LV41] without the right to write the state is view only', async () => {
    const hub = new ScriptedHub();
    hub.mayWrite = false;
    const { state, document } = await setUp(undefined, hub);
    expect(state().kind).toBe('viewOnly');
    document.hearRights(true);
    expect(state().kind).toBe('saved');
  });

  test('[LV41] a document without answer and without copy on the device is loading', async () => {
    const hub = new ScriptedHub();
    hub.isReachable = false;
    const { state, session, pass } = await setUp(undefined, hub);
    expect(state().kind).toBe('loading');
    await pass(6_000);
    expect(state().kind).toBe('offline');
    expect(session.view(name).state).toBe('loading');
  });
});

describe('coming back', () => {
  test('[LV44] each attempt has a fresh token, and joins from the last number heard', async () => {
    const { hub, pass, type } = await setUp();
    type('a');
    await pass(16);
    hub.edit(name, (doc) => doc.getText('t').insert(0, 'x'));
    hub.cut();
    await pass(1_000);
    expect(hub.tokens).toEqual(['token-1', 'token-2']);
    expect(hub.joins.at(-1)).toMatchObject({ epoch: 'first-life', seq: 2 });
  });

  test('[LV44] a push whose answer was lost is pushed again, and counted until it is answered', async () => {
    const { hub, pass, type, state } = await setUp();
    hub.autoAck = false;
    type('a');
    await pass(16);
    hub.cut();
    hub.autoAck = true;
    await pass(1_000);
    expect(textOf(hub.doc)).toBe('a');
    expect(state()).toMatchObject({ kind: 'saved', waiting: 0 });
  });

  test('[LV44] a push that was stored before its answer was lost is not pushed again', async () => {
    const { hub, pass, type, state } = await setUp();
    hub.autoAck = false;
    type('a');
    await pass(16);
    for (const push of hub.pushes) Y.applyUpdate(hub.doc, push.update);
    hub.seq++;
    hub.cut();
    await pass(1_000);
    expect(hub.pushes).toHaveLength(0);
    expect(state()).toMatchObject({ kind: 'saved', waiting: 0 });
  });

  test('[LV44] a hole between two numbers heard makes the client ask again', async () => {
    const { hub, pass } = await setUp();
    hub.seq += 3;
    hub.doc.getText('t').insert(0, 'missed');
    hub.edit(name, (doc) => doc.getText('t').insert(0, 'heard '));
    await pass(0);
    expect(hub.joins).toHaveLength(2);
  });

  test('[LV46] edits an earlier tab could not send are shown at once and sent by the next', async () => {
    const store = new MemoryDeviceStore();
    const earlier = await setUp(store);
    earlier.hub.isReachable = false;
    earlier.hub.cut();
    earlier.type('typed offline');
    await earlier.pass(16);
    earlier.session.stop();

    const hub = new ScriptedHub();
    const later = await setUp(store, hub);
    expect(textOf(later.document.doc)).toBe('typed offline');
    expect(textOf(hub.doc)).toBe('typed offline');
    expect(hub.joins[0]?.earlierClientIds).toEqual([earlier.document.doc.clientID]);
    await later.pass(400);
    expect((await store.load(name)).unsent).toEqual([]);
  });

  test('[LV46] edits of an earlier tab are sent although nobody opens their document', async () => {
    const store = new MemoryDeviceStore();
    const other = 'plan/0123456789abcdefghjk/buyer';
    const edited = new Y.Doc();
    edited.getText('t').insert(0, 'left over');
    await store.keepUnsent(other, Y.encodeStateAsUpdate(edited));
    const { hub, pass } = await setUp(store);
    await pass(0);
    expect(textOf(hub.doc)).toBe('left over');
    await pass(10_000);
    expect(hub.left).toEqual([other]);
  });

  test.each([
    ['looked at', 'plan/0123456789abcdefghjk/buyer'],
    ['looked at', name],
    ['connected again', 'plan/0123456789abcdefghjk/buyer'],
    ['connected again', name],
  ])(
    '[LV46] edits of a tab that was closed are sent by an open one when it is %s: %s',
    async (when, left) => {
      const store = new MemoryDeviceStore();
      const { hub, session, document, pass, type, state } = await setUp(store);
      type('mine');
      await pass(1_000);
      const closed = new Y.Doc();
      closed.getText('t').insert(0, 'left over ');
      await store.keepUnsent(left, Y.encodeStateAsUpdate(closed));
      await pass(60_000);
      expect(textOf(hub.doc)).toBe('mine');
      if (when === 'looked at') session.wake();
      else hub.cut();
      await pass(1_000);
      expect(textOf(hub.doc)).toContain('left over');
      expect(textOf(hub.doc)).toContain('mine');
      expect(hub.joins.at(-1)?.earlierClientIds).toEqual([closed.clientID]);
      expect(textOf(document.doc).includes('left over')).toBe(left === name);
      await pass(1_000);
      expect((await store.load(left)).unsent).toEqual([]);
      expect(state()).toMatchObject({ kind: 'saved', waiting: 0 });
    },
  );

  test('[LV46] looking for what others left pushes nothing of one’s own twice', async () => {
    const { hub, session, type, pass, state } = await setUp();
    hub.autoAck = false;
    type('a');
    await pass(16);
    session.wake();
    await settle();
    expect(hub.pushes).toHaveLength(1);
    expect(state()).toMatchObject({ kind: 'saving', waiting: 1 });
    for (const push of hub.pushes.splice(0)) hub.store(push);
    session.wake();
    await pass(1_000);
    expect(hub.pushes).toHaveLength(0);
    expect(state()).toMatchObject({ kind: 'saved', waiting: 0 });
  });

  test('[LV44] a document opens without a network from what the device has kept', async () => {
    const store = new MemoryDeviceStore();
    const earlier = await setUp(store);
    earlier.hub.edit(name, (doc) => doc.getText('t').insert(0, 'from the hub'));
    await earlier.pass(500);
    earlier.session.stop();
    const hub = new ScriptedHub();
    hub.isReachable = false;
    const later = await setUp(store, hub);
    expect(later.session.view(name)).toMatchObject({ state: 'ready', mayWrite: true });
    expect(textOf(later.document.doc)).toBe('from the hub');
  });
});

describe('sharing', () => {
  test('[LV52] a document is shared by all who ask for it, and left a moment after the last', async () => {
    const { hub, session, document, pass } = await setUp();
    expect(session.open(name)).toBe(document);
    session.release(name);
    await pass(10_000);
    expect(hub.left).toEqual([]);
    session.release(name);
    session.open(name);
    await pass(10_000);
    expect(hub.left).toEqual([]);
    session.release(name);
    await pass(3_000);
    expect(hub.left).toEqual([name]);
    expect(hub.joins).toHaveLength(1);
  });

  test('[LV52] a document with unsent edits is not left before they are stored', async () => {
    const { hub, session, pass, type } = await setUp();
    hub.autoAck = false;
    type('a');
    session.release(name);
    await pass(10_000);
    expect(hub.left).toEqual([]);
    for (const push of hub.pushes) hub.store(push);
    await pass(0);
    await pass(3_000);
    expect(hub.left).toEqual([name]);
  });
});
