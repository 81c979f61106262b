/** The past of one cell: each stored patch names the one that set the cell before, so a step back is one reading. */
import type { LiveStorage, LogEntry } from '#server/base/live/log/storage.ts';
import { fail } from '#shared/base/errors.ts';
import { gridLimits } from '#shared/base/grid/grid-shape.ts';
import { decodeStored } from '#shared/base/grid/patch-bytes.ts';
import type { CellHistory, CellStep, ReadCell } from '#shared/base/live.ts';

/**
 * Who set a cell to what and when, newest first, at most `gridLimits.historySteps` at once.
 * @param storedSeq - last number of the log that is durable: nothing after it is shown
 * @throws input.invalid when the patch to begin with did not set the cell
 */
export async function readCellHistory(
  storage: LiveStorage,
  { document, row, bucket, from }: ReadCell,
  storedSeq: number,
): Promise<CellHistory> {
  const steps: CellStep[] = [];
  let next: number | null = from;
  if (from > storedSeq) fail('input.invalid');
  while (next !== null && steps.length < gridLimits.historySteps) {
    const [entry] = await storage.entriesAfter(document, next - 1, 1);
    const step = stepOf(entry, next, row, bucket);
    if (step === null) fail('input.invalid');
    steps.push(step.told);
    next = step.previous === 0 ? null : step.previous;
  }
  return { ok: true, steps, next };
}

function stepOf(
  entry: LogEntry | undefined,
  seq: number,
  row: number,
  bucket: number,
): { told: CellStep; previous: number } | null {
  if (entry?.seq !== seq) return null;
  const cell = decodeStored(entry.update).cells.find((other) => other.row === row && other.bucket === bucket);
  if (cell === undefined) return null;
  const { memberId, side, at } = entry;
  const { value, previous, isOver } = cell;
  return { told: { seq, memberId, side, at: at.toISOString(), value, isOver }, previous };
}
