/** One random edit of a document, of all the kinds that rooms use. */
import * as Y from 'yjs';
import type { SeededRandom } from '#tests/live/seeded-random.ts';

const keys = ['a', 'b', 'c', 'd'];

/** @param mark - unique to this edit, so that an edit applied twice shows */
export function editAtRandom(doc: Y.Doc, random: SeededRandom, mark: string): void {
  const map = doc.getMap<unknown>('map');
  const kind = random.weighted({
    set: 3,
    unset: 1,
    nest: 2,
    into: 3,
    insert: 4,
    cut: 2,
    add: 4,
    remove: 2,
    several: 1,
  });
  if (kind === 'set') map.set(random.pick(keys), mark);
  else if (kind === 'unset') map.delete(random.pick(keys));
  else if (kind === 'nest') map.set(random.pick(keys), new Y.Map([['made', mark]]));
  else if (kind === 'into') editNested(map, random, mark);
  else if (kind === 'insert') insertText(doc.getText('text'), random, mark);
  else if (kind === 'cut') cut(doc.getText('text'), random);
  else if (kind === 'add') addItem(doc.getArray<string>('list'), random, mark);
  else if (kind === 'remove') cut(doc.getArray<string>('list'), random);
  else doc.transact(() => editSeveral(doc, random, mark));
}

function editNested(map: Y.Map<unknown>, random: SeededRandom, mark: string): void {
  const nested = map.get(random.pick(keys));
  if (nested instanceof Y.Map) nested.set(random.pick(keys), mark);
}

function insertText(text: Y.Text, random: SeededRandom, mark: string): void {
  const at = random.below(text.length + 1);
  if (random.chance(0.2)) text.insert(at, mark, { bold: true });
  else text.insert(at, mark);
}

function addItem(list: Y.Array<string>, random: SeededRandom, mark: string): void {
  list.insert(random.below(list.length + 1), [mark]);
}

function cut(content: Y.Text | Y.Array<string>, random: SeededRandom): void {
  if (content.length === 0) return;
  const at = random.below(content.length);
  content.delete(at, 1 + random.below(Math.min(5, content.length - at)));
}

function editSeveral(doc: Y.Doc, random: SeededRandom, mark: string): void {
  addItem(doc.getArray<string>('list'), random, mark);
  insertText(doc.getText('text'), random, mark);
  cut(doc.getText('text'), random);
  doc.getMap('map').set(random.pick(keys), mark);
}
