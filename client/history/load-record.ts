/** Brings the recorded life of a subject onto the device, page by page, as far as a device should hold it. */
import { callHub } from '#client/base/http.ts';
import type { HistoryRecord } from '#client/history/record.ts';
import { AppError } from '#shared/base/errors.ts';
import { readRange } from '#shared/history/calls.ts';
import { decodeRange } from '#shared/history/moment-bytes.ts';
import type { Subject } from '#shared/history/shape.ts';

/** Far enough ahead that no clock of a hub is beyond it. */
const everMs = Date.UTC(2200, 0);

/** Above this many bytes the hub is asked for each moment instead. */
const mostRecordBytes = 16 * 1024 * 1024;

/** What loading needs and tells. */
export interface RecordLoading {
  subject: Subject;
  signal: AbortSignal;
  /** Moment up to which the record is complete, after each page. */
  progress: (untilMs: number) => void;
  /** The call that reads a page; the hub's own unless a test puts its own here. */
  read?: (fromMs: number, signal: AbortSignal) => Promise<Uint8Array>;
  /** Bytes of all pages together; 16 MB unless told. */
  mostBytes?: number;
}

/**
 * Takes in everything after what the record has. @returns false when it is more than a device should hold, or not one
 * document throughout @throws AppError of the call; whatever it throws once the signal is given tells nothing
 */
export async function growRecord(record: HistoryRecord, loading: RecordLoading): Promise<boolean> {
  const { signal, progress, mostBytes = mostRecordBytes } = loading;
  const read = loading.read ?? ((fromMs) => readPage(loading.subject, fromMs, signal));
  let bytes = 0;
  // Edits of one millisecond may be told on two pages; what the record has it takes once.
  let fromMs = Math.max(0, record.untilMs - 1);
  for (;;) {
    const page = await read(fromMs, signal).catch(nothingOfTwoLives);
    if (page === null) return false;
    signal.throwIfAborted();
    const range = decodeRange(page);
    const isNew = record.add(range);
    progress(record.untilMs);
    bytes += page.length;
    if (bytes > mostBytes) return false;
    const isLast = range.untilMs >= everMs || range.steps.length === 0;
    if (isLast || (!isNew && range.untilMs <= fromMs)) return true;
    fromMs = range.untilMs;
  }
}

/** A document that was taken back has two lives, which one record cannot hold. */
function nothingOfTwoLives(error: unknown): null {
  if (error instanceof AppError && error.code === 'history.newLife') return null;
  throw error;
}

function readPage({ kind, id }: Subject, fromMs: number, signal: AbortSignal): Promise<Uint8Array> {
  const from = new Date(fromMs).toISOString();
  return callHub(readRange, { kind, id, from, to: new Date(everMs).toISOString() }, signal);
}
