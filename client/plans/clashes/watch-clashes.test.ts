import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Clash, watchClashes } from '#client/plans/clashes/watch-clashes.ts';

/** One writer of the key `t`, with everything they are told. */
function writer({ contested = false, clientId = 1 } = {}) {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const unsent: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array, origin: unknown) => origin === 'hub' || unsent.push(update));
  const map = doc.getMap<unknown>('title');
  const told: Omit<Clash, 'client'>[] = [];
  const hands: number[] = [];
  watchClashes(map, {
    clash: ({ key, mine, theirs, stands }) => told.push({ key, mine, theirs, stands }),
    written: (_key, client) => hands.push(client),
    isContested: () => contested,
  });
  return { doc, unsent, told, hands, write: (text: string) => map.set('t', text), read: () => map.get('t') };
}

type Writer = ReturnType<typeof writer>;

/** Hands over what was written since the last time, as it was written. */
function send(from: Writer, to: Writer): void {
  Y.applyUpdate(to.doc, Y.mergeUpdates(from.unsent.splice(0)), 'hub');
}

describe('two edits of one value', () => {
  test.each([
    [1, 2],
    [2, 1],
  ])(
    '[PL29] made without knowing of each other, both are told both texts, whosever stands (%i, %i)',
    (a, b) => {
      const [anna, ben] = [writer({ clientId: a }), writer({ clientId: b })];
      anna.write('Row');
      send(anna, ben);
      anna.write('Row offA 1');
      anna.write('Row offA');
      ben.write('Row onB');
      send(ben, anna);
      send(anna, ben);
      expect(anna.read()).toBe(ben.read());
      const annaStands = a > b;
      expect(anna.read()).toBe(annaStands ? 'Row offA' : 'Row onB');
      expect(anna.told).toEqual([
        { key: 't', mine: 'Row offA', theirs: 'Row onB', stands: annaStands ? 'mine' : 'theirs' },
      ]);
      expect(ben.told).toEqual([
        { key: 't', mine: 'Row onB', theirs: 'Row offA', stands: annaStands ? 'theirs' : 'mine' },
      ]);
    },
  );

  test('[PL29] one after the other, or of the same text, nothing is told', () => {
    const [anna, ben] = [writer(), writer({ clientId: 2 })];
    for (const text of ['One', 'Two', 'Three', 'Four']) {
      const [from, to] = text.length % 2 === 0 ? [anna, ben] : [ben, anna];
      from.write(text);
      send(from, to);
    }
    anna.write('Same');
    ben.write('Same');
    send(anna, ben);
    send(ben, anna);
    expect([...anna.told, ...ben.told]).toEqual([]);
    expect(ben.hands.length).toBeGreaterThan(0);
  });

  test('[PL29] taking one of the texts back after a clash is no clash', () => {
    const [anna, ben] = [writer(), writer({ clientId: 2 })];
    anna.write('A');
    ben.write('B');
    send(anna, ben);
    send(ben, anna);
    for (const [from, to, text] of [
      [anna, ben, 'A'],
      [ben, anna, 'B'],
    ] as const) {
      from.write(text);
      send(from, to);
    }
    expect([anna.told.length, ben.told.length]).toEqual([1, 1]);
  });

  test('[PL29] written while somebody else stood in the same editor, what replaces it is told', () => {
    const [anna, ben] = [writer({ contested: true }), writer({ clientId: 2 })];
    anna.write('ALPHA');
    send(anna, ben);
    ben.write('BETA');
    send(ben, anna);
    expect(anna.told).toEqual([{ key: 't', mine: 'ALPHA', theirs: 'BETA', stands: 'theirs' }]);
  });
});
