/** The lines of a past plan's table: plain, with what one stretch of work did, or as two moments differ. */
import { type ColumnId, columns } from '#client/plans/table/columns.ts';
import { comparePlans, type PlanCell, type RowChange, type RowFate } from '#shared/plans/compare.ts';
import type { PlanRow } from '#shared/plans/outline.ts';
import type { PlanView } from '#shared/plans/read.ts';

/** One line. */
export interface PastLine {
  /** As it is drawn: the later of the two where two are compared. */
  row: PlanRow;
  /** As it was before; null where it was not there, or nothing is compared. */
  before: PlanRow | null;
  fate: RowFate | 'same';
  /** Cells that differ, or that the chosen work wrote. */
  cells: ReadonlySet<ColumnId>;
  moved: boolean;
  /** Its note reads otherwise, or the chosen work wrote it. */
  note?: true;
}

const noCells: ReadonlySet<ColumnId> = new Set();

const columnsOfCell: Record<PlanCell, readonly ColumnId[]> = {
  title: ['title'],
  kind: ['title'],
  place: [],
  noted: [],
  start: ['start'],
  finish: ['finish'],
  progressPct: ['progress'],
  personId: ['owner'],
  owner: ['owner'],
};

/** Every row as it stands. */
export function plainLines({ rows }: PlanView): PastLine[] {
  return rows.map((row) => ({ row, before: null, fate: 'same', cells: noCells, moved: false }));
}

/** Two moments in one table: rows of the later one, and the removed ones where they stood. */
export function comparedLines(before: PlanView, after: PlanView): PastLine[] {
  const changes = new Map(comparePlans(before, after).map((change) => [change.id, change]));
  const lines = after.rows.map((row) => lineOf(row, before.byId.get(row.task.id) ?? null, changes));
  return withRemoved(lines, before, changes);
}

/**
 * What one stretch of work did: as two moments differ, but only where that work wrote.
 * @param touched - cells it wrote, by task
 */
export function workLines(
  before: PlanView,
  after: PlanView,
  touched: ReadonlyMap<string, ReadonlySet<ColumnId>>,
): PastLine[] {
  return comparedLines(before, after).flatMap((line) => {
    const own = touched.get(line.row.task.id);
    if (own !== undefined) return [{ ...line, cells: inBoth(line, own) }];
    if (line.fate === 'removed') return [];
    return [{ ...line, before: null, fate: 'same' as const, cells: noCells, moved: false }];
  });
}

/** Rows whose note alone differs are changed too: a note is part of its row. */
export function withNotes(lines: readonly PastLine[], differs: (line: PastLine) => boolean): PastLine[] {
  return lines.map((line) => {
    const mayDiffer = line.fate === 'same' || line.fate === 'changed';
    return mayDiffer && differs(line) ? { ...line, fate: 'changed', note: true } : line;
  });
}

/** Only lines that differ. */
export function changedOnly(lines: readonly PastLine[]): PastLine[] {
  return lines.filter(({ fate }) => fate !== 'same');
}

/** How many rows differ in which way; rows that came back count as added. */
export interface FateCounts {
  added: number;
  removed: number;
  changed: number;
}

export function countFates(lines: readonly PastLine[]): FateCounts {
  const count = (fates: readonly PastLine['fate'][]) =>
    lines.filter(({ fate }) => fates.includes(fate)).length;
  return { added: count(['added', 'returned']), removed: count(['removed']), changed: count(['changed']) };
}

function lineOf(row: PlanRow, before: PlanRow | null, changes: ReadonlyMap<string, RowChange>): PastLine {
  const change = changes.get(row.task.id);
  if (change === undefined) return { row, before: null, fate: 'same', cells: noCells, moved: false };
  const { fate, moved } = change;
  if (fate !== 'changed') return { row, before, fate, cells: new Set(columns), moved };
  const cells = new Set(change.cells.flatMap(({ cell }) => columnsOfCell[cell]));
  // A row over others shows their days and progress, not its own.
  if (row.childCount > 0) for (const sum of ['start', 'finish', 'progress'] as const) cells.delete(sum);
  return { row, before, fate, cells, moved };
}

/** A new row is new in all its cells; of others, those that differ and were written by that work. */
function inBoth(line: PastLine, own: ReadonlySet<ColumnId>): ReadonlySet<ColumnId> {
  return line.fate === 'changed' ? line.cells.intersection(own) : line.cells;
}

/** Puts each removed row below the row it stood below. */
function withRemoved(
  lines: readonly PastLine[],
  before: PlanView,
  changes: ReadonlyMap<string, RowChange>,
): PastLine[] {
  const standing = new Set(lines.map(({ row }) => row.task.id));
  const below = new Map<string | null, PastLine[]>();
  let anchor: string | null = null;
  for (const row of before.rows) {
    const { id } = row.task;
    if (standing.has(id)) anchor = id;
    else if (changes.has(id)) {
      const line: PastLine = { row, before: row, fate: 'removed', cells: new Set(columns), moved: false };
      below.set(anchor, [...(below.get(anchor) ?? []), line]);
    }
  }
  return [
    ...(below.get(null) ?? []),
    ...lines.flatMap((line) => [line, ...(below.get(line.row.task.id) ?? [])]),
  ];
}
