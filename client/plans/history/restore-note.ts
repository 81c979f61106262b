/** Brings a note to how it read at a moment, as one edit of the person who asks for it. */
import type * as Y from 'yjs';
import { restoreText } from '#shared/history/doc.ts';
import { noteField } from '#shared/plans/doc.ts';

/** Marks the edit, so that it can be taken back. */
export const noteRestoring = Symbol('note restored');

/** @param past - null when nothing had been written. @returns whether it holds text now */
export function restoreNote(doc: Y.Doc, past: Y.Doc | null): boolean {
  restoreText(doc, past, noteField, noteRestoring);
  const note = doc.getXmlFragment(noteField);
  return (
    note
      .toString()
      .replace(/<[^>]*>/g, '')
      .trim() !== ''
  );
}
