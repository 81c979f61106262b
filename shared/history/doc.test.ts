/** Bringing rich text back: equal to what stood, and touching nothing that does not differ. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { restoreText } from '#shared/history/doc.ts';
import { SeededRandom } from '#tests/live/seeded-random.ts';

function paragraph(text: string, node = 'paragraph'): Y.XmlElement {
  const element = new Y.XmlElement(node);
  element.insert(0, [new Y.XmlText(text)]);
  return element;
}

function docOf(...texts: string[]): Y.Doc {
  const doc = new Y.Doc();
  doc.getXmlFragment('note').insert(
    0,
    texts.map((text) => paragraph(text)),
  );
  return doc;
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

const note = (doc: Y.Doc) => doc.getXmlFragment('note');
const textIn = (doc: Y.Doc, place: number): Y.XmlText =>
  (note(doc).get(place) as Y.XmlElement).get(0) as Y.XmlText;

describe('restoring rich text', () => {
  test('[HI17] it reads as it did, marks and attributes included, and nothing is written when nothing differs', () => {
    const doc = docOf('one', 'two');
    textIn(doc, 0).format(0, 2, { bold: true });
    (note(doc).get(1) as Y.XmlElement).setAttribute('level', '2');
    const past = copyOf(doc);
    textIn(doc, 0).format(0, 3, { bold: null });
    note(doc).insert(1, [paragraph('between', 'heading')]);
    note(doc).delete(2, 1);
    expect(restoreText(doc, past, 'note')).toBeGreaterThan(0);
    expect(note(doc).toString()).toBe(note(past).toString());
    const before = Y.encodeStateVector(doc);
    expect(restoreText(doc, past, 'note')).toBe(0);
    expect(Y.encodeStateVector(doc)).toEqual(before);
    expect(restoreText(doc, null, 'note')).toBe(2);
    expect(note(doc).length).toBe(0);
  });

  test('[HI17] a caret in what does not differ stays where it is, and what is written there meanwhile survives', () => {
    const doc = docOf('head', 'middle', 'tail');
    const past = copyOf(doc);
    textIn(doc, 1).insert(0, 'changed ');
    note(doc).insert(2, [paragraph('added')]);
    const elsewhere = copyOf(doc);
    const caret = Y.createRelativePositionFromTypeIndex(textIn(doc, 3), 2);
    textIn(elsewhere, 0).insert(4, ' is kept');
    restoreText(doc, past, 'note');
    const found = Y.createAbsolutePositionFromRelativePosition(caret, doc);
    expect(found).toMatchObject({ type: textIn(doc, 2), index: 2 });
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(elsewhere));
    expect(Array.from({ length: 3 }, (_, place) => textIn(doc, place).toString())).toEqual([
      'head is kept',
      'middle',
      'tail',
    ]);
  });

  test('[HI17] it is one step of undo, and a restore can be restored', () => {
    const doc = docOf('one', 'two');
    const past = copyOf(doc);
    note(doc).delete(0, 1);
    textIn(doc, 0).insert(0, 'x');
    const later = copyOf(doc);
    const undo = new Y.UndoManager(note(doc), { trackedOrigins: new Set(['me']), captureTimeout: 0 });
    restoreText(doc, past, 'note', 'me');
    undo.undo();
    expect(note(doc).toString()).toBe(note(later).toString());
    restoreText(doc, past, 'note', 'me');
    restoreText(doc, later, 'note', 'me');
    expect(note(doc).toString()).toBe(note(later).toString());
  });

  test('[HI17] whatever the two texts are, one becomes the other (200 random pairs)', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = new SeededRandom(seed);
      const words = () => Array.from({ length: random.below(9) }, () => `w${random.below(4)}`);
      const doc = docOf(...words());
      const past = docOf(...words());
      restoreText(doc, past, 'note');
      expect({ seed, text: note(doc).toString() }).toEqual({ seed, text: note(past).toString() });
    }
  });
});
