/** Draws the part of the demo's grid that is in view, from the cells as they are now. */
import type { LiveGrid } from '#client/base/live/grid/live-grid.ts';
import { benchGrid, isTextRow, sideOfRow } from '#tests/support/bench-grid.ts';

/** A cell's place. */
export interface At {
  row: number;
  bucket: number;
}

/** Sizes in pixels, as in the page's style. */
export const sizes = { row: 28, cell: 76, name: 190 } as const;

/** Draws into `space`, which scrolls inside `view`. */
export class Painter {
  selected: At = { row: 0, bucket: benchGrid.closedBuckets };
  readonly #grid: LiveGrid;
  readonly #view: HTMLElement;
  /** Replaced at each picture; beside it the field being typed in stays where it is. */
  readonly #layer = document.createElement('div');
  #isDue = false;

  constructor(grid: LiveGrid, view: HTMLElement, space: HTMLElement) {
    this.#grid = grid;
    this.#view = view;
    space.append(this.#layer);
    space.style.blockSize = `${(benchGrid.rows + 1) * sizes.row}px`;
    space.style.inlineSize = `${sizes.name + benchGrid.buckets * sizes.cell}px`;
    view.addEventListener('scroll', () => this.paintSoon());
  }

  /** Draws before the next picture of the screen, once. */
  paintSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#paint();
    });
  }

  /** Brings the selected cell into view. */
  reveal(): void {
    const { row, bucket } = this.selected;
    const view = this.#view;
    const [top, left] = [row * sizes.row, bucket * sizes.cell];
    const [high, wide] = [view.clientHeight - 2 * sizes.row, view.clientWidth - sizes.name - sizes.cell];
    view.scrollTop = Math.min(top, Math.max(view.scrollTop, top - high));
    view.scrollLeft = Math.min(left, Math.max(view.scrollLeft, left - wide));
  }

  #paint(): void {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.#view;
    const firstRow = Math.floor(scrollTop / sizes.row);
    const lastRow = Math.min(benchGrid.rows, firstRow + Math.ceil(clientHeight / sizes.row));
    const first = Math.floor(scrollLeft / sizes.cell);
    const last = Math.min(benchGrid.buckets, first + Math.ceil((clientWidth - sizes.name) / sizes.cell) + 1);
    const parts: HTMLElement[] = [];
    for (let bucket = first; bucket < last; bucket += 1) {
      const text = `W${String((bucket % 52) + 1).padStart(2, '0')}/${26 + Math.floor(bucket / 52)}`;
      parts.push(place('week', text, scrollTop, leftOf(bucket), sizes.cell));
    }
    const refused = new Set(
      this.#grid.refusedCells.flatMap(({ cells }) => cells.map((cell) => `${cell.row} ${cell.bucket}`)),
    );
    for (let row = firstRow; row < lastRow; row += 1) {
      for (let bucket = first; bucket < last; bucket += 1) parts.push(this.#cell({ row, bucket }, refused));
      parts.push(nameOf(row, scrollLeft));
    }
    parts.push(place('week corner', 'Item and line', scrollTop, scrollLeft, sizes.name), ...this.#others());
    this.#layer.replaceChildren(...parts);
  }

  #cell(at: At, refused: ReadonlySet<string>): HTMLElement {
    const { row, bucket } = at;
    const { value, isPending } = this.#grid.cells.cellOf(row, bucket);
    const marks = {
      text: isTextRow(row),
      foreign: sideOfRow(row) !== this.#grid.side,
      closed: bucket < benchGrid.closedBuckets,
      pending: isPending,
      refused: refused.has(`${row} ${bucket}`),
      selected: row === this.selected.row && bucket === this.selected.bucket,
    };
    const names = Object.entries(marks).flatMap(([name, isSo]) => (isSo ? [name] : []));
    const text = typeof value === 'number' ? value.toLocaleString('en') : (value ?? '');
    const cell = place(['cell', ...names].join(' '), text, topOf(row), leftOf(bucket), sizes.cell);
    cell.dataset['at'] = `${row}:${bucket}`;
    return cell;
  }

  #others(): HTMLElement[] {
    return this.#grid.presence.people.flatMap((person) => {
      const { row, bucket } = (person.place ?? {}) as Partial<At>;
      if (row === undefined || bucket === undefined) return [];
      const box = place(`cell there ${person.side}`, '', topOf(row), leftOf(bucket), sizes.cell);
      box.style.pointerEvents = 'none';
      const flag = place(`flag ${person.side}`, person.name, topOf(row) - 8, leftOf(bucket) + 4, 0);
      flag.style.inlineSize = 'auto';
      return [box, flag];
    });
  }
}

/** Distance of a row from the top of the space. */
export function topOf(row: number): number {
  return (row + 1) * sizes.row;
}

/** Distance of a bucket from the start of the space. */
export function leftOf(bucket: number): number {
  return sizes.name + bucket * sizes.cell;
}

function nameOf(row: number, left: number): HTMLElement {
  const side = sideOfRow(row);
  const name = place(`name ${side}`, '', topOf(row), left, sizes.name);
  const line = document.createElement('i');
  line.textContent = isTextRow(row) ? 'note' : side === 'buyer' ? 'forecast' : 'commit';
  name.append(`Item ${String(Math.floor(row / 2) + 1).padStart(3, '0')} · `, line);
  return name;
}

function place(name: string, text: string, top: number, left: number, width: number): HTMLElement {
  const element = document.createElement('div');
  element.className = name;
  element.textContent = text;
  Object.assign(element.style, {
    insetBlockStart: `${top}px`,
    insetInlineStart: `${left}px`,
    inlineSize: `${width}px`,
  });
  return element;
}
