/** The network goes, the hub is killed: what was shown as saved is there, and what was not arrives. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addRow,
  edit,
  openNote,
  row,
  saved,
  saveState,
  titles,
  typeInto,
  waitingOffline,
} from '#tests/e2e/plan-steps.ts';
import { eleni, openPlan, piotr, type Stage, setStage } from '#tests/e2e/setting.ts';
import { words } from '#tests/e2e/words.ts';
import type { Seat } from '#tests/support/browser.ts';
import { until } from '#tests/support/until.ts';

const { base, plans } = words;
/** What a browser says on its console about a network that is gone. */
const brokenNetwork = /ERR_|WebSocket|503 \(Service Unavailable\)/;

let stage: Stage;
let buyer: Seat;
let supplier: Seat;

beforeAll(async () => {
  // So high that every row of these tests is drawn, and the whole order can be compared.
  stage = await setStage({ height: 2_600 });
  ({ buyer, supplier } = stage);
  for (const seat of [buyer, supplier]) seat.expecting(brokenNetwork);
  await buyer.page.getByRole('button', { name: plans.empty.action }).click();
  await row(supplier.page, plans.empty.firstTitle).waitFor();
});

afterAll(() => stage?.close());

/** Takes the network from a browser: it is told so, and what is open is cut. */
async function goOffline(seat: Seat): Promise<void> {
  await seat.context.setOffline(true);
  seat.network.cut();
}

async function goOnline(seat: Seat): Promise<void> {
  seat.network.heal();
  await seat.context.setOffline(false);
}

/** Waits until both sides show the same rows in the same order, and says which. */
function sameTitles(one: Page, other: Page): Promise<string[]> {
  return until('both sides to show the same rows', async () => {
    const [here, there] = await Promise.all([titles(one), titles(other)]);
    return here.join('\n') === there.join('\n') && here;
  }) as Promise<string[]>;
}

describe('without a network', () => {
  test('[TW7] both go on editing, and back online both are equal', async () => {
    await addRow(buyer.page, 'Tooling');
    await addRow(buyer.page, 'Samples');
    await row(supplier.page, 'Samples').waitFor();
    await saved(supplier.page);

    await goOffline(supplier);
    await edit(supplier.page, 'Tooling', 'title', 'Tooling in Gdansk');
    await addRow(supplier.page, 'Packing');
    await waitingOffline(supplier.page);
    await edit(buyer.page, 'Samples', 'title', 'Samples for Piraeus');
    await addRow(buyer.page, 'Approval');
    await saved(buyer.page);
    expect(await titles(supplier.page)).not.toContain('Approval');
    expect(await titles(buyer.page)).not.toContain('Packing');

    await goOnline(supplier);
    for (const page of [buyer.page, supplier.page]) {
      for (const title of ['Tooling in Gdansk', 'Packing', 'Samples for Piraeus', 'Approval']) {
        await row(page, title).waitFor();
      }
      await saved(page);
    }
    const same = await sameTitles(buyer.page, supplier.page);
    const expected = ['Tooling in Gdansk', 'Packing', 'Samples for Piraeus', 'Approval'];
    expect([...same].sort()).toEqual([plans.empty.firstTitle, ...expected].sort());
  });

  test('[TW7] text of one note written at both sides meanwhile is all there', async () => {
    const [mine, theirs] = await Promise.all([
      openNote(buyer.page, plans.empty.firstTitle),
      openNote(supplier.page, plans.empty.firstTitle),
    ]);
    await mine.click();
    await mine.pressSequentially('Agreed. ');
    // With its last space: what is typed behind it would stand before it otherwise.
    await until('the first words', async () => (await noteText(supplier.page)) === 'Agreed. ');
    await goOffline(supplier);
    await theirs.click();
    await supplier.page.keyboard.press('Control+End');
    await theirs.pressSequentially('Written offline.');
    await mine.pressSequentially('Written online.');
    await waitingOffline(supplier.page);
    await goOnline(supplier);
    const text = await until('both notes to be equal', async () => {
      const [here, there] = await Promise.all([noteText(buyer.page), noteText(supplier.page)]);
      return here === there && here.includes('offline') && here.includes('online.') && here;
    });
    expect(text).toMatch(/^Agreed\. /);
    expect(text).toContain('Written offline.');
    expect(text).toContain('Written online.');
  });

  test('[TW7] edits of a tab that was closed offline arrive when the plan is opened again', async () => {
    const closed = await stage.seat(piotr);
    closed.expecting(brokenNetwork);
    await goOffline(closed);
    await addRow(closed.page, 'Kept on the device');
    await waitingOffline(closed.page);
    await closed.page.close();
    await goOnline(closed);
    const page = await closed.context.newPage();
    await page.goto(stage.planAddress);
    await row(page, 'Kept on the device').waitFor();
    await row(buyer.page, 'Kept on the device').waitFor();
    await saved(page);
    expect(closed.complaints()).toEqual([]);
    await closed.close();
  });
});

/** Text of the open note without the carets of others. */
function noteText(page: Page): Promise<string> {
  return page.getByRole('textbox', { name: plans.note.label }).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const caret of copy.querySelectorAll('[data-side]')) caret.remove();
    return copy.textContent.replaceAll('\u2060', '');
  });
}

/** What one side typed in a storm, and how much of it was shown as saved at some moment. */
interface Typed {
  all: string[];
  shownAsSaved: string[];
}

/** Adds rows one after another. The first few are seen saved; then it only looks at the save state, and types on. */
async function typeRows(page: Page, name: string, go: () => boolean): Promise<Typed> {
  const typed: Typed = { all: [], shownAsSaved: [] };
  for (let number = 1; go() && number <= 25; number += 1) {
    const title = `${name} ${number}`;
    await addRow(page, title);
    typed.all.push(title);
    if (number <= 3) await saved(page);
    if ((await saveState(page).textContent()) === base.saveState.saved) typed.shownAsSaved = [...typed.all];
  }
  return typed;
}

describe('the hub is killed', () => {
  test('[TW8, TW6] while both type: what was shown as saved is there, and unsent edits arrive by themselves', async () => {
    const before = await sameTitles(buyer.page, supplier.page);
    let goesOn = true;
    const counts = { buyer: 0, supplier: 0 };
    const counting = (side: 'buyer' | 'supplier') => () => {
      counts[side] += 1;
      return goesOn;
    };
    const typing = Promise.all([
      typeRows(buyer.page, 'Buyer', counting('buyer')),
      typeRows(supplier.page, 'Supplier', counting('supplier')),
    ]);
    await until('both to be in full swing', () => counts.buyer > 6 && counts.supplier > 6, 30_000);
    await stage.hub.end('SIGKILL');
    const atKill = { ...counts };
    await until(
      'both to have typed on',
      () => counts.buyer > atKill.buyer + 2 && counts.supplier > atKill.supplier + 2,
      30_000,
    );
    goesOn = false;
    const [byBuyer, bySupplier] = await typing;
    await Promise.all([waitingOffline(buyer.page), waitingOffline(supplier.page)]);
    expect(byBuyer.shownAsSaved.length).toBeGreaterThan(0);
    expect(bySupplier.shownAsSaved.length).toBeGreaterThan(0);

    // Neither browser may help the hub to remember: both stay cut off while a fresh one looks.
    for (const seat of [buyer, supplier]) seat.network.cut();
    const restartMs = await stage.hub.start();
    const witness = await stage.seat(eleni);
    await openPlan(witness, stage.planAddress);
    for (const title of [...byBuyer.shownAsSaved, ...bySupplier.shownAsSaved]) {
      await row(witness.page, title).waitFor();
    }

    for (const seat of [buyer, supplier]) seat.network.heal();
    const healed = performance.now();
    await Promise.all([saved(buyer.page), saved(supplier.page)]);
    const backMs = performance.now() - healed;
    const all = await sameTitles(buyer.page, supplier.page);
    expect(await sameTitles(witness.page, buyer.page)).toEqual(all);
    expect([...all].sort()).toEqual([...before, ...byBuyer.all, ...bySupplier.all].sort());
    const edits = byBuyer.all.length + bySupplier.all.length;
    const unsent = edits - byBuyer.shownAsSaved.length - bySupplier.shownAsSaved.length;
    process.stdout.write(
      `kill -9: ready again after ${restartMs.toFixed(0)} ms, browsers saved ${backMs.toFixed(0)} ms after the network was back, ` +
        `${edits} edits, ${unsent} of them not yet shown as saved, none lost\n`,
    );
    expect(witness.complaints()).toEqual([]);
  });

  test('[TW8] a half-typed title survives the restart and is sent when it is left', async () => {
    await addRow(buyer.page, 'Before');
    await row(supplier.page, 'Before').waitFor();
    await typeInto(buyer.page, 'Before', 'title', 'Typed across the restart');
    await stage.hub.end('SIGKILL');
    await stage.hub.start();
    await buyer.page.keyboard.press('Enter');
    await row(supplier.page, 'Typed across the restart').waitFor({ timeout: 20_000 });
    await saved(buyer.page);
  });

  test('[TW8] an orderly stop ends within ten seconds and loses nothing', async () => {
    await addRow(buyer.page, 'Last word');
    const begun = performance.now();
    const code = await stage.hub.end('SIGTERM');
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(code).toBe(0);
    await stage.hub.start();
    await row(supplier.page, 'Last word').waitFor({ timeout: 20_000 });
    await Promise.all([saved(buyer.page), saved(supplier.page)]);
  });

  test('[TW13] neither browser complained of anything but the network', () => {
    expect(buyer.complaints()).toEqual([]);
    expect(supplier.complaints()).toEqual([]);
  });
});
