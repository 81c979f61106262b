/** The port between the live engine and the rooms: a room says who may read and write a document of its kind. */
import type { Actor } from '#server/base/actor.ts';
import type { Side } from '#shared/base/audience.ts';

/** The answer for one person and one document, as of now. */
export interface Judgement {
  mayWrite: boolean;
  /** The person's side in the document's relationship; stamped on presence and on every log entry. */
  side: Side;
  relationshipId: string;
}

/** What the engine tells a room after edits of a document became durable. */
export interface Stored {
  seq: number;
  at: Date;
  memberId: string;
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
  /** Told after storage, at most once a second per document; errors are logged, never passed on. */
  stored?(key: readonly string[], stored: Stored): Promise<void>;
}
