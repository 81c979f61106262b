/** The port to what keeps live documents: an append-only log, the owners of client ids, and snapshots. */
import type { ClockRange } from '#server/base/live/admission/document-index.ts';
import type { Side } from '#shared/base/audience.ts';
import { dayMs } from '#shared/base/units.ts';

/** One update of one person; or, long after, what one person wrote in one stretch of work, merged. */
export interface LogEntry {
  /** 1 for the first of a document, without gaps. */
  seq: number;
  /** Number of the first update it stands for: `seq`, unless merged. Entries of one stretch share all its numbers. */
  first: number;
  /** Bytes as admitted: Yjs V1, or of a kind with `grid` a stored patch, which is never merged. */
  update: Uint8Array;
  memberId: string;
  side: Side;
  /** When it was taken in; never before the entry ahead of it. */
  at: Date;
  /** When the first update it stands for was: `at`, unless merged. */
  since: Date;
  /** Clocks it adds; [] for an update that only deletes. */
  clocks: ClockRange[];
}

/** Entries of one document that become durable together; `entries` is not empty and its numbers follow one another. */
export interface LogBatch {
  document: string;
  entries: LogEntry[];
}

/** An owner of a client id under which nothing has been written is forgotten after so long. */
export const unusedOwnerMs = 90 * dayMs;

/** How long every update is kept for itself; older ones are merged, one for each author and stretch of work. */
export const fullDetailMs = 30 * dayMs;

/** A client id that belongs to a member in a document: for ever once something is written under it. */
export interface Binding {
  document: string;
  clientId: number;
  memberId: string;
}

/** The merged state of a document up to and including `seq`. The log stays; a snapshot only makes opening short. */
export interface Snapshot {
  seq: number;
  /** Moment of the entry `seq`. */
  at: Date;
  update: Uint8Array;
  /** The state vector at `seq`. */
  clocks: Map<number, number>;
  /** Whose each client id of `clocks` is. */
  owners: Map<number, string>;
  /** What its content reads of `update` beforehand, so that nobody has to wait for it; null when it has not. */
  details: Uint8Array | null;
}

/** A document as read back. */
export interface StoredDocument {
  /** The document's life; made at the first opening and never changed. */
  epoch: string;
  snapshot: Snapshot | null;
  /** Entries after the snapshot, in order. */
  tail: LogEntry[];
  /** Owners of client ids, from the snapshot, the tail and bindings. */
  owners: Map<number, string>;
}

/** A document to be compacted: entries after `from`, up to its last snapshot at `upTo`. */
export interface DueDocument {
  document: string;
  from: number;
  upTo: number;
}

/**
 * Keeps live documents. Whatever a promise of `append` or `saveSnapshot` confirmed survives the loss of the process
 * and of power. Every method rejects when the store cannot be reached; nothing else may be concluded then.
 */
export interface LiveStorage {
  /**
   * Reads a document; one never written is created with a new epoch and nothing in it. Owners bound longer ago than
   * `unusedOwnerMs` under whose ids nothing was written are dropped.
   */
  open(document: string): Promise<StoredDocument>;
  /**
   * Makes batches durable, each wholly or not at all; at most one batch a document.
   * @returns the documents whose batch was refused, because other entries stand at its numbers
   */
  append(batches: readonly LogBatch[]): Promise<ReadonlySet<string>>;
  /** Makes bindings durable; one that exists already stays as it is. */
  bind(bindings: readonly Binding[]): Promise<void>;
  /** Gives the document another epoch: devices will set aside what they have, and not merge it into what follows. */
  renew(document: string): Promise<void>;
  /** Replaces the snapshot, unless one as late is there. */
  saveSnapshot(document: string, snapshot: Snapshot): Promise<void>;
  /**
   * Entries after a number, in order: the history. At most `limit` numbers, which may be infinite; a merged stretch counts as one and is
   * given whole, also when the number lies inside it. From `mostBytes` of updates on no further number is read.
   */
  entriesAfter(document: string, seq: number, limit: number, mostBytes?: number): Promise<LogEntry[]>;
  /** Number of the last entry at or before a moment; 0 when there is none. Exact to one commit, or merged stretch. */
  numberAt(document: string, moment: Date): Promise<number>;
  /**
   * Puts a merged stretch in the place of the entries it stands for, at once or not at all.
   * @param entries - all of the same first and last number, by moment; the last one's is the stretch's
   * @returns false when the log holds no such numbers one by one, and nothing was done
   */
  replaceEntries(document: string, entries: readonly LogEntry[]): Promise<boolean>;
  /** Documents that are to be compacted at a moment, longest due first. */
  compactionDue(at: Date, limit: number): Promise<DueDocument[]>;
  /** When to go on, and after which number; `at` null: 30 days after its next snapshot. */
  planCompaction(document: string, plan: { at: Date | null; from: number }): Promise<void>;
  /** Names of the documents that have been written to and begin with a prefix, sorted. */
  listDocuments(prefix: string): Promise<string[]>;
}
