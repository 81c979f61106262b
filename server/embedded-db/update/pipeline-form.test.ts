// Updates written as pipelines and $bit, case by case, as the MongoDB manual describes them.
import { Double, deserialize, Int32, Long } from 'bson';
import { describe, expect, test } from 'vitest';
import { newEnvironment } from '../aggregate/scope.ts';
import { encodeDoc } from '../bson/encode.ts';
import { DatabaseError } from '../database-error.ts';
import { docOf } from '../test-support/test-database.ts';
import { applyUpdate, upsertDocument } from './apply.ts';
import { compileUpdate } from './update-plan.ts';

const NOWHERE = { filter: new Map(), arrayFilters: new Map() };

function planOf(update: unknown, variables: object = {}) {
  const cells = new Map([...docOf(variables)].map(([name, value]) => [name, { value }]));
  return compileUpdate(docOf({ update }).get('update'), new Map(), newEnvironment(cells));
}

function updated(before: object, update: unknown, variables: object = {}): object {
  const after = applyUpdate(docOf(before), planOf(update, variables), NOWHERE);
  return deserialize(encodeDoc(after), { promoteValues: false });
}

function codeOf(before: object, update: unknown): number {
  try {
    updated(before, update);
  } catch (error) {
    if (error instanceof DatabaseError) return error.code;
    throw error;
  }
  return 0;
}

function exact(source: object): object {
  return deserialize(encodeDoc(docOf(source)), { promoteValues: false });
}

describe('pipelines', () => {
  test('[DB54] stages see the document before, one after another', () => {
    const before = { _id: 1, quiz: [8, 7], bonus: 2 };
    const update = [
      { $set: { sum: { $sum: '$quiz' }, bonus: '$$REMOVE' } },
      { $set: { total: { $add: ['$sum', 100] } } },
      { $unset: ['quiz', 'sum'] },
    ];
    expect(updated(before, update)).toEqual(exact({ _id: 1, total: 115 }));
    expect(updated(before, [{ $set: { bonus: { $add: ['$bonus', '$$more'] } } }], { more: 5 })).toEqual(
      exact({ _id: 1, quiz: [8, 7], bonus: 7 }),
    );
    expect(updated(before, [{ $project: { bonus: 1 } }])).toEqual(exact({ _id: 1, bonus: 2 }));
    expect(updated({ _id: 1 }, [{ $set: { at: { $type: '$$NOW' } } }])).toEqual(
      exact({ _id: 1, at: 'date' }),
    );
  });

  test('[DB54] a replaced document keeps its _id, in front', () => {
    const before = { _id: 1, inner: { a: 1 } };
    expect(updated(before, [{ $replaceWith: '$inner' }])).toEqual(exact({ _id: 1, a: 1 }));
    expect(updated(before, [{ $replaceRoot: { newRoot: { b: 2, _id: '$_id' } } }])).toEqual(
      exact({ _id: 1, b: 2 }),
    );
    expect(updated(before, [{ $unset: '_id' }])).toEqual(exact(before));
    expect(updated(before, [])).toEqual(exact(before));
  });

  test('[DB54] wrong pipelines are refused', () => {
    expect(codeOf({ _id: 1 }, [{ $set: { _id: 2 } }])).toBe(66);
    expect(codeOf({ _id: 1 }, [{ $match: {} }])).toBe(72);
    expect(codeOf({ _id: 1 }, [{ $limit: 1 }])).toBe(72);
    expect(codeOf({ _id: 1 }, [{ a: 1 }])).toBe(40324);
    expect(codeOf({ _id: 1 }, [{ $set: { a: 1 }, $unset: 'b' }])).toBe(40323);
    expect(codeOf({ _id: 1 }, [{ $replaceWith: '$nothing' }])).toBe(40228);
    expect(codeOf({ _id: 1 }, [{ $set: { a: '$$nothing' } }])).toBe(17276);
    expect(() => compileUpdate(docOf({ u: [] }).get('u'), new Map([['x', () => true]]))).toThrow(
      /arrayFilters/,
    );
  });

  test('[DB54] an upsert begins with the equalities of the filter', () => {
    const filter = docOf({ _id: 7, a: 1, b: { $gt: 5 } });
    const plan = planOf([{ $set: { c: { $add: ['$a', 1] }, d: { $ifNull: ['$b', 'none'] } } }]);
    const made = upsertDocument(filter, plan, { filter, arrayFilters: new Map() });
    expect(deserialize(encodeDoc(made))).toEqual({ _id: 7, a: 1, c: 2, d: 'none' });
  });
});

describe('$bit', () => {
  test('[DB54] and, or, xor keep whole numbers whole', () => {
    expect(updated({ a: new Int32(13) }, { $bit: { a: { and: new Int32(10) } } })).toEqual({
      a: new Int32(8),
    });
    expect(updated({ a: new Int32(3) }, { $bit: { a: { or: new Int32(5) } } })).toEqual({ a: new Int32(7) });
    expect(updated({ a: new Int32(1) }, { $bit: { a: { xor: Long.fromNumber(5) } } })).toEqual({
      a: Long.fromNumber(4),
    });
    expect(updated({}, { $bit: { a: { or: new Int32(5) } } })).toEqual({ a: new Int32(5) });
    expect(updated({ a: [new Int32(1)] }, { $bit: { 'a.0': { or: new Int32(2) } } })).toEqual({
      a: [new Int32(3)],
    });
  });

  test('[DB54] anything but whole numbers is refused', () => {
    expect(codeOf({ a: 'x' }, { $bit: { a: { or: new Int32(5) } } })).toBe(2);
    expect(codeOf({ a: new Double(1) }, { $bit: { a: { or: new Int32(5) } } })).toBe(2);
    expect(codeOf({}, { $bit: { a: { or: new Double(5) } } })).toBe(2);
    expect(codeOf({}, { $bit: { a: { not: new Int32(5) } } })).toBe(2);
    expect(codeOf({}, { $bit: { a: {} } })).toBe(2);
    expect(codeOf({}, { $bit: { a: 5 } })).toBe(2);
    expect(codeOf({}, { $bit: { a: { or: new Int32(1) } }, $set: { a: 1 } })).toBe(40);
  });
});
