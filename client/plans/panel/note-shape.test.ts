/** Tests of what counts as a note's text: everything an editor makes, and nothing else. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { isNoteFit, mendNote, noteFragment } from '#client/plans/panel/note-shape.ts';

function text(content: string, attributes: object = {}): Y.XmlText {
  const made = new Y.XmlText();
  made.insert(0, content, attributes);
  return made;
}

function paragraph(...children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement {
  const made = new Y.XmlElement('paragraph');
  made.insert(0, children);
  return made;
}

/** Puts any type where the types of Yjs allow only some. */
function put(parent: Y.XmlFragment, child: object): void {
  parent.insert(parent.length, [child as Y.XmlElement]);
}

/** What a hostile page can write into a note, each in a document of its own. */
const hostile: Record<string, (doc: Y.Doc) => void> = {
  'text directly in the root': (doc) => put(doc.getXmlFragment('note'), text('bare')),
  'a root filled as an array': (doc) => doc.getArray('note').push([1, { a: 1 }]),
  'a root filled as a text': (doc) => doc.getText('note').insert(0, 'plain'),
  'a map in the root': (doc) => put(doc.getXmlFragment('note'), new Y.Map()),
  'a map in a paragraph': (doc) => {
    const inside = paragraph(text('a'));
    put(doc.getXmlFragment('note'), inside);
    put(inside, new Y.Map());
  },
  'a fragment in a paragraph': (doc) => {
    const inside = paragraph(text('a'));
    put(doc.getXmlFragment('note'), inside);
    put(inside, new Y.XmlFragment());
  },
  'an object in a text': (doc) => {
    const inside = text('a');
    put(doc.getXmlFragment('note'), paragraph(inside));
    inside.insertEmbed(1, { a: 1 });
  },
  'an attribute that is no plain value': (doc) => {
    const inside = new Y.XmlElement<{ start: object }>('orderedList');
    put(doc.getXmlFragment('note'), inside);
    inside.setAttribute('start', { toString: 1, valueOf: 1 });
  },
  'an address that is no plain value': (doc) =>
    put(doc.getXmlFragment('note'), paragraph(text('a', { link: { href: { toString: 1 } } }))),
};

/** As it comes to another device: through bytes, with the root not yet of any type. */
function received(fill: (doc: Y.Doc) => void): Y.XmlFragment {
  const [from, to] = [new Y.Doc(), new Y.Doc()];
  fill(from);
  Y.applyUpdate(to, Y.encodeStateAsUpdate(from));
  const fragment = noteFragment(to);
  if (fragment === null) throw new Error('expected a fragment');
  return fragment;
}

describe('the shape of a note', () => {
  test('[PL30] what editors make is fit: an empty note, marks, lists, links', () => {
    const fragment = received((doc) => {
      const item = new Y.XmlElement('listItem');
      item.insert(0, [paragraph(text('one', { bold: {}, link: { href: 'https://acme.example' } }))]);
      const list = new Y.XmlElement<{ start: number }>('orderedList');
      list.setAttribute('start', 3);
      list.insert(0, [item]);
      put(doc.getXmlFragment('note'), paragraph());
      put(doc.getXmlFragment('note'), list);
    });
    expect(isNoteFit(fragment)).toBe(true);
    expect(isNoteFit(received(() => undefined))).toBe(true);
  });

  test('[PL30] marks set in this tab, which have no prototype, are fit too', () => {
    const fragment = new Y.Doc().getXmlFragment('note');
    put(fragment, paragraph(text('bold', { bold: Object.create(null) })));
    expect(isNoteFit(fragment)).toBe(true);
  });

  test.each(Object.entries(hostile))('[PL30] %s is unfit, and can be taken out', (_, fill) => {
    let isKept = false;
    const fragment = received((doc) => {
      fill(doc);
      isKept = doc.share.get('note') instanceof Y.XmlFragment;
      if (isKept) put(doc.getXmlFragment('note'), paragraph(text('kept')));
    });
    expect(isNoteFit(fragment)).toBe(false);
    mendNote(fragment);
    expect(isNoteFit(fragment)).toBe(true);
    expect(fragment.toString().includes('kept')).toBe(isKept);
  });

  test('[PL30] a root already in use as something else is no note', () => {
    const doc = new Y.Doc();
    doc.getMap('note').set('a', 1);
    expect(noteFragment(doc)).toBeNull();
  });
});
