/** The port between the live engine and the rooms: who may read and write a document, and what is read as one thing. */
import type * as Y from 'yjs';
import type { Actor } from '#server/base/actor.ts';
import type { Side } from '#shared/base/audience.ts';
import type { CellValue, GridRefusal } from '#shared/base/grid/grid-shape.ts';

/** The answer for one person and one document, as of now. */
export interface Judgement {
  mayWrite: boolean;
  /** The person's side in the document's relationship; stamped on presence and on every log entry. */
  side: Side;
  relationshipId: string;
  /** True when nobody may write, because the document breaks whoever reads it; set by the engine. */
  quarantined?: boolean;
}

/** What a grid's room decides for every single cell, from a judgement as fresh as the one a push relies on. */
export interface GridRules {
  /** Why this person may not write a cell now; null when they may. */
  refuseCell(judgement: Judgement, row: number, bucket: number): GridRefusal | null;
  /** Whether a value has the shape of its cell; null, an emptied cell, is asked for too. */
  acceptsValue(judgement: Judgement, row: number, value: CellValue): boolean;
}

/** A kind of live document, registered by its room under the first part of the document's name. */
export interface LiveKind {
  kind: string;
  /**
   * Decides from current data; asked at join, when rights change, and whenever the last answer is older than 1 s.
   * @param key - the parts of the name after the kind
   * @returns null for absent and foreign alike
   */
  judge(actor: Actor, key: readonly string[]): Promise<Judgement | null>;
  /**
   * The subject the document is part of, for instance `plan/<planId>`: what people would call the thing.
   * @param key - the parts of the name after the kind
   * @returns null for a document that stands alone, or for no document of this kind
   */
  subject?(key: readonly string[]): string | null;
  /** Makes every document of this kind a grid: its log holds patches, and is never merged or read as Yjs. */
  grid?: GridRules;
}

/** Several documents that are read as one thing, registered by their room: its history is one, and so is its record. */
export interface LiveSubject {
  /** First part of the subject's name; the second is the id of the thing. */
  kind: string;
  /**
   * Names of all documents of one thing, sorted; [] for an id that can be none.
   * @param written - names of documents that begin with a prefix and were written to, sorted
   */
  documents(id: string, written: (prefix: string) => Promise<string[]>): Promise<string[]>;
  /**
   * Told after storage which things were edited, and when last: each thing soon, and then at most once in 20 s.
   * When it rejects, the same is told again.
   */
  edited?(lastEdits: ReadonlyMap<string, Date>): Promise<void>;
  /** How the readable record of one thing is made; without it, none is. */
  derived?: DerivedReading;
  /** Who may read its history; without it, it has none to read. */
  past?: SubjectPast;
}

/** What history asks of a subject's room. */
export interface SubjectPast {
  /**
   * What a person may do with the thing as a whole, from current data; `mayWrite` when any of its documents is theirs to write.
   * @returns null for absent and foreign alike
   */
  judge(actor: Actor, id: string): Promise<Judgement | null>;
  /** Whether whoever may read the thing may read all its documents; if not, each is judged. */
  hasOneAudience: boolean;
  /** Members who may read the thing: those to be told of it. */
  readers(id: string): Promise<string[]>;
}

/** How a room reads its documents in another thread, and is told what came of it. */
export interface DerivedReading {
  /** A module that exports `derive`, of type `Derive`. */
  module: URL;
  /** Raised when `derive` says something else of the same documents: all records are made anew. */
  version: number;
  /** Whether the record is made from this document; from all of the subject's by default. */
  reads?(document: string): boolean;
  /** Told after a record that differs from the one before was stored; errors are logged, never passed on. */
  changed?(id: string, value: unknown): Promise<void>;
}

/**
 * Makes a plain record, at most 1 MB as JSON, of documents that may hold anything; nothing else, and the same each time.
 * @param documents - by name, read-only; without those never written to
 */
export type Derive = (documents: ReadonlyMap<string, Y.Doc>, id: string) => unknown;
