/** The port to what this device keeps of live documents, so that nothing typed depends on a network or a tab. */
import type { ErrorCode } from '#shared/base/errors.ts';

/** One local edit (merged over a frame) that the server has not acknowledged. */
export interface UnsentUpdate {
  /** Given by the store; grows in the order of keeping. */
  id: number;
  update: Uint8Array;
}

/** What the server said last about a document; kept so that it opens, and can be edited, without a network. */
export interface KeptFacts {
  epoch: string;
  /** Everything up to this sequence number is among the kept updates. */
  seq: number;
  mayWrite: boolean;
}

/** A document as kept; `facts` is null when the server was never heard. */
export interface KeptDocument {
  facts: KeptFacts | null;
  received: Uint8Array[];
  unsent: UnsentUpdate[];
}

/** What the server has stored, with the sequence numbers before and after it. */
export interface Arrival {
  facts: KeptFacts;
  fromSeq: number;
  /** All that lies between the two numbers, one's own edits included: what a number counts must be kept with it. */
  updates: readonly Uint8Array[];
  /** Unsent edits that are acknowledged by now; unknown ids are ignored. */
  done: readonly number[];
}

/** An edit the server did not accept: kept until the person has dealt with it. */
export interface RefusedEdit {
  id: number;
  document: string;
  code: ErrorCode;
  /** Milliseconds since 1970. */
  at: number;
  epoch: string | null;
  /** The refused edits alone, merged. */
  update: Uint8Array;
  /** The whole document as the person saw it, refused edits included. */
  seen: Uint8Array;
}

/** A refusal about to be kept; `ids` leave the unsent queue in the same step. */
export type NewRefusedEdit = Omit<RefusedEdit, 'id'> & { ids: readonly number[] };

/**
 * The store of one member on one device. Tabs of one member share it, so each method is one atomic step
 * and none trusts what this tab remembers.
 */
export interface DeviceStore {
  /** False when nothing outlives the tab (private mode, storage refused). */
  readonly lasting: boolean;
  load(document: string): Promise<KeptDocument>;
  /** @returns the id by which it is done or refused */
  keepUnsent(document: string, update: Uint8Array): Promise<number>;
  /** Moves `seq` only when nothing is missing between; another epoch replaces all that was received. All or nothing. */
  keepArrival(document: string, arrival: Arrival): Promise<void>;
  /** Replaces many received updates by few; does nothing when another tab was quicker. */
  compact(document: string, merge: (updates: Uint8Array[]) => Uint8Array): Promise<void>;
  refuse(refused: NewRefusedEdit): Promise<RefusedEdit>;
  listRefused(document: string): Promise<RefusedEdit[]>;
  dropRefused(ids: readonly number[]): Promise<void>;
  /** Drops what was received and what is `done`, keeps other unsent and refused edits. */
  forgetReceived(document: string, done: readonly number[]): Promise<void>;
  /** Documents with edits the server has not acknowledged, from any tab. */
  documentsWithUnsent(): Promise<string[]>;
  /** Documents with edits the server did not accept, from any tab. */
  documentsWithRefused(): Promise<string[]>;
  /** Edits that would be lost with this device's data: unsent and refused ones of all documents, from any tab. */
  countUnstored(): Promise<number>;
  close(): void;
}
