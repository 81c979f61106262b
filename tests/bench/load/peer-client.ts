/** What every peer's client can do, whatever it speaks. */
import { UpdateCursor } from '#server/base/live/admission/update-cursor.ts';
import type { SeenRange } from '#tests/bench/load/ledger.ts';

/** A seat in a document for one person. */
export interface Place {
  /** As the peer names it. */
  document: string;
  /** Who one is; '' for peers without rights. */
  token: string;
  /** The machine's own address to come from. */
  localAddress: string;
  clientId: number;
  /** State vector of what one has from before; null for a newcomer. */
  has: Uint8Array | null;
}

/** An update as it came: its bytes, which may be kept, and what it adds. */
export interface ReadUpdate {
  bytes: Uint8Array;
  ranges: readonly SeenRange[];
}

/** What a client is told. */
export interface ClientListener {
  updates(updates: readonly ReadUpdate[]): void;
  /** Carets of others that one frame carried. */
  carets(count: number): void;
  /** A push is stored; only peers that say so. In the order of the pushes. */
  stored(): void;
  /** Not stored, or a push or a join refused; the run is worth nothing. */
  failed(reason: string): void;
  closed(): void;
}

/** A connected and synced client. */
export interface PeerClient {
  push(update: Uint8Array): void;
  /** Moves one's caret behind a character. */
  caret(clock: number): void;
  /** Breaks the line. */
  cut(): void;
  readonly framesIn: number;
  readonly bytesIn: number;
}

/** One peer's way to speak. */
export interface Protocol {
  /**
   * Connects and syncs.
   * @returns the client and the updates that make up what it did not have
   */
  join(port: number, place: Place, listener: ClientListener): Promise<JoinedClient>;
}

/** The answer to a join: `updates` is [] for an empty document. */
export interface JoinedClient {
  client: PeerClient;
  updates: readonly Uint8Array[];
}

/** Reads which clocks an update adds, neighbouring structs as one range. */
export function readUpdate(bytes: Uint8Array): ReadUpdate {
  const cursor = new UpdateCursor(bytes);
  const ranges: SeenRange[] = [];
  while (cursor.nextStruct()) {
    const last = ranges.at(-1);
    if (last !== undefined && last.client === cursor.client && last.to === cursor.clock)
      last.to += cursor.length;
    else ranges.push({ client: cursor.client, from: cursor.clock, to: cursor.clock + cursor.length });
  }
  return { bytes, ranges };
}

/** The state a caret has in y-protocols' awareness: two equal relative positions. */
export function caretAt(clientId: number, clock: number): { anchor: object; head: object } {
  const position = {
    type: { client: clientId, clock: 1 },
    item: { client: clientId, clock },
    assoc: -1,
  };
  return { anchor: position, head: position };
}
