/** What is truthfully said about edits: one state for one or several documents. */
import type { ErrorCode } from '#shared/base/errors.ts';

/** In plain words for people elsewhere; `waiting` counts edits that the hub has not stored. */
export interface SaveState {
  kind: 'saved' | 'saving' | 'offline' | 'refused' | 'viewOnly' | 'loading';
  waiting: number;
  /** Why an edit, or the document, was refused. */
  code?: ErrorCode;
  /** False when closing the tab now would lose what waits: the device keeps nothing. */
  kept: boolean;
}

/** What is known of one document. */
export interface DocumentFacts {
  isReady: boolean;
  mayWrite: boolean;
  waiting: number;
  allKept: boolean;
  /** The first edit not accepted and not yet dealt with, or the refusal of the document itself. */
  refusedBy?: ErrorCode | undefined;
}

/** Documents are in order of importance; none at all counts as loading. */
export function saveStateOf(documents: readonly DocumentFacts[], isOffline: boolean): SaveState {
  const waiting = documents.reduce((sum, document) => sum + document.waiting, 0);
  const kept = documents.every((document) => document.allKept);
  const code = documents.find((document) => document.refusedBy !== undefined)?.refusedBy;
  if (code !== undefined) return { kind: 'refused', waiting, kept, code };
  return { kind: kindOf(documents, waiting, isOffline), waiting, kept };
}

function kindOf(documents: readonly DocumentFacts[], waiting: number, isOffline: boolean): SaveState['kind'] {
  if (isOffline) return 'offline';
  if (waiting > 0) return 'saving';
  if (documents.length === 0 || documents.some((document) => !document.isReady)) return 'loading';
  return documents.every((document) => !document.mayWrite) ? 'viewOnly' : 'saved';
}

/** The connection as of now. */
export interface ConnectionFacts {
  isOpen: boolean;
  /** What the browser says of its network. */
  isOnline: boolean;
  /** Milliseconds without a connection; 0 while open. */
  lostForMs: number;
}

/** A short break is not worth a word, unless something waits. */
export const quietLossMs = 5_000;

/** True when people must be told that the hub is not reached. */
export function isOffline(connection: ConnectionFacts, waiting: number): boolean {
  if (connection.isOpen) return false;
  return waiting > 0 || !connection.isOnline || connection.lostForMs >= quietLossMs;
}
