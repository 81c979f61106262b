/** The demo's page: one person, one live grid, what is saved, refused and in conflict. */
import { createBrowserClock } from '#client/base/live/clock.ts';
import type { LiveGrid } from '#client/base/live/grid/live-grid.ts';
import { openDeviceStore } from '#client/base/live/indexed-device-store.ts';
import type { LiveTransport } from '#client/base/live/link.ts';
import { LiveSession } from '#client/base/live/live-session.ts';
import type { SaveState } from '#client/base/live/save-state.ts';
import { createSocketTransport } from '#client/base/live/socket-transport.ts';
import type { CellValue } from '#shared/base/grid/grid-shape.ts';
import { benchGrid, isTextRow } from '#tests/support/bench-grid.ts';
import { type At, leftOf, Painter, topOf } from '#tests/support/grid-demo/painter.ts';

const name = 'grid/0123456789abcdefghjk';
const person = new URLSearchParams(location.search).get('person') ?? 'anna';
let isOffline = false;

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no ${id} in the page`);
  return found;
}

const stateWords: Record<SaveState['kind'], string> = {
  saved: 'Saved',
  saving: 'Saving…',
  offline: 'Offline, kept on this device',
  refused: 'Not accepted',
  viewOnly: 'You can view this',
  loading: 'Loading…',
};
const reasonWords: Record<string, string> = {
  'grid.rowForeign': 'this row belongs to the other side',
  'grid.bucketClosed': 'this period is closed',
  'grid.valueRefused': 'this value does not fit here',
};

/** Connects as the real one does, except while the page plays being offline. */
function breakable(real: LiveTransport): LiveTransport {
  return {
    connect: (token, events) =>
      real.connect(token, {
        ...events,
        opened: () => (isOffline ? events.closed() : events.opened()),
      }),
  };
}

function readTyped(row: number, text: string): CellValue {
  if (text.trim() === '') return null;
  return isTextRow(row) || Number.isNaN(Number(text)) ? text.trim() : Number(text);
}

function wordsOf({ row, bucket }: At): string {
  return `item ${Math.floor(row / 2) + 1}, week ${bucket + 1}`;
}

function showLists(grid: LiveGrid): void {
  const names = new Map(grid.presence.people.map(({ memberId, name: whose }) => [memberId, whose]));
  const conflicts = grid.conflicts.slice(-3).map((told) => {
    const [was, now] = [told.was, told.now].map(({ memberId }) => names.get(memberId) ?? 'You');
    return `${wordsOf(told)}: ${was} had ${told.was.value ?? 'nothing'}, ${now} wrote ${told.now.value ?? 'nothing'} at the same time`;
  });
  const refused = grid.refusedCells.slice(-3).flatMap(({ code, cells }) => {
    return cells
      .slice(0, 1)
      .map((cell) => `${wordsOf(cell)}: “${cell.value ?? ''}” – ${reasonWords[code] ?? code}`);
  });
  fill('conflicts', conflicts);
  fill('refused', refused);
  element('dealt').hidden = conflicts.length + refused.length === 0;
}

function fill(id: string, lines: readonly string[]): void {
  const items = lines.map((line) => {
    const item = document.createElement('li');
    item.textContent = line;
    return item;
  });
  element(id).replaceChildren(...items);
}

/** Opens the field over the selected cell. */
function edit(painter: Painter, grid: LiveGrid, text: string): void {
  const { row, bucket } = painter.selected;
  const field = document.createElement('input');
  field.id = 'edit';
  field.value = text;
  field.setAttribute('aria-label', wordsOf(painter.selected));
  Object.assign(field.style, { insetBlockStart: `${topOf(row)}px`, insetInlineStart: `${leftOf(bucket)}px` });
  let isOver = false;
  const end = (isTaken: boolean) => {
    if (isOver) return;
    isOver = true;
    if (isTaken) grid.write([{ row, bucket, value: readTyped(row, field.value) }]);
    field.remove();
    element('grid').focus();
    painter.paintSoon();
  };
  field.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter' || event.key === 'Escape') end(event.key === 'Enter');
  });
  field.addEventListener('blur', () => end(true));
  element('space').append(field);
  field.focus();
}

const moves: Record<string, [rows: number, buckets: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function select(painter: Painter, grid: LiveGrid, { row, bucket }: At): void {
  const at = {
    row: Math.min(benchGrid.rows - 1, Math.max(0, row)),
    bucket: Math.min(benchGrid.buckets - 1, Math.max(0, bucket)),
  };
  painter.selected = at;
  grid.presence.setPlace(at);
  painter.reveal();
  painter.paintSoon();
  const { stored, isPending } = grid.cells.cellOf(at.row, at.bucket);
  const state = isPending ? ', not yet stored' : '';
  element('past').textContent =
    `${wordsOf(at)} · ${stored === null ? 'never set' : `patch ${stored.revision}`}${state}`;
}

function press(painter: Painter, grid: LiveGrid, event: KeyboardEvent): void {
  const move = moves[event.key];
  const isCommand = event.ctrlKey || event.metaKey;
  const { row, bucket } = painter.selected;
  if (move !== undefined) {
    event.preventDefault();
    select(painter, grid, { row: row + move[0], bucket: bucket + move[1] });
  } else if (isCommand && event.key === 'z') {
    grid.undo.undo();
  } else if (isCommand && event.key === 'y') {
    grid.undo.redo();
  } else if (event.key === 'Delete') {
    grid.write([{ row, bucket, value: null }]);
  } else if (!isCommand && (event.key.length === 1 || event.key === 'Enter')) {
    event.preventDefault();
    edit(painter, grid, event.key === 'Enter' ? String(grid.cells.valueOf(row, bucket) ?? '') : event.key);
  }
}

/** Lines and tabs as a spreadsheet copies them; all of it or nothing. */
function paste(painter: Painter, grid: LiveGrid, text: string): void {
  const { row, bucket } = painter.selected;
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const cells = lines.flatMap((line, down) =>
    line.split('\t').map((word, right) => {
      return { row: row + down, bucket: bucket + right, value: readTyped(row + down, word) };
    }),
  );
  grid.write(cells, true);
}

function listen(session: LiveSession, grid: LiveGrid, painter: Painter): void {
  const view = element('grid');
  view.tabIndex = 0;
  view.addEventListener('keydown', (event) => press(painter, grid, event));
  view.addEventListener('paste', (event) => paste(painter, grid, event.clipboardData?.getData('text') ?? ''));
  view.addEventListener('mousedown', ({ target }) => {
    const at = target instanceof HTMLElement ? target.dataset['at'] : undefined;
    const [row, bucket] = (at ?? '').split(':').map(Number);
    if (row !== undefined && bucket !== undefined) select(painter, grid, { row, bucket });
  });
  addEventListener('resize', () => painter.paintSoon());
  element('dealt').addEventListener('click', () => {
    grid.dismissConflicts();
    void grid.refused.drop(grid.refusedCells.map(({ id }) => id));
  });
  element('offline').addEventListener('click', ({ currentTarget }) => {
    isOffline = !isOffline;
    const button = currentTarget as HTMLElement;
    button.setAttribute('aria-pressed', String(isOffline));
    button.textContent = isOffline ? 'Go online' : 'Go offline';
    session.networkLost();
    if (!isOffline) session.wake();
  });
}

async function start(): Promise<void> {
  const clock = createBrowserClock();
  const session = new LiveSession({
    transport: breakable(createSocketTransport(clock)),
    store: await openDeviceStore(person),
    clock,
    getToken: () => Promise.resolve(person),
    isOnline: () => !isOffline,
    gridKinds: new Set(['grid']),
  });
  const grid = session.openGrid(name);
  const painter = new Painter(grid, element('grid'), element('space'));
  grid.cells.watch(0, benchGrid.rows, () => painter.paintSoon());
  session.watchAll(() => {
    const { kind, waiting } = session.saveState([name]);
    element('state').textContent = waiting > 0 ? `${stateWords[kind]} (${waiting})` : stateWords[kind];
    element('who').textContent = `${person}, ${grid.side ?? '…'}`;
    showLists(grid);
    painter.paintSoon();
  });
  session.start();
  listen(session, grid, painter);
  select(painter, grid, { row: 0, bucket: benchGrid.closedBuckets });
}

void start();
