/** Runs the contract of device stores inside a browser page; a test asks by name. */
import { forgetDevice, openDeviceStore } from '#client/base/live/indexed-device-store.ts';
import { createId } from '#shared/base/ids.ts';
import { deviceStoreChecks } from '#tests/contract/device-store-suite.ts';

declare global {
  /** @returns `fine`, or what was broken */
  var runDeviceStoreCheck: (title: string) => Promise<string>;
  /** @returns how many edits wait afterwards */
  var keepSomething: () => Promise<number>;
  var countKept: () => Promise<number>;
  var signOutWithTwoTabs: () => Promise<number>;
}

const member = '0123456789abcdefghjk';
const document = 'plan/0123456789abcdefghjk/shared';

globalThis.runDeviceStoreCheck = async (title) => {
  const check = deviceStoreChecks.find((other) => other.title === title);
  if (check === undefined) return 'no such check';
  const memberId = createId();
  const open = async () => {
    const store = await openDeviceStore(memberId);
    if (!store.lasting) throw new Error('the store is in memory');
    return store;
  };
  try {
    await check.run({ open });
    return 'fine';
  } catch (error) {
    return String(error);
  } finally {
    await forgetDevice(memberId);
  }
};

globalThis.countKept = async () => (await (await openDeviceStore(member)).load(document)).unsent.length;

globalThis.keepSomething = async () => {
  await (await openDeviceStore(member)).keepUnsent(document, Uint8Array.of(1));
  return globalThis.countKept();
};

globalThis.signOutWithTwoTabs = async () => {
  await openDeviceStore(member);
  await openDeviceStore(member);
  await forgetDevice(member);
  return globalThis.countKept();
};
