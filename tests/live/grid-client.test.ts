/** What a person sees of a grid: their own cells at once, the others' when they are stored, and never a silent loss. */
import { expect, test } from 'vitest';
import type { NewCell } from '#client/base/live/grid/live-grid.ts';
import { breathe, GridSession, gridName, type Tab } from '#tests/live/grid-session.ts';

function cell(row: number, bucket: number, value: NewCell['value']): NewCell {
  return { row, bucket, value };
}

/** Buyers are 0 and 2, suppliers 1 and 3; everyone has joined. */
async function openSession(): Promise<GridSession> {
  const session = new GridSession(1, 4);
  expect(await session.heal()).toBe(true);
  return session;
}

/** The tab's line breaks, and no other is opened. */
async function goOffline(session: GridSession, tab: Tab): Promise<void> {
  session.isOffline = true;
  tab.line?.breakServer();
  tab.line?.tellClient();
  await breathe();
}

async function comeBack(session: GridSession): Promise<void> {
  session.isOffline = false;
  for (const tab of session.tabs) tab.session.networkLost();
  expect(await session.heal()).toBe(true);
}

test('[LV112] own cells are shown at once, others when they are stored, and only rows that changed are told', async () => {
  const session = await openSession();
  const [buyer, supplier] = [session.tab(0), session.tab(1)];
  const told: number[][] = [];
  supplier.grid.cells.watch(2, 10, (rows) => told.push([...rows]));
  buyer.grid.write([cell(0, 10, 5), cell(4, 10, 6), cell(12, 10, 7)]);
  expect(buyer.grid.cells.cellOf(4, 10)).toEqual({ value: 6, isPending: true, stored: null });
  expect(buyer.session.saveState([gridName])).toMatchObject({ kind: 'saving', waiting: 1 });
  expect(supplier.grid.cells.valueOf(4, 10)).toBe(null);
  await session.heal();
  expect(supplier.grid.cells.valueOf(4, 10)).toBe(6);
  expect(told).toEqual([[4]]);
  expect(buyer.grid.cells.cellOf(4, 10)).toMatchObject({ isPending: false, stored: { revision: 1 } });
  expect(buyer.session.saveState([gridName])).toMatchObject({ kind: 'saved', waiting: 0 });
});

test('[LV110] what is written offline is kept, sent with the revisions its writer saw, and a conflict is told to both', async () => {
  const session = await openSession();
  const [anna, berta] = [session.tab(0), session.tab(2)];
  anna.grid.write([cell(0, 10, 5)]);
  await session.heal();
  await goOffline(session, anna);
  anna.grid.write([cell(0, 10, 6), cell(0, 11, 6)]);
  anna.clock.advance(20_000);
  await breathe();
  expect(anna.session.saveState([gridName])).toMatchObject({ kind: 'offline', waiting: 1 });
  expect((await anna.device.store.load(gridName)).unsent).toHaveLength(1);
  // The others' lines are still there.
  berta.grid.write([cell(0, 10, 7)]);
  for (let round = 0; round < 20; round += 1) {
    berta.clock.advance(16);
    while ((berta.line?.toServer.length ?? 0) > 0) berta.line?.deliverToServer();
    await session.server.storage.decide('done');
    while ((berta.line?.toClient.length ?? 0) > 0) berta.line?.deliverToClient();
    await breathe();
  }
  expect(berta.grid.waiting).toBe(0);
  await comeBack(session);
  const conflict = { row: 0, bucket: 10, was: { value: 7 }, now: { value: 6 } };
  expect(anna.grid.conflicts).toMatchObject([conflict]);
  expect(berta.grid.conflicts).toMatchObject([conflict]);
  expect(session.tab(1).grid.conflicts, 'no business of the others').toEqual([]);
  expect(session.tab(1).grid.cells.valueOf(0, 10)).toBe(6);
  anna.grid.dismissConflicts();
  expect(anna.grid.conflicts).toEqual([]);
});

test('[LV110] what a closed tab could not send is sent by the next one, and by another that is open', async () => {
  const session = await openSession();
  const buyer = session.tab(0);
  await goOffline(session, buyer);
  buyer.grid.write([cell(0, 10, 5)]);
  buyer.clock.advance(16);
  await breathe();
  const next = session.replaceTab(buyer, true);
  await breathe();
  expect(next.grid.cells.cellOf(0, 10)).toMatchObject({ value: 5, isPending: true });
  await comeBack(session);
  expect(session.tab(0).grid.cells.valueOf(0, 10)).toBe(5);
  expect(await session.server.stored.entriesAfter(gridName, 0, 10)).toHaveLength(1);
});

test('[LV111] a refused cell is shown with its reason and what was typed, in later tabs too, until it is dealt with', async () => {
  const session = await openSession();
  const buyer = session.tab(0);
  buyer.grid.write([cell(0, 10, 5), cell(1, 10, 5), cell(0, 2, 5)]);
  await session.heal();
  expect(buyer.grid.cells.valueOf(0, 10)).toBe(5);
  expect(buyer.grid.cells.cellOf(1, 10), 'what stands is shown').toMatchObject({
    value: null,
    isPending: false,
  });
  const aside = [
    { code: 'grid.rowForeign', cells: [cell(1, 10, 5)] },
    { code: 'grid.bucketClosed', cells: [cell(0, 2, 5)] },
  ];
  expect(buyer.grid.refusedCells).toMatchObject(aside);
  expect(buyer.session.saveState([gridName])).toMatchObject({ kind: 'refused', code: 'grid.rowForeign' });
  const next = session.replaceTab(buyer, true);
  await session.heal();
  expect(next.grid.refusedCells).toMatchObject(aside);
  await next.grid.refused.drop(next.grid.refusedCells.slice(0, 1).map(({ id }) => id));
  expect(next.grid.refusedCells).toMatchObject(aside.slice(1));
  await next.grid.retryRefused();
  await session.heal();
  expect(next.grid.refusedCells, 'refused again').toMatchObject(aside.slice(1));
});

test('[LV111] a paste to be taken as a whole is refused as a whole, and kept as a whole', async () => {
  const session = await openSession();
  const buyer = session.tab(0);
  const cells = [cell(0, 10, 5), cell(1, 10, 5), cell(2, 10, 5)];
  expect(buyer.grid.write(cells, true)).toBe(true);
  await session.heal();
  expect(session.tab(1).grid.cells.valueOf(0, 10)).toBe(null);
  expect(buyer.grid.refusedCells).toMatchObject([{ code: 'grid.rowForeign', cells }]);
  const tooMany = Array.from({ length: 4_097 }, (_, at) => cell(at % 64, 4 + Math.floor(at / 64), 1));
  expect(buyer.grid.write(tooMany, true)).toBe(false);
  expect(buyer.grid.waiting).toBe(0);
});

test('[LV111] without the right to write every patch is kept aside, and the grid goes on', async () => {
  const session = await openSession();
  const buyer = session.tab(0);
  buyer.grid.write([cell(0, 10, 5)]);
  buyer.clock.advance(16);
  buyer.grid.write([cell(0, 11, 5)]);
  session.server.setMayWrite(buyer.device.actor.memberId, false);
  expect(await session.heal()).toBe(true);
  expect(buyer.grid.refusedCells.map(({ code }) => code)).toEqual(['live.readOnly', 'live.readOnly']);
  expect(buyer.grid.cells.valueOf(0, 10)).toBe(null);
  expect(buyer.grid.isJoined).toBe(true);
});

test('[LV113] undo takes back one own step, and leaves cells that others have written since', async () => {
  const session = await openSession();
  const [anna, berta] = [session.tab(0), session.tab(2)];
  anna.grid.write([cell(0, 10, 1), cell(0, 11, 1)]);
  await session.heal();
  anna.grid.write([cell(0, 10, 2), cell(0, 11, 2)]);
  await session.heal();
  berta.grid.write([cell(0, 11, 9)]);
  await session.heal();
  anna.grid.undo.undo();
  await session.heal();
  expect([berta.grid.cells.valueOf(0, 10), berta.grid.cells.valueOf(0, 11)]).toEqual([1, 9]);
  anna.grid.undo.redo();
  await session.heal();
  expect([berta.grid.cells.valueOf(0, 10), berta.grid.cells.valueOf(0, 11)]).toEqual([2, 9]);
  expect(berta.grid.undo.canUndo).toBe(true);
  berta.grid.undo.undo();
  expect(berta.grid.cells.valueOf(0, 11)).toBe(2);
});
