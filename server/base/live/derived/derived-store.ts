/** The port to what keeps derived records, and which documents stand in quarantine. */
import type { ThreadFault } from '#server/base/live/worker/worker-thread.ts';

/** How far a document was read: everything up to `seq` of this life. */
export interface DocumentState {
  document: string;
  epoch: string;
  seq: number;
}

/** What a subject's documents said when they were read last; a plain record of its room's making. */
export interface DerivedRecord {
  subject: string;
  kind: string;
  /** 1 for the first, one more with each. */
  revision: number;
  /** Of the room's way of reading; another one makes every record anew. */
  version: number;
  /** Documents that hold something. */
  states: DocumentState[];
  at: Date;
  value: unknown;
}

/** A document that breaks whoever reads it: it can be read by people as before, and written by nobody. */
export interface Quarantine {
  document: string;
  subject: string;
  epoch: string;
  /** The document could be read up to here; 0 when not even its first entry could. */
  goodSeq: number;
  /** Where it stood when it broke the reader. */
  badSeq: number;
  fault: ThreadFault;
  since: Date;
}

/** How a quarantine ended: somebody took the document back to what could be read. */
export interface Release {
  memberId: string;
  at: Date;
  /** The document's new life begins with this number. */
  seq: number;
}

/** Entries after `after` up to and including `upTo`: they stay in the log, and are not read with what follows. */
export interface Cut {
  after: number;
  upTo: number;
}

/** Every method rejects when the store cannot be reached. */
export interface DerivedStore {
  read(subject: string): Promise<DerivedRecord | null>;
  /** Puts a record in the place of the one before it. @returns false when that is not the one that stands there */
  write(record: DerivedRecord): Promise<boolean>;
  /** Notes durably that a subject may be written to from now on; until it is closed it may be behind. */
  open(subject: string, kind: string): Promise<void>;
  close(subject: string): Promise<void>;
  /** Subjects noted as open: after a start, those that may be behind. */
  listOpen(): Promise<string[]>;
  /** Subjects of a kind that have a record of this version. */
  listDerived(kind: string, version: number): Promise<string[]>;
  /** Quarantines that stand. */
  listQuarantines(): Promise<Quarantine[]>;
  quarantine(quarantine: Quarantine): Promise<void>;
  /** Ends a document's quarantine; that it was, and who ended it, stays on record. */
  release(document: string, release: Release): Promise<void>;
  /** Numbers of a document that are no part of it any more, in order. */
  listCuts(document: string): Promise<Cut[]>;
}
