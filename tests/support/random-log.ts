/** Logs as several people make them who write at the same time: text, marks, maps and nested rich text, deletions included. */
import * as Y from 'yjs';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { secondMs } from '#shared/base/units.ts';
import type { SeededRandom } from '#tests/live/seeded-random.ts';

/** A log of one document, and the document it makes. */
export interface RandomLog {
  entries: LogEntry[];
  doc: Y.Doc;
}

interface Person {
  memberId: string;
  doc: Y.Doc;
  /** How far of the log it has seen. */
  seen: number;
}

/** Makes a log; moments rise by up to 40 s, and some are the same. */
export function randomLog(random: SeededRandom, size: { edits: number; people: number }): RandomLog {
  const entries: LogEntry[] = [];
  const all = new Y.Doc();
  const people = Array.from({ length: size.people }, (_, place): Person => {
    return { memberId: `person${place}`, doc: new Y.Doc(), seen: 0 };
  });
  for (const { doc } of people) doc.clientID = random.below(0xffffffff);
  let atMs = Date.UTC(2026, 0, 5, 9);
  while (entries.length < size.edits) {
    const person = random.pick(people);
    if (random.chance(0.6)) catchUp(person, entries);
    const before = Y.encodeStateVector(person.doc);
    const heard: Uint8Array[] = [];
    const listen = (update: Uint8Array) => heard.push(update);
    person.doc.on('update', listen);
    person.doc.transact(() => edit(person.doc, random));
    person.doc.off('update', listen);
    const [update] = heard;
    if (update === undefined) continue;
    // Now and then as after being away: what one has deleted ever is told again.
    const isWhole = random.chance(0.1) && person.seen === entries.length;
    const bytes = isWhole ? Y.encodeStateAsUpdate(person.doc, before) : update;
    const { from, to } = Y.parseUpdateMeta(bytes);
    const clocks = Array.from(to, ([client, end]) => ({ client, from: from.get(client) ?? 0, to: end }));
    atMs += random.chance(0.2) ? 0 : random.below(40 * secondMs);
    const at = new Date(atMs);
    const seq = entries.length + 1;
    const { memberId } = person;
    const side = memberId.endsWith('0') ? 'buyer' : 'supplier';
    entries.push({ seq, first: seq, update: bytes, memberId, side, at, since: at, clocks });
    Y.applyUpdate(all, bytes);
  }
  return { entries, doc: all };
}

function catchUp(person: Person, entries: readonly LogEntry[]): void {
  for (const { update } of entries.slice(person.seen)) Y.applyUpdate(person.doc, update);
  person.seen = entries.length;
}

function edit(doc: Y.Doc, random: SeededRandom): void {
  const text = doc.getText('text');
  const fragment = doc.getXmlFragment('xml');
  const edits = {
    write: () => text.insert(random.below(text.length + 1), `w${random.below(1_000)} 🛠`),
    erase: () => text.length > 0 && text.delete(random.below(text.length), 1),
    eraseMuch: () => text.length > 8 && text.delete(random.below(text.length - 8), 8),
    mark: () =>
      text.length > 4 && text.format(random.below(text.length - 4), 4, { bold: random.chance(0.5) }),
    set: () => doc.getMap('map').set(`k${random.below(5)}`, random.below(1_000)),
    unset: () => doc.getMap('map').delete(`k${random.below(5)}`),
    paragraph: () => {
      const element = new Y.XmlElement('paragraph');
      element.insert(0, [new Y.XmlText(`p${random.below(1_000)}`)]);
      fragment.insert(random.below(fragment.length + 1), [element]);
    },
    eraseParagraph: () => fragment.length > 0 && fragment.delete(random.below(fragment.length), 1),
  };
  const weights = {
    write: 8,
    erase: 4,
    eraseMuch: 2,
    mark: 1,
    set: 2,
    unset: 1,
    paragraph: 2,
    eraseParagraph: 1,
  };
  edits[random.weighted(weights)]();
}

/** What compaction makes of entries: one for each author, all of the same numbers. */
export function mergedStretch(entries: readonly LogEntry[]): LogEntry[] {
  const [first, last] = [entries[0]?.seq ?? 0, entries.at(-1)?.seq ?? 0];
  return Array.from(Map.groupBy(entries, ({ memberId }) => memberId).values(), (own): LogEntry => {
    const [head, tail] = [own[0], own.at(-1)];
    if (head === undefined || tail === undefined) throw new Error('nobody');
    return {
      ...tail,
      seq: last,
      first,
      since: head.at,
      update: Y.mergeUpdates(own.map(({ update }) => update)),
      clocks: own.flatMap(({ clocks }) => clocks),
    };
  }).sort((one, two) => one.at.getTime() - two.at.getTime());
}
