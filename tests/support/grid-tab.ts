/** One browser tab with a grid in a test: a socket, a table, and what was told. It sends nothing by itself. */
import type { Side } from '#shared/base/audience.ts';
import { CellTable, type Overwriting } from '#shared/base/grid/cell-table.ts';
import { readCells } from '#shared/base/grid/cells-bytes.ts';
import type { RefusedCell, WrittenCell } from '#shared/base/grid/grid-shape.ts';
import { decodeReceipt, decodeStored, encodeWritten, gridBytes } from '#shared/base/grid/patch-bytes.ts';
import { type CellHistory, type Joined, liveVersion, type Pushed, type Refusal } from '#shared/base/live.ts';
import type { LiveHub, LiveSocket } from '#tests/support/live-hub.ts';
import { connected } from '#tests/support/live-tab.ts';

const patienceMs = 10_000;
let clients = 0;

/** A tab, connected. */
export interface GridTab {
  socket: LiveSocket;
  memberId: string;
  clientId: number;
  table: CellTable;
  told: Overwriting[];
  join(more?: Record<string, unknown>): Promise<Joined | Refusal>;
  /** Writes cells and takes the receipt in; `refusal` when the hub took nothing at all. */
  write(cells: WrittenCell[], isWhole?: boolean): Promise<Written>;
  push(bytes: Uint8Array): Promise<Pushed | Refusal>;
  /** The bytes of the next patch, not sent. */
  patch(cells: WrittenCell[], isWhole?: boolean): Uint8Array;
  history(row: number, bucket: number, from: number): Promise<CellHistory | Refusal>;
  /** Resolves when the table has taken in this number. */
  reached(seq: number): Promise<void>;
}

/** What became of a patch. */
export interface Written {
  refusal?: string;
  seq: number;
  refused: RefusedCell[];
}

/** Connects a person of a side; has joined when it returns unless `isOut`. */
export async function openGridTab(
  hub: LiveHub,
  document: string,
  side: Side,
  isOut = false,
): Promise<GridTab> {
  const { token, actor } = hub.addPerson(side, side);
  hub.setRight(document, actor.memberId, { side });
  const socket = hub.socket(token);
  clients += 1;
  const clientId = clients;
  const table = new CellTable();
  const told: Overwriting[] = [];
  const waiting = new Set<() => void>();
  let clock = 0;
  const take = (updates: readonly Uint8Array[]) => {
    for (const bytes of updates) {
      if (bytes[0] === gridBytes.stored)
        table.apply(decodeStored(bytes), (overwriting) => told.push(overwriting));
      else readCells([bytes], table);
    }
    for (const look of [...waiting]) look();
  };
  socket.on('updates', (frame) => take(frame.updates));
  await connected(socket);
  const ask = (name: string, message: unknown): Promise<unknown> =>
    (socket as unknown as Asking).timeout(patienceMs).emitWithAck(name, message);
  const tab: GridTab = {
    socket,
    memberId: actor.memberId,
    clientId,
    table,
    told,
    async join(more = {}) {
      const message = { version: liveVersion, document, clientId, ...more };
      const answer = (await ask('join', message)) as Joined | Refusal;
      if (answer.ok) take(answer.updates);
      return answer;
    },
    push: (update) => ask('push', { document, update }) as Promise<Pushed | Refusal>,
    patch(cells, isWhole = false) {
      clock += 1;
      return encodeWritten({ client: clientId, clock: clock - 1, after: null, isWhole, cells });
    },
    async write(cells, isWhole = false) {
      const answer = await tab.push(tab.patch(cells, isWhole));
      if (!answer.ok) return { refusal: answer.code, seq: -1, refused: [] };
      const { stored, refused } = decodeReceipt(answer.receipt ?? new Uint8Array());
      if (stored.length > 0) take([stored]);
      return { seq: answer.seq, refused };
    },
    history: (row, bucket, from) =>
      ask('cellHistory', { document, row, bucket, from }) as Promise<CellHistory | Refusal>,
    reached(seq) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`never reached ${seq}`)), patienceMs);
        const look = () => {
          if (table.seq < seq) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
  };
  if (!isOut) await tab.join();
  return tab;
}

interface Asking {
  timeout(ms: number): { emitWithAck(name: string, message: unknown): Promise<unknown> };
}
