/** The whole past of one document in memory: cut at any of its numbers, it gives the state and who wrote what. */
import type { ClockRange } from '#server/base/live/admission/document-index.ts';
import { putTogether, type Section, takeApart } from '#server/base/live/admission/update-sections.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { DeletePast } from '#server/history/delete-past.ts';
import type { OwnedRange, Writer } from '#server/history/owned-range.ts';
import type { Side } from '#shared/base/audience.ts';
import { historyLimits } from '#shared/history/shape.ts';

/** A document at one moment. */
export interface DocumentState {
  /** Number of the last entry in it, and its moment; 0 for none. */
  seq: number;
  editedAtMs: number;
  /** V1. */
  update: Uint8Array;
  /** Sorted by client and clock. */
  written: OwnedRange[];
  deleted: OwnedRange[];
}

/** What one stretch of the log added; an entry that was not merged is a stretch of its own. */
interface Stretch {
  last: number;
  /** Moment of its last entry: before that, none of it counts, because its entries may lean on one another. */
  atMs: number;
}

interface Piece extends Section {
  writer: Writer;
  atMs: number;
  /** Place of the stretch. */
  stretch: number;
}

/** Bytes of memory a piece takes besides its update. */
const pieceBytes = 200;
/** Pieces gone through in one turn. */
const piecesPerTurn = 20_000;

/** Grows as the log grows; what it holds never changes. */
export class DocumentPast {
  #stretches: Stretch[] = [];
  #pieces = new Map<number, Piece[]>();
  #deletes = new DeletePast();
  #writers = new Map<string, Writer>();
  #bytes = 0;

  /** Number of the last entry taken in; 0 for none. */
  get seq(): number {
    return this.#stretches.at(-1)?.last ?? 0;
  }

  /** Memory it takes, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes in what follows in the log, in order; all entries of one stretch in one call. */
  add(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      const last = this.#stretches.at(-1);
      const atMs = entry.at.getTime();
      if (last?.last === entry.seq) last.atMs = Math.max(last.atMs, atMs);
      else this.#stretches.push({ last: entry.seq, atMs });
      this.#take(entry);
    }
  }

  /** Number of the last entry at or before a moment; 0 for none. */
  seqAt(moment: number): number {
    return this.#stretches[placeOf(this.#stretches, (stretch) => stretch.atMs <= moment) - 1]?.last ?? 0;
  }

  /**
   * The document as it was.
   * @param seq - as `seqAt` gives it
   * @param pause - awaited now and then, so that others go on
   */
  async stateAt(seq: number, pause: () => Promise<void>): Promise<DocumentState> {
    const stretches = placeOf(this.#stretches, ({ last }) => last <= seq);
    const last = this.#stretches[stretches - 1];
    const rows: Piece[][] = [];
    const written: OwnedRange[] = [];
    for (const client of [...this.#pieces.keys()].sort((one, two) => one - two)) {
      const pieces = this.#pieces.get(client) ?? [];
      const row = pieces.slice(
        0,
        placeOf(pieces, (piece) => piece.stretch < stretches),
      );
      if (row.length === 0) continue;
      rows.push(row);
      for (let at = 0; at < row.length; at += piecesPerTurn) {
        await pause();
        joinRuns(written, row.slice(at, at + piecesPerTurn));
      }
    }
    await pause();
    const deleted: OwnedRange[] = [];
    joinRuns(deleted, await this.#deletes.upTo(stretches, pause));
    await pause();
    return {
      seq: last?.last ?? 0,
      editedAtMs: last?.atMs ?? 0,
      update: putTogether(rows, joinRanges(deleted)),
      written,
      deleted,
    };
  }

  #take({ update, memberId, side, since }: LogEntry): void {
    const writer = this.#writerOf(memberId, side);
    const stretch = this.#stretches.length - 1;
    const atMs = since.getTime();
    const { sections, deletes } = takeApart(update);
    for (const section of sections) {
      const piece = { ...section, writer, atMs, stretch };
      const pieces = this.#pieces.get(section.client);
      if (pieces === undefined) this.#pieces.set(section.client, [piece]);
      else pieces.push(piece);
    }
    for (const range of deletes) this.#deletes.add({ ...range, writer, atMs, stretch });
    this.#bytes += update.length + (sections.length + deletes.length) * pieceBytes;
  }

  #writerOf(memberId: string, side: Side): Writer {
    const key = `${side} ${memberId}`;
    const known = this.#writers.get(key);
    if (known !== undefined) return known;
    const writer = { memberId, side };
    this.#writers.set(key, writer);
    return writer;
  }
}

/** How many of a list, from its start on, fit; those that fit come first. */
export function placeOf<Item>(list: readonly Item[], fits: (item: Item) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = list[middle];
    if (item !== undefined && fits(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds ranges, sorted, to a list; what follows on, of one person and within one span of time, becomes one. */
function joinRuns(list: OwnedRange[], ranges: readonly OwnedRange[]): void {
  for (const { client, from, to, writer, atMs } of ranges) {
    const last = list.at(-1);
    const isSame = last !== undefined && last.client === client && last.to === from && last.writer === writer;
    const sinceMs = isSame ? atMs - last.atMs : Number.NaN;
    if (isSame && sinceMs >= 0 && sinceMs <= historyLimits.runMs) last.to = to;
    else list.push({ client, from, to, writer, atMs });
  }
}

/** The same clocks in as few ranges as can be. */
function joinRanges(runs: readonly OwnedRange[]): ClockRange[] {
  const ranges: ClockRange[] = [];
  for (const { client, from, to } of runs) {
    const last = ranges.at(-1);
    if (last?.client === client && last.to === from) last.to = to;
    else ranges.push({ client, from, to });
  }
  return ranges;
}
