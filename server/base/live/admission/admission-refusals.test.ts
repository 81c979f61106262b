import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { liveLimits } from '#shared/base/live.ts';
import { ada, bo, byBo, hello, refusal, take } from '#tests/support/admission-document.ts';
import {
  anyItem,
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
  expect(refusal(index, updateOf([{ client: bo, clock: liveLimits.nestingDepth, structs: [deeper] }]))).toBe(
    'live.tooDeep',
  );
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

test('[LV88] a full document can still be deleted from, within bounds', () => {
  const index = hello();
  const deletion = updateOf([], [[ada, 0, 5]]);
  index.bytes = liveLimits.documentBytes + liveLimits.deletionBytes - 1;
  expect(refusal(index, deletion)).toBe('live.documentFull');
  index.bytes = liveLimits.documentBytes;
  expect(refusal(index, byBo(textItem('y')))).toBe('live.documentFull');
  expect(take(index, deletion, 'bo').kind).toBe('new');
});

test('[LV3] 10,000 damaged updates are admitted or refused by name, and change nothing when refused', () => {
  const doc = new Y.Doc();
  doc.clientID = bo;
  doc.getText('t').insert(0, 'some text');
  doc.getText('t').format(2, 3, { bold: true });
  doc.getMap('m').set('row', new Y.Map([['cells', new Y.Array()]]));
  doc.getArray('l').push([1, { deep: [1.5, 'x'] }, null]);
  doc.getText('t').delete(1, 4);
  const update = Y.encodeStateAsUpdate(doc);
  let seed = 1;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const codes = new Set<string | null>();
  for (let round = 0; round < 10_000; round += 1) {
    const damaged = Uint8Array.from(update);
    for (let times = 1 + next(3); times > 0; times -= 1) damaged[next(damaged.length)] = next(256);
    codes.add(refusal(hello(), damaged));
  }
  const expected = [null, 'live.clockGap', 'live.foreignClient', 'live.malformed', 'live.unknownReference'];
  expect(codes).toEqual(new Set(expected));
});
