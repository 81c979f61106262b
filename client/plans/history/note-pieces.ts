/** The text of a note as pieces: what stood there, what was put in and what was taken out, and by whom. */
import * as Y from 'yjs';
import type { EditMark } from '#client/history/recorded-document.ts';
import { noteField } from '#shared/plans/doc.ts';

/** Part of a line. `by` is who put it in, or took it out; null where that is not known. */
export interface NotePiece {
  fate: 'same' | 'added' | 'removed';
  text: string;
  by: EditMark | null;
}

/** One block of the text: a paragraph, a heading, a point of a list. */
export interface NoteLine {
  kind: 'paragraph' | 'heading' | 'point';
  pieces: NotePiece[];
}

/** Finds who wrote, or took out, a thing of the note. */
export interface NoteHands {
  writer(id: Y.ID): EditMark | null;
  remover(id: Y.ID): EditMark | null;
}

/** Deeper than any editor nests lists; what is below is left out. */
const deepest = 24;

/**
 * Compares two states of one note. @param before - null for nothing to compare with: then nothing is added or removed
 * @param after - keeps what was taken out (`gc: false`); null when nothing was ever written
 */
export function noteLines(
  before: Y.Doc | 'nothing' | null,
  after: Y.Doc | null,
  hands: NoteHands,
): NoteLine[] {
  if (after === null) return [];
  const stood = stoodIn(before);
  const lines: NoteLine[] = [];
  walk(after.getXmlFragment(noteField), 'paragraph', deepest);
  return lines.filter(({ pieces }) => pieces.length > 0);

  function walk(parent: Y.XmlFragment, kind: NoteLine['kind'], depth: number): void {
    if (depth === 0) return;
    for (let item = parent._start; item !== null; item = item.right) {
      if (!(item.content instanceof Y.ContentType)) continue;
      const { type } = item.content;
      if (type instanceof Y.XmlText) addText(type, kind);
      else if (type instanceof Y.XmlElement) walk(type, kindOf(type, kind), depth - 1);
    }
  }

  function addText(text: Y.XmlText, kind: NoteLine['kind']): void {
    const line: NoteLine = { kind, pieces: [] };
    for (let item = text._start; item !== null; item = item.right) {
      if (!(item.content instanceof Y.ContentString)) continue;
      for (let at = 0; at < item.content.str.length; at += 1) {
        addSign(line, item.content.str.charAt(at), item, Y.createID(item.id.client, item.id.clock + at));
      }
    }
    lines.push(line);
  }

  function addSign(line: NoteLine, sign: string, item: Y.Item, id: Y.ID): void {
    const fate = fateOf(stood === null ? !item.deleted : stood(id), !item.deleted);
    if (fate === null) return;
    const by = fate === 'removed' ? hands.remover(id) : hands.writer(id);
    const last = line.pieces.at(-1);
    if (last?.fate === fate && isOneHand(last.by, by)) last.text += sign;
    else line.pieces.push({ fate, text: sign, by });
  }
}

/** null for what stood at neither moment. */
function fateOf(was: boolean, is: boolean): NotePiece['fate'] | null {
  if (was) return is ? 'same' : 'removed';
  return is ? 'added' : null;
}

function isOneHand(one: EditMark | null, other: EditMark | null): boolean {
  return one?.author.memberId === other?.author.memberId;
}

/** Whether a thing was there before; null when nothing is compared. */
function stoodIn(before: Y.Doc | 'nothing' | null): ((id: Y.ID) => boolean) | null {
  if (before === null) return null;
  if (before === 'nothing') return () => false;
  const gone = Y.createDeleteSetFromStructStore(before.store);
  return (id) => id.clock < Y.getState(before.store, id.client) && !Y.isDeleted(gone, id);
}

function kindOf({ nodeName }: Y.XmlElement, outer: NoteLine['kind']): NoteLine['kind'] {
  if (nodeName === 'heading') return 'heading';
  return nodeName === 'listItem' ? 'point' : outer;
}
