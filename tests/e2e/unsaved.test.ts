/** Edits that the hub refused: read in plain words after the line is back, still there after a reload, sent again, discarded. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addRow, cell, edit, openNote, saved, saveState, waitingOffline } from '#tests/e2e/plan-steps.ts';
import { type Stage, setStage } from '#tests/e2e/setting.ts';
import { words } from '#tests/e2e/words.ts';
import { violationsInBothSchemes } from '#tests/support/axe.ts';

const { base, plans } = words;

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
  const { page } = stage.buyer;
  stage.buyer.expecting(/net::ERR|WebSocket|Failed to (fetch|load)/);
  await addRow(page, 'Tool make');
  await page.keyboard.press('Escape');
  const note = await openNote(page, 'Tool make');
  await note.fill('Two cavities.');
  await saved(page);
  await page.getByRole('button', { name: plans.panel.close }).click();
  await stage.supplier.page.goto(stage.planAddress.replace(/\/\w+$/, ''));
});

afterAll(async () => {
  await stage?.close();
});

/** The supplier archives the plan, or brings it back. */
async function setArchived(archived: boolean): Promise<void> {
  const { page } = stage.supplier;
  await page.getByRole('main').getByRole('listitem').getByRole('button').click();
  await page.getByRole('menuitem', { name: archived ? plans.list.archive : plans.list.bringBack }).click();
  const mark = page.getByText(plans.list.archived, { exact: true });
  await mark.waitFor({ state: archived ? 'visible' : 'detached' });
}

/** Edits without a line to a plan that is archived meanwhile. */
async function editTooLate(edits: (page: Page) => Promise<void>): Promise<void> {
  const { page, network } = stage.buyer;
  network.cut();
  await edits(page);
  await waitingOffline(page);
  await setArchived(true);
  network.heal();
  await refused(page);
}

async function refused(page: Page): Promise<void> {
  await saveState(page)
    .filter({ hasText: /^Not saved: / })
    .waitFor({ timeout: 30_000 });
}

async function openUnsaved(page: Page) {
  await page.getByRole('button', { name: plans.save.details }).click();
  await page.getByRole('button', { name: plans.unsaved.show }).press('Enter');
  const dialog = page.getByRole('dialog', { name: plans.unsaved.title });
  await dialog.waitFor();
  return dialog;
}

describe('edits that were refused', () => {
  test('[PL25] are listed in plain words, of closed notes too, after a reload too, and can be copied', async () => {
    const { page } = stage.buyer;
    await editTooLate(async () => {
      const note = await openNote(page, 'Tool make');
      await note.press('Control+End');
      await page.keyboard.type(' Steel on Friday.');
      await page.getByRole('button', { name: plans.panel.close }).click();
      await edit(page, 'Tool make', 'progress', '40');
      await addRow(page, 'Leak test');
      await page.keyboard.press('Escape');
    });
    await page.reload();
    await refused(page);
    const dialog = await openUnsaved(page);
    await dialog.getByText('Progress: 40%').waitFor();
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await dialog.getByRole('button', { name: plans.unsaved.copy }).click();
    await dialog.getByText(base.action.copied).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'Tool make\n- Progress: 40%\n\nLeak test\n- New row\n\nNote of Tool make\nTwo cavities. Steel on Friday.',
    );
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('[PL25] are sent again once they may be', async () => {
    const { page } = stage.buyer;
    await setArchived(false);
    const dialog = await openUnsaved(page);
    await dialog.getByRole('button', { name: plans.unsaved.retry }).click();
    await saved(page);
    await cell(page, 'Tool make', 'progress').getByText('40%').waitFor();
    await cell(page, 'Leak test', 'title').waitFor();
  });

  test('[PL25] are discarded after a question', async () => {
    const { page } = stage.buyer;
    await editTooLate(() => edit(page, 'Tool make', 'progress', '90'));
    const dialog = await openUnsaved(page);
    await dialog.getByRole('button', { name: plans.unsaved.discard.open }).click();
    const question = page.getByRole('dialog', { name: plans.unsaved.discard.title });
    await question.getByRole('button', { name: plans.unsaved.discard.act }).click();
    await saveState(page).filter({ hasText: base.saveState.viewOnly }).waitFor();
    await cell(page, 'Tool make', 'progress').getByText('40%').waitFor();
    expect(stage.buyer.complaints()).toEqual([]);
  });
});
