import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { noteLines } from '#client/plans/history/note-pieces.ts';
import { noteRestoring, restoreNote } from '#client/plans/history/restore-note.ts';
import { noteField } from '#shared/plans/doc.ts';

const eleni = { memberId: 'e', memberName: 'Eleni', companyName: 'Aegean Marine', side: 'buyer' } as const;
const piotr = { memberId: 'p', memberName: 'Piotr', companyName: 'Gdansk Pumps', side: 'supplier' } as const;

/** A paragraph of Eleni's that Piotr then changed. */
function story() {
  const before = new Y.Doc({ gc: false });
  before.clientID = 1;
  const text = new Y.XmlText('Two cavities.');
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [text]);
  before.getXmlFragment(noteField).insert(0, [paragraph]);
  const after = new Y.Doc({ gc: false });
  after.clientID = 2;
  Y.applyUpdate(after, Y.encodeStateAsUpdate(before));
  const [same] = after.getXmlFragment(noteField).toArray();
  const words = same instanceof Y.XmlElement ? same.get(0) : null;
  if (!(words instanceof Y.XmlText)) throw new Error('no text');
  words.delete(0, 3);
  words.insert(0, 'Four');
  return { before, after };
}

const hands = {
  writer: ({ client }: Y.ID) => ({ author: client === 1 ? eleni : piotr, atMs: client }),
  remover: () => ({ author: piotr, atMs: 2 }),
};

describe('a note of the past', () => {
  test('[PL46] shows what was put in and taken out since, and by whom', () => {
    const { before, after } = story();
    const [line] = noteLines(before, after, hands);
    expect(line?.kind).toBe('paragraph');
    const pieces = line?.pieces
      .map(({ fate, text, by }) => `${fate} ${text} ${by?.author.memberName}`)
      .sort();
    expect(pieces).toEqual(['added Four Piotr', 'removed Two Piotr', 'same  cavities. Eleni']);
  });

  test('[PL46] alone it shows its text and who wrote which part, and nothing of what was taken out', () => {
    const { before, after } = story();
    const read = (was: Y.Doc | 'nothing' | null, is: Y.Doc | null) =>
      noteLines(was, is, hands).map(({ pieces }) => pieces.map(({ fate, text }) => [fate, text]));
    expect(read(null, after)).toEqual([
      [
        ['same', 'Four'],
        ['same', ' cavities.'],
      ],
    ]);
    expect(read('nothing', before)).toEqual([[['added', 'Two cavities.']]]);
    expect(read(null, null)).toEqual([]);
  });

  test('[PL48] is brought back by one edit, which can be undone', () => {
    const { before, after } = story();
    const note = after.getXmlFragment(noteField);
    const was = note.toString();
    const undo = new Y.UndoManager(note, { trackedOrigins: new Set([noteRestoring]) });
    let edits = 0;
    after.on('update', () => {
      edits += 1;
    });
    expect(restoreNote(after, before)).toBe(true);
    expect(note.toString()).toBe('<paragraph>Two cavities.</paragraph>');
    expect(edits).toBe(1);
    undo.undo();
    expect(note.toString()).toBe(was);
    expect(restoreNote(after, null)).toBe(false);
    expect(note.length).toBe(0);
  });
});
