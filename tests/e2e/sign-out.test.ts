/** Signing out where it matters: with edits only this device has, and from a hub that cannot be reached. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCompany, heading } from '#tests/e2e/steps.ts';
import { say, words } from '#tests/e2e/words.ts';
import { openSeat, type Seat } from '#tests/support/browser.ts';
import { type HubProcess, startHub } from '#tests/support/hub-process.ts';

const { app, base, people } = words;

let hub: HubProcess;
let seat: Seat;

beforeAll(async () => {
  hub = await startHub();
  seat = await openSeat(hub);
  seat.expecting(/net::ERR|WebSocket|Failed to (fetch|load)/);
  await createCompany(seat.page, { name: 'Ana Horvat', company: 'Adria Motors' });
});

afterAll(async () => {
  await seat?.close();
  await hub?.remove();
});

/** What a tab that was closed without a network has left on the device. */
async function leaveUnsentEdit(page: Page): Promise<void> {
  await page.waitForFunction(async () =>
    (await indexedDB.databases()).some(({ name }) => name?.startsWith('tandem-live-')),
  );
  await page.evaluate(async () => {
    const [found] = (await indexedDB.databases()).filter(({ name }) => name?.startsWith('tandem-live-'));
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(found?.name ?? '');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    await new Promise<void>((resolve, reject) => {
      const step = database.transaction('updates', 'readwrite');
      const document = 'plan/0123456789abcdefghjk/shared';
      step.objectStore('updates').add({ document, kind: 'unsent', update: Uint8Array.of(0, 0) });
      step.oncomplete = () => resolve();
      step.onerror = () => reject(step.error);
    });
    database.close();
  });
}

describe('signing out', () => {
  test('[LV54, CL15] asks about edits of a tab that is closed, then holds although the hub was not reached', async () => {
    const { page, network } = seat;
    const signOut = page.getByRole('button', { name: app.account.signOut, exact: true });
    network.cut();
    await leaveUnsentEdit(page);
    await signOut.click();
    const question = page.getByRole('dialog', { name: base.signOut.title });
    await question.getByText(say(base.signOut.unsent_one, { count: '1' })).waitFor();
    await question.getByRole('button', { name: base.action.cancel }).click();
    await question.waitFor({ state: 'detached' });
    await signOut.click();
    await question.getByRole('button', { name: base.signOut.act }).click();
    await heading(page, app.leaving.title).waitFor();
    network.heal();
    await heading(page, people.signIn.title).waitFor();
    await page.reload();
    await heading(page, people.signIn.title).waitFor();
    expect(seat.complaints()).toEqual([]);
  });
});
