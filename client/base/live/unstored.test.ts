/** What is asked before a sign-out wipes the device. */
import { describe, expect, test, vi } from 'vitest';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';
import { countUnstored } from '#client/base/live/unstored.ts';
import { openOneDocument as setUp } from '#tests/live/one-document.ts';

const other = 'plan/0123456789abcdefghjk/buyer';

const refused = {
  document: other,
  code: 'live.readOnly',
  at: 5,
  epoch: 'first-life',
  update: Uint8Array.of(0, 0),
  seen: Uint8Array.of(0, 0),
  ids: [],
} as const;

describe('what a sign-out would destroy', () => {
  test('[LV54] edits of another tab count, unsent and refused, whether their document is open here or not', async () => {
    const store = new MemoryDeviceStore();
    const here = await setUp(store);
    expect(await here.session.countUnstored()).toBe(0);
    await store.keepUnsent(other, Uint8Array.of(0, 0));
    await store.keepUnsent(other, Uint8Array.of(0, 0));
    await store.refuse(refused);
    expect(await here.session.countUnstored()).toBe(3);
  });

  test('[LV54] what was typed in this frame counts, what the hub has stored does not', async () => {
    const { hub, session, type, pass } = await setUp();
    hub.autoAck = false;
    type('a');
    expect(await session.countUnstored()).toBe(1);
    for (const push of hub.pushes) hub.store(push);
    await pass(0);
    expect(await session.countUnstored()).toBe(0);
  });

  test('[LV54] what a full device could not keep counts from memory', async () => {
    const store = new MemoryDeviceStore();
    store.keepUnsent = () => Promise.reject(new Error('full'));
    store.refuse = () => Promise.reject(new Error('full'));
    const { hub, session, type, pass } = await setUp(store);
    hub.autoAck = false;
    type('refused');
    await pass(16);
    hub.pushes.shift()?.answer({ ok: false, code: 'live.readOnly' });
    await pass(16);
    expect(await session.countUnstored()).toBe(1);
    type('waiting');
    await pass(16);
    expect(await session.countUnstored()).toBe(2);
  });

  test('[LV54] before the live session is loaded the device itself is asked', async () => {
    const store = new MemoryDeviceStore();
    const close = vi.spyOn(store, 'close');
    await store.keepUnsent(other, Uint8Array.of(0, 0));
    await store.refuse(refused);
    expect(await countUnstored(null, () => Promise.resolve(store))).toBe(2);
    expect(close).toHaveBeenCalledTimes(1);
    expect(await countUnstored(null, () => Promise.resolve(null))).toBe(0);
  });

  test('[LV54] a device that cannot be asked is never taken for empty', async () => {
    const store = new MemoryDeviceStore();
    store.countUnstored = () => Promise.reject(new Error('closed'));
    const { session } = await setUp(store);
    await expect(session.countUnstored()).rejects.toThrow('closed');
    await expect(countUnstored(null, () => Promise.reject(new Error('no chunk')))).rejects.toThrow(
      'no chunk',
    );
  });
});
