/** What the entries of a log mean: Yjs updates, or patches of a grid. Numbering, storage and commits are the same. */
import type { ClockRange } from '#server/base/live/admission/document-index.ts';
import type { Judgement } from '#server/base/live/kind.ts';
import type { MergeThread } from '#server/base/live/log/merge-thread.ts';
import type { Side } from '#shared/base/audience.ts';

/** Who an update is from; all of it stamped by the server. */
export interface Author {
  memberId: string;
  side: Side;
  at: Date;
}

/** What is pushed, and the number it gets if it is taken in. */
export interface Pushing {
  bytes: Uint8Array;
  seq: number;
  author: Author;
  /** The author's rights as of now; absent where the content needs none beyond the right to write. */
  judgement?: Judgement | undefined;
}

/** Nothing new, or bytes to store; `receipt` is told to the sender alone, once everything before is durable. */
export type Admitted = { receipt?: Uint8Array } & (
  | { kind: 'known' }
  | { kind: 'new'; update: Uint8Array; clocks: ClockRange[] }
);

/** State of one document as admission needs it; it moves ahead of storage, and is thrown away when storage fails. */
export interface LogContent {
  /** The member each client id belongs to. */
  readonly owners: Map<number, string>;
  /** Next clock of a client; 0 for one never seen. */
  clockOf(clientId: number): number;
  /** Judges what is pushed, and takes it in. @throws the refusals of its kind; nothing is changed then */
  admit(pushing: Pushing): Admitted;
  /** Told by how many bytes a new snapshot made the stored document larger; smaller, mostly. */
  resized?(bytes: number): void;
  /** One state for a snapshot's bytes (null for none) and the entries after it; everything else goes on meanwhile. */
  merge(snapshot: Uint8Array | null, tail: readonly Uint8Array[], means: MergeMeans): Promise<Merged>;
}

/** A merged state, and what the content reads of it when it opens with it; null when that costs nothing. */
export interface Merged {
  update: Uint8Array;
  details: Uint8Array | null;
}

/** How to merge without holding others up. */
export interface MergeMeans {
  /** Awaited before each step in this thread. */
  pause: () => Promise<void>;
  /** Merges elsewhere; absent where there is no such place. */
  thread?: MergeThread;
}

/** What a content begins with. */
export interface ContentStart {
  /** State vector of what is stored. */
  clocks: Map<number, number>;
  owners: Map<number, string>;
  /** Bytes of all that is stored. */
  bytes: number;
  /** The stored bytes: the snapshot and what came after it, in order. Asked for when first needed, at most once. */
  source: () => readonly Uint8Array[];
  /** What `merge` told of the first of these bytes; null when there is nothing. */
  known?: (() => { details: Uint8Array; clocks: Map<number, number> } | null) | undefined;
}

/** Makes the content of one document that was just read. */
export type MakeContent = (start: ContentStart) => LogContent;
