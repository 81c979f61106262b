/** What people do in a plan: cells found by row and column, edits by keyboard, as in any table. */
import type { Locator, Page } from 'playwright-core';
import { say, words } from '#tests/e2e/words.ts';

const { base, plans } = words;

/** The columns in reading order; the number before them is a heading of the row. */
const columns = ['title', 'owner', 'start', 'finish', 'progress'] as const;
export type Column = (typeof columns)[number];

/** The plan's table. */
export function table(page: Page): Locator {
  return page.getByRole('treegrid');
}

/** The row with exactly this title; rows far outside the view are not drawn. */
export function row(page: Page, title: string): Locator {
  return table(page)
    .getByRole('row')
    .filter({ has: page.getByText(title, { exact: true }) });
}

/** One cell of a row. */
export function cell(page: Page, title: string, column: Column): Locator {
  return row(page, title).getByRole('gridcell').nth(columns.indexOf(column));
}

/** The titles from top to bottom, as drawn. */
export async function titles(page: Page): Promise<string[]> {
  const rows = await table(page)
    .getByRole('row')
    .evaluateAll((elements) =>
      elements
        .map((element) => ({
          index: Number(element.getAttribute('aria-rowindex')),
          title: element.querySelector('[role=gridcell] bdi')?.textContent ?? null,
        }))
        .sort((one, other) => one.index - other.index),
    );
  return rows.flatMap(({ title }) => (title === null ? [] : [title]));
}

/** Adds a row by the button and gives it a title. */
export async function addRow(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: plans.add }).click();
  await table(page).getByRole('textbox').fill(title);
  await page.keyboard.press('Enter');
}

/** Opens the editor of a cell and types, without leaving it. */
export async function typeInto(page: Page, title: string, column: Column, text: string): Promise<void> {
  await cell(page, title, column).dblclick();
  const label = say(plans.edit.label, { column: plans.column[column], title });
  await table(page).getByRole('textbox', { name: label, exact: true }).fill(text);
}

/** Changes a cell of text. */
export async function edit(page: Page, title: string, column: Column, text: string): Promise<void> {
  await typeInto(page, title, column, text);
  await page.keyboard.press('Enter');
}

/** Goes to a cell, so that keys mean that row; a click on the cell one stands in already would edit it. */
export async function standIn(page: Page, title: string, column: Column = 'title'): Promise<void> {
  const target = cell(page, title, column);
  if ((await target.getAttribute('aria-selected')) === 'true') await table(page).focus();
  else await target.click();
}

/** Opens the menu of an owner cell; the choice is the caller's. */
export async function openOwners(page: Page, title: string): Promise<Locator> {
  await cell(page, title, 'owner').dblclick();
  const menu = page.getByRole('menu', { name: plans.column.owner });
  await menu.waitFor();
  return menu;
}

/** Opens the side panel of a row and waits for the text of its note. @returns the note's editor */
export async function openNote(page: Page, title: string): Promise<Locator> {
  await standIn(page, title);
  await page.keyboard.press('Space');
  const note = page.getByRole('textbox', { name: plans.note.label });
  await note.waitFor();
  return note;
}

/** The save state in words, as the header says it. */
export function saveState(page: Page): Locator {
  return page.getByRole('status', { name: base.saveState.label }).first();
}

/** Waits until the header says that everything is stored. */
export async function saved(page: Page): Promise<void> {
  await saveState(page).filter({ hasText: base.saveState.saved }).waitFor();
}

/** Waits for the header to say that changes wait. */
export async function waitingOffline(page: Page): Promise<void> {
  await saveState(page)
    .filter({ hasText: /^Offline, \d+ changes? waiting$/ })
    .waitFor();
}
