/** The contract of device stores, on the one in memory. */
import { expect, test } from 'vitest';
import { openDeviceStore } from '#client/base/live/indexed-device-store.ts';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';
import { deviceStoreChecks } from '#tests/contract/device-store-suite.ts';

test.each(deviceStoreChecks)('[LV51] in memory: $title', async ({ run }) => {
  const store = new MemoryDeviceStore();
  await expect(run({ open: () => Promise.resolve(store) })).resolves.toBeUndefined();
});

test('[LV51] where nothing can be kept the store is in memory, and says so', async () => {
  // Node has no IndexedDB, as a browser in some private modes has none.
  const store = await openDeviceStore('0123456789abcdefghjk');
  expect(store.lasting).toBe(false);
});
