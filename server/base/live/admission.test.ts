import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Admission, admit } from '#server/base/live/admission.ts';
import { DocumentIndex } from '#server/base/live/document-index.ts';
import { AppError, type ErrorCode } from '#shared/base/errors.ts';
import { liveLimits } from '#shared/base/live.ts';
import {
  anyItem,
  type ClientBytes,
  deletedItem,
  docItem,
  embedItem,
  formatItem,
  garbage,
  skip,
  textItem,
  typeItem,
  updateOf,
} from '#tests/support/update-bytes.ts';

const [ada, bo] = [11, 22];

/** A document in which Ada has written "hello" under 11, and Bo owns 22 and 23. */
function hello(): DocumentIndex {
  const owners = new Map([
    [ada, 'ada'],
    [bo, 'bo'],
    [23, 'bo'],
  ]);
  const index = new DocumentIndex({ clocks: new Map(), owners, bytes: 0 }, () => []);
  take(index, updateOf([{ client: ada, structs: [textItem('hello')] }]), 'ada');
  return index;
}

function take(index: DocumentIndex, update: Uint8Array, member: string): Admission {
  const admission = admit(index, update, member);
  if (admission.kind === 'new') index.apply(admission.change);
  return admission;
}

/** The code an update is refused with; null when it is admitted. */
function refusal(index: DocumentIndex, update: Uint8Array, member = 'bo'): ErrorCode | null {
  const before = new Map(index.clocks);
  try {
    admit(index, update, member);
    return null;
  } catch (error) {
    expect(index.clocks).toEqual(before);
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

function byBo(...structs: ClientBytes['structs']): Uint8Array {
  return updateOf([{ client: bo, structs }]);
}

describe('what an honest client sends', () => {
  test('[LV13] edits of two people go in one by one, and the index says where their clocks stand', () => {
    const [a, b] = [new Y.Doc(), new Y.Doc()];
    const index = new DocumentIndex(
      {
        clocks: new Map(),
        owners: new Map([
          [a.clientID, 'ada'],
          [b.clientID, 'bo'],
        ]),
        bytes: 0,
      },
      () => [],
    );
    for (const [doc, other, member] of [
      [a, b, 'ada'],
      [b, a, 'bo'],
    ] as const) {
      doc.on('update', (update: Uint8Array, origin: unknown) => {
        if (origin === 'other') return;
        expect(take(index, update, member).kind).toBe('new');
        Y.applyUpdate(other, update, 'other');
      });
    }
    a.getText('t').insert(0, 'héllo 👋');
    b.getText('t').insert(2, 'X');
    b.getText('t').delete(0, 3);
    const map = new Y.Map();
    a.getMap('m').set('row', map);
    map.set('title', 'A');
    map.set('title', 'B');
    b.getMap('m').delete('row');
    a.getXmlFragment('x').insert(0, [new Y.XmlElement('p'), new Y.XmlText('y')]);
    a.getText('t').format(0, 2, { bold: true });
    a.getArray('l').push([1, 'a', null, true, { deep: [1.5] }, new Uint8Array([1])]);
    expect(index.clocks).toEqual(Y.decodeStateVector(Y.encodeStateVector(a)));
    expect(Y.encodeStateVector(b)).toEqual(Y.encodeStateVector(a));
  });

  test('[LV14] the same update again is known; of a longer one only the rest is stored', () => {
    const doc = new Y.Doc();
    doc.clientID = bo;
    const index = hello();
    doc.getText('u').insert(0, 'abc');
    const first = Y.encodeStateAsUpdate(doc);
    expect(take(index, first, 'bo')).toMatchObject({ kind: 'new', update: first });
    expect(take(index, first, 'bo')).toEqual({ kind: 'known' });
    doc.getText('u').insert(3, 'def');
    const whole = take(index, Y.encodeStateAsUpdate(doc), 'bo');
    if (whole.kind !== 'new') throw new Error('must be new');
    expect(whole.change.clocks).toEqual([{ client: bo, from: 3, to: 6 }]);
    const copy = new Y.Doc();
    Y.applyUpdate(copy, first);
    Y.applyUpdate(copy, whole.update);
    expect(copy.getText('u').toString()).toBe('abcdef');
    expect(whole.update.length).toBeLessThan(Y.encodeStateAsUpdate(doc).length);
  });

  test('[LV14] the whole state with others’ known structs in it is no foreign write', () => {
    const index = hello();
    const doc = new Y.Doc();
    doc.clientID = bo;
    Y.applyUpdate(doc, updateOf([{ client: ada, structs: [textItem('hello')] }]));
    doc.getText('t').insert(5, '!');
    const admission = take(index, Y.encodeStateAsUpdate(doc), 'bo');
    expect(admission).toMatchObject({ kind: 'new', change: { clocks: [{ client: bo, from: 0, to: 1 }] } });
  });

  test('[LV14] a deletion is new once', () => {
    const index = hello();
    const deletion = updateOf([], [[ada, 1, 3]]);
    expect(take(index, deletion, 'bo')).toMatchObject({ kind: 'new', change: { clocks: [] } });
    expect(take(index, deletion, 'bo')).toEqual({ kind: 'known' });
    expect(take(index, updateOf([], [[ada, 2, 1]]), 'bo')).toEqual({ kind: 'known' });
    expect(take(index, updateOf([], [[ada, 2, 3]]), 'bo').kind).toBe('new');
    expect(take(index, updateOf([]), 'bo')).toEqual({ kind: 'known' });
  });

  test('[LV12] what was typed and deleted offline, collected already, is taken under the own id', () => {
    const doc = new Y.Doc();
    doc.clientID = bo;
    const row = new Y.Map();
    doc.getMap('m').set('row', row);
    row.set('title', 'never seen');
    doc.getMap('m').delete('row');
    doc.getMap('m').set('kept', 1);
    expect(take(hello(), Y.encodeStateAsUpdate(doc), 'bo').kind).toBe('new');
  });

  test('[LV15] two ids of one person in one update may refer to each other, whatever their order', () => {
    for (const [early, late] of [
      [bo, 23],
      [23, bo],
    ] as const) {
      const first = new Y.Doc();
      first.clientID = early;
      first.getText('t').insert(0, 'ab');
      const second = new Y.Doc();
      second.clientID = late;
      Y.applyUpdate(second, Y.encodeStateAsUpdate(first));
      second.getText('t').insert(1, 'X');
      Y.applyUpdate(first, Y.encodeStateAsUpdate(second));
      first.getText('t').insert(2, 'Y');
      const index = hello();
      expect(take(index, Y.encodeStateAsUpdate(first), 'bo').kind).toBe('new');
      expect(index.clockOf(early)).toBe(3);
    }
  });

  test('[LV16] depths are the same whether counted as edits came or read from storage', () => {
    const doc = new Y.Doc();
    doc.clientID = bo;
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    const map = new Y.Map<unknown>();
    doc.getMap('m').set('a', map);
    const inner = new Y.Array<unknown>();
    map.set('b', inner);
    inner.push(['x', 'y']);
    inner.insert(1, ['z']);
    inner.delete(0, 1);
    const live = hello();
    for (const update of updates) take(live, update, 'bo');
    const clocks = new Map(live.clocks);
    const stored = new DocumentIndex({ clocks, owners: live.owners, bytes: 0 }, () => [
      Y.mergeUpdates(updates),
    ]);
    for (let clock = 0; clock < live.clockOf(bo); clock += 1) {
      expect(stored.depthOf({ client: bo, clock })).toBe(live.depthOf({ client: bo, clock }));
    }
    expect(live.depthOf({ client: bo, clock: 2 })).toBe(3);
    expect(stored.isDeleted(bo, 2, 3)).toBe(true);
  });
});

describe('what no honest client sends', () => {
  test.each([
    ['structs under another person’s id', updateOf([{ client: ada, clock: 5, structs: [textItem('!')] }])],
    ['structs under nobody’s id', updateOf([{ client: 99, structs: [textItem('!')] }])],
    [
      'a clock poisoned by collected structs',
      updateOf([{ client: ada, clock: 5, structs: [garbage(2 ** 40)] }]),
    ],
    ['a poison that begins where it is known', updateOf([{ client: ada, structs: [garbage(2 ** 40)] }])],
  ])('[LV12] %s: live.foreignClient', (_, update) => {
    expect(refusal(hello(), update)).toBe('live.foreignClient');
  });

  test('[LV12] after a thousand poisons the victim’s next edit still lands', () => {
    const index = hello();
    for (let length = 1; length <= 1_000; length += 1) {
      const poison = updateOf([{ client: ada, clock: 5, structs: [garbage(length * 2 ** 30)] }]);
      expect(refusal(index, poison)).toBe('live.foreignClient');
    }
    const next = updateOf([{ client: ada, clock: 5, structs: [textItem('!', { origin: [ada, 4] })] }]);
    expect(take(index, next, 'ada').kind).toBe('new');
  });

  test.each([
    ['a clock ahead of what is known', updateOf([{ client: bo, clock: 7, structs: [textItem('x')] }])],
    ['a hole inside', byBo(textItem('x'), skip(3), textItem('y', { origin: [bo, 0] }))],
    ['a jump by collected structs of one’s own', byBo(garbage(liveLimits.clocksPerUpdate + 1))],
    ['a jump by deleted content of one’s own', byBo(deletedItem(2 ** 45))],
  ])('[LV13] %s: live.clockGap', (_, update) => {
    expect(refusal(hello(), update)).toBe('live.clockGap');
  });

  test.each([
    ['an unknown origin', byBo(textItem('x', { origin: [ada, 5] }))],
    ['an unknown right origin', byBo(textItem('x', { right: [77, 0] }))],
    ['an unknown parent', byBo(textItem('x', { parent: [ada, 2 ** 40] }))],
    ['itself', byBo(textItem('x', { origin: [bo, 0] }))],
    ['what comes later', byBo(textItem('x', { origin: [bo, 1] }), textItem('y', { origin: [bo, 0] }))],
    ['an unknown deleted range', updateOf([], [[ada, 4, 2]])],
    ['a deleted range of nobody', updateOf([], [[77, 0, 1]])],
    [
      'a circle',
      updateOf([
        { client: bo, structs: [textItem('x', { origin: [23, 0] })] },
        { client: 23, structs: [textItem('y', { origin: [bo, 0] })] },
      ]),
    ],
  ])('[LV15] a reference to %s: live.unknownReference', (_, update) => {
    expect(refusal(hello(), update)).toBe('live.unknownReference');
  });

  test.each([
    ['__proto__ as a map key', byBo(anyItem([1], { root: 'm', key: '__proto__' }))],
    ['__proto__ as a root', byBo(anyItem([1], { root: '__proto__' }))],
    ['__proto__ as a format', byBo(formatItem('__proto__', '{"role":"owner"}'))],
    ['__proto__ as a node name', byBo(typeItem(3, {}, '__proto__'))],
    ['__proto__ inside a value', byBo(anyItem([{ a: [JSON.parse('{"__proto__":{"role":"owner"}}')] }]))],
    ['__proto__ inside JSON', byBo(embedItem('{"a":[{"__proto__":{}}]}'))],
    ['__proto__ inside JSON, escaped', byBo(embedItem('{"\\u005f_proto__":{}}'))],
    ['a big integer, which JSON cannot write', byBo(anyItem([2n ** 60n]))],
    ['broken JSON', byBo(embedItem('{'))],
    ['a subdocument', byBo(docItem('x'))],
    ['a hook', byBo(typeItem(5, {}, 'x'))],
    ['an unknown type', byBo(typeItem(9))],
    ['an empty text', byBo(textItem(''))],
    ['an empty collected struct', byBo(garbage(0))],
    ['an empty deleted range', updateOf([{ client: bo, structs: [textItem('x')] }], [[ada, 0, 0]])],
    ['a client id beyond 32 bits', updateOf([{ client: 2 ** 33, structs: [textItem('x')] }])],
    [
      'a client named twice',
      updateOf([
        { client: bo, structs: [textItem('x')] },
        { client: bo, structs: [textItem('y')] },
      ]),
    ],
    ['bytes after the end', Uint8Array.of(...byBo(textItem('x')), 0)],
    ['an end too early', byBo(textItem('xyz')).subarray(0, 8)],
    ['nothing at all', new Uint8Array()],
    ['text that is not UTF-8', byBo(textItem('abc')).map((byte) => (byte === 98 ? 0xff : byte))],
  ])('[LV17] %s: live.malformed', (_, update) => {
    expect(refusal(hello(), update)).toBe('live.malformed');
  });

  test('[LV10] V2 bytes are refused, those that kill a process when decoded too', () => {
    const doc = new Y.Doc();
    doc.getText('t').insert(0, 'hello');
    doc.getText('t').format(0, 3, { bold: true });
    doc.getMap('m').set('a', new Y.Map([['b', 1]]));
    expect(refusal(hello(), Y.encodeStateAsUpdateV2(doc))).toBe('live.encodingRefused');
    const small = new Y.Doc();
    small.getArray('l').push([1]);
    expect(refusal(hello(), Y.encodeStateAsUpdateV2(small))).toBe('live.encodingRefused');
  });

  test('[LV11] counts that the bytes cannot hold are not believed', () => {
    expect(refusal(hello(), Uint8Array.of(1, 255, 255, 255, 15, 1, 0))).toBe('live.malformed');
    expect(refusal(hello(), updateOf([{ client: bo, structs: [textItem('x')], claims: 33_000_000 }]))).toBe(
      'live.malformed',
    );
    expect(refusal(hello(), byBo(anyItem([1]).bind(null)).with(7, 255))).toBe('live.malformed');
  });

  test('[LV11] an update too large, or of too many structs, is live.tooLarge', () => {
    const large = byBo(textItem('x'.repeat(liveLimits.updateBytes)));
    expect(refusal(hello(), large)).toBe('live.tooLarge');
    const many = Array.from({ length: liveLimits.structsPerUpdate + 1 }, () => garbage(1));
    expect(refusal(hello(), byBo(...many))).toBe('live.tooLarge');
  });

  test('[LV16] types nest as deep as allowed and no deeper, in one update and over several', () => {
    const chain = (depth: number) =>
      Array.from({ length: depth }, (_, at) =>
        typeItem(1, at === 0 ? { key: 'k' } : { parent: [bo, at - 1], key: 'k' }),
      );
    const index = hello();
    expect(refusal(index, byBo(...chain(liveLimits.nestingDepth + 1)))).toBe('live.tooDeep');
    expect(take(index, byBo(...chain(liveLimits.nestingDepth)), 'bo').kind).toBe('new');
    const deeper = typeItem(1, { parent: [bo, liveLimits.nestingDepth - 1], key: 'k' });
    expect(
      refusal(index, updateOf([{ client: bo, clock: liveLimits.nestingDepth, structs: [deeper] }])),
    ).toBe('live.tooDeep');
  });

  test('[LV16] a chain of types over two ids in any order is counted as one', () => {
    const [own, other] = [bo, 23];
    const links = Array.from({ length: liveLimits.nestingDepth + 1 }, (_, at) => at);
    const structsOf = (client: number, parity: number) =>
      links
        .filter((at) => at % 2 === parity)
        .map((at) =>
          typeItem(
            1,
            at === 0 ? {} : { parent: [client === own ? other : own, Math.floor((at - 1) / 2)], key: 'k' },
          ),
        );
    const groups = [
      { client: own, structs: structsOf(own, 0) },
      { client: other, structs: structsOf(other, 1) },
    ];
    expect(refusal(hello(), updateOf(groups))).toBe('live.tooDeep');
    expect(refusal(hello(), updateOf(groups.toReversed()))).toBe('live.tooDeep');
  });

  test('[LV16] values nested too deep are refused before anything recurses', () => {
    const deepJson = '['.repeat(20_000) + ']'.repeat(20_000);
    expect(refusal(hello(), byBo(embedItem(deepJson)))).toBe('live.tooDeep');
    const nested = Array.from({ length: 20 }).reduce<unknown>((inner) => [inner], 1);
    expect(refusal(hello(), byBo(anyItem([nested])))).toBe('live.tooDeep');
    const lists = Uint8Array.from({ length: 80_000 }, (_, at) => (at % 2 === 0 ? 117 : 1));
    const bomb = Uint8Array.of(1, 1, bo, 0, 8, 1, 1, 116, 1, ...lists, 126, 0);
    expect(refusal(hello(), bomb)).toBe('live.tooDeep');
    expect(refusal(hello(), byBo(embedItem('{"text":"[[[[[[[[[[[[[[[["}')))).toBe(null);
  });

  test('[LV18] a full document refuses growth, and takes what is known', () => {
    const index = hello();
    const update = byBo(textItem('x'.repeat(1_000)));
    index.bytes = liveLimits.documentBytes - 500;
    expect(refusal(index, update)).toBe('live.documentFull');
    expect(take(index, updateOf([{ client: ada, structs: [textItem('hello')] }]), 'ada').kind).toBe('known');
    expect(take(index, byBo(textItem('y')), 'bo').kind).toBe('new');
  });
});
