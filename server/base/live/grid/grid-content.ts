/** A log whose entries are patches of a grid: every cell judged by itself, in the order they come, last writer wins. */
import type { GridRules } from '#server/base/live/kind.ts';
import type {
  Admitted,
  ContentStart,
  LogContent,
  MakeContent,
  Merged,
  MergeMeans,
  Pushing,
} from '#server/base/live/log/log-content.ts';
import { BytesError } from '#shared/base/byte-reader.ts';
import { fail } from '#shared/base/errors.ts';
import { CellTable } from '#shared/base/grid/cell-table.ts';
import { encodeCells, readCells, readInto } from '#shared/base/grid/cells-bytes.ts';
import {
  cellKey,
  type GridRefusal,
  gridLimits,
  type RefusedCell,
  type StoredCell,
  type WrittenCell,
} from '#shared/base/grid/grid-shape.ts';
import {
  decodeWritten,
  encodeReceipt,
  encodeStored,
  type WrittenPatch,
} from '#shared/base/grid/patch-bytes.ts';

const nothing = new Uint8Array();

/** Rules LV100 to LV108. */
class GridContent implements LogContent {
  readonly owners: Map<number, string>;
  #rules: GridRules;
  #clocks: Map<number, number>;
  /** Clocks of the last patch judged under each client id, taken or not; later than in `#clocks` or absent. */
  #judged = new Map<number, number>();
  #table: CellTable | null = null;
  #source: () => readonly Uint8Array[];

  constructor(rules: GridRules, start: ContentStart) {
    this.#rules = rules;
    this.owners = start.owners;
    this.#clocks = start.clocks;
    this.#source = start.source;
  }

  clockOf(clientId: number): number {
    return this.#clocks.get(clientId) ?? 0;
  }

  /** @throws live.tooLarge, live.malformed, live.foreignClient, live.clockGap, live.readOnly when nobody said what its author may do */
  admit(pushing: Pushing): Admitted {
    const { author, seq } = pushing;
    const patch = readPatch(pushing.bytes);
    const { client, clock } = patch;
    if ((this.owners.get(client) ?? author.memberId) !== author.memberId) fail('live.foreignClient');
    // The one before it was held up: taken now, this one would make that one look known.
    if (patch.after !== null && this.#lastJudged(client) < patch.after) fail('live.clockGap');
    const refused = this.#judge(pushing, patch);
    // Of ids nobody joined with nothing is remembered: whoever makes them up must not fill the memory.
    if (this.owners.has(client)) this.#judged.set(client, Math.max(clock, this.#lastJudged(client)));
    if (clock < this.clockOf(client)) return this.#repeat(patch, refused);
    const cells = patch.isWhole && refused.length > 0 ? [] : this.#take(pushing, patch, refused);
    if (cells.length === 0) return { kind: 'known', receipt: encodeReceipt({ stored: nothing, refused }) };
    const stored = { seq, client, clock, memberId: author.memberId, cells };
    const update = encodeStored(stored);
    this.#cells().apply(stored);
    this.#clocks.set(client, clock + 1);
    return {
      kind: 'new',
      update,
      clocks: [{ client, from: clock, to: clock + 1 }],
      receipt: encodeReceipt({ stored: update, refused }),
    };
  }

  async merge(
    snapshot: Uint8Array | null,
    tail: readonly Uint8Array[],
    { pause }: MergeMeans,
  ): Promise<Merged> {
    const table = new CellTable();
    for (const bytes of [...(snapshot === null ? [] : [snapshot]), ...tail]) {
      await inSteps(readInto(table, bytes), pause);
    }
    return { update: await inSteps(encodeCells(table), pause), details: null };
  }

  #lastJudged(client: number): number {
    return this.#judged.get(client) ?? this.clockOf(client) - 1;
  }

  /** Read when the first patch comes, so that opening a grid to look at it costs no decoding. */
  #cells(): CellTable {
    if (this.#table === null) {
      this.#table = readCells(this.#source());
      this.#source = () => [];
    }
    return this.#table;
  }

  #judge({ judgement }: Pushing, patch: WrittenPatch): RefusedCell[] {
    if (judgement === undefined) fail('live.readOnly');
    const refusalOf = ({ row, bucket, value }: WrittenCell): GridRefusal | null => {
      const refusal = this.#rules.refuseCell(judgement, row, bucket);
      if (refusal !== null) return refusal;
      if (!this.#rules.acceptsValue(judgement, row, value)) return 'grid.valueRefused';
      return this.#cells().hasRoomFor(row, bucket) ? null : 'grid.full';
    };
    return patch.cells.flatMap((cell) => {
      const code = refusalOf(cell);
      return code === null ? [] : [{ row: cell.row, bucket: cell.bucket, code }];
    });
  }

  /** The sender did not hear what became of it the first time: what stands as written was taken then. */
  #repeat({ cells }: WrittenPatch, refused: readonly RefusedCell[]): Admitted {
    const written = byPlace(cells);
    const lacking = refused.filter(({ row, bucket }) => {
      const cell = this.#cells().find(row, bucket);
      return cell === null || cell.value !== written.get(cellKey(row, bucket))?.value;
    });
    return { kind: 'known', receipt: encodeReceipt({ stored: nothing, refused: lacking }) };
  }

  #take({ author }: Pushing, { cells }: WrittenPatch, refused: readonly RefusedCell[]): StoredCell[] {
    const left = byPlace(cells);
    for (const { row, bucket } of refused) left.delete(cellKey(row, bucket));
    return Array.from(left.values(), ({ row, bucket, value, base }) => {
      const before = this.#cells().find(row, bucket);
      const previous = before?.revision ?? 0;
      const isUnseen = before !== null && base < previous;
      const isOver = isUnseen && before.memberId !== author.memberId && before.value !== value;
      return { row, bucket, value, previous, isOver };
    });
  }
}

/** The content of every grid of one kind. */
export function makeGridContent(rules: GridRules): MakeContent {
  return (start) => new GridContent(rules, start);
}

function readPatch(bytes: Uint8Array): WrittenPatch {
  if (bytes.length > gridLimits.patchBytes) fail('live.tooLarge');
  try {
    return decodeWritten(bytes);
  } catch (error) {
    if (error instanceof BytesError) return fail('live.malformed');
    throw error;
  }
}

function byPlace(cells: readonly WrittenCell[]): Map<number, WrittenCell> {
  return new Map(cells.map((cell) => [cellKey(cell.row, cell.bucket), cell]));
}

async function inSteps<Result>(steps: Generator<void, Result>, pause: () => Promise<void>): Promise<Result> {
  for (;;) {
    await pause();
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
