// Updates, case by case, as the MongoDB manual describes them.
import { Decimal128, Double, deserialize, Int32, Long } from 'bson';
import { describe, expect, test } from 'vitest';
import { encodeDoc } from '../bson/encode.ts';
import { DatabaseError } from '../database-error.ts';
import { docOf } from '../test-support/test-database.ts';
import { applyUpdate, upsertDocument } from './apply.ts';
import { compileArrayFilters } from './positions.ts';
import { compileUpdate } from './update-plan.ts';

interface Options {
  readonly filter?: object;
  readonly arrayFilters?: readonly object[];
  readonly promoteValues?: boolean;
}

function updated(before: object, update: object, options: Options = {}): Record<string, unknown> {
  const filter = docOf(options.filter ?? {});
  const arrayFilters = compileArrayFilters((options.arrayFilters ?? []).map(docOf));
  const after = applyUpdate(docOf(before), compileUpdate(docOf({ u: update }).get('u'), arrayFilters), {
    filter,
    arrayFilters,
  });
  return deserialize(encodeDoc(after), { promoteValues: options.promoteValues ?? true });
}

function codeOf(before: object, update: object, options: Options = {}): number {
  try {
    updated(before, update, options);
  } catch (error) {
    if (error instanceof DatabaseError) return error.code;
    throw error;
  }
  return 0;
}

describe('field operators', () => {
  test('[DB6] $set, $unset and $rename make and remove fields', () => {
    expect(updated({ a: 1 }, { $set: { 'b.c': 2 } })).toEqual({ a: 1, b: { c: 2 } });
    expect(updated({ a: [1] }, { $set: { 'a.2': 3 } })).toEqual({ a: [1, null, 3] });
    expect(updated({ a: 1, b: 2 }, { $unset: { a: '' } })).toEqual({ b: 2 });
    expect(updated({ a: [1, 2] }, { $unset: { 'a.0': '' } })).toEqual({ a: [null, 2] });
    expect(updated({ a: 1 }, { $unset: { 'a.b.c': '' } })).toEqual({ a: 1 });
    expect(updated({ a: 1, b: 2 }, { $rename: { a: 'c.d' } })).toEqual({ b: 2, c: { d: 1 } });
    expect(updated({ b: 2 }, { $rename: { a: 'c' } })).toEqual({ b: 2 });
  });

  test('[DB6] new fields are added in the order of their paths', () => {
    const after = updated(
      { _id: 1 },
      { $set: { z: 1, b: 2 }, $inc: { a: 3 }, $min: { 'm.10': 1, 'm.9': 1 } },
    );
    expect(Object.keys(after)).toEqual(['_id', 'a', 'b', 'm', 'z']);
  });

  test('[DB4] $inc and $mul keep and widen number types', () => {
    const types = { promoteValues: false };
    expect(updated({ a: new Int32(1) }, { $inc: { a: new Int32(2) } }, types)).toEqual({ a: new Int32(3) });
    expect(updated({ a: new Double(5) }, { $inc: { a: new Int32(1) } }, types)).toEqual({ a: new Double(6) });
    expect(updated({ a: new Int32(2147483647) }, { $inc: { a: new Int32(1) } }, types)).toEqual({
      a: Long.fromString('2147483648'),
    });
    expect(updated({ a: Long.fromNumber(5) }, { $inc: { a: new Int32(1) } }, types)).toEqual({
      a: Long.fromNumber(6),
    });
    expect(
      updated({ a: Decimal128.fromString('0.1') }, { $inc: { a: Decimal128.fromString('0.2') } }, types),
    ).toEqual({
      a: Decimal128.fromString('0.3'),
    });
    expect(updated({}, { $mul: { a: new Double(3) } }, types)).toEqual({ a: new Double(0) });
    expect(codeOf({ a: Long.MAX_VALUE }, { $inc: { a: 1 } })).toBe(2);
  });

  test('[DB6] $min and $max compare across types; $currentDate sets a date', () => {
    expect(updated({ a: 5 }, { $min: { a: 3 }, $max: { b: 1 } })).toEqual({ a: 3, b: 1 });
    expect(updated({ a: 5 }, { $max: { a: 3 } })).toEqual({ a: 5 });
    expect(updated({ a: 5 }, { $max: { a: 'text' } })).toEqual({ a: 'text' });
    expect(updated({}, { $currentDate: { at: true } })['at']).toBeInstanceOf(Date);
  });

  test('[DB6] wrong targets and operands are refused with their codes', () => {
    expect(codeOf({ a: 'x' }, { $inc: { a: 1 } })).toBe(14);
    expect(codeOf({ a: null }, { $inc: { a: 1 } })).toBe(14);
    expect(codeOf({ a: 1 }, { $inc: { a: 'x' } })).toBe(14);
    expect(codeOf({ a: 1 }, { $set: { 'a.b': 1 } })).toBe(28);
    expect(codeOf({ a: [1] }, { $set: { 'a.b': 1 } })).toBe(28);
    expect(codeOf({}, { $set: { a: 1 }, $inc: { a: 1 } })).toBe(40);
    expect(codeOf({}, { $set: { a: 1, 'a.b': 1 } })).toBe(40);
    expect(codeOf({}, { $foo: { a: 1 } })).toBe(9);
    expect(codeOf({}, { $set: 5 })).toBe(9);
    expect(codeOf({}, { $set: { 'a..b': 5 } })).toBe(56);
    expect(codeOf({ _id: 1 }, { $set: { _id: 2 } })).toBe(66);
    expect(codeOf({ _id: 1 }, { $set: { _id: 1 } })).toBe(0);
    expect(codeOf({ _id: 1 }, { _id: 2, a: 1 })).toBe(66);
  });
});

describe('array operators', () => {
  test('[DB6] $push with its modifiers', () => {
    expect(updated({}, { $push: { a: 1 } })).toEqual({ a: [1] });
    expect(updated({ a: [1] }, { $push: { a: [2, 3] } })).toEqual({ a: [1, [2, 3]] });
    expect(updated({ a: [1] }, { $push: { a: { $each: [2, 3] } } })).toEqual({ a: [1, 2, 3] });
    expect(updated({ a: [1, 2] }, { $push: { a: { $each: [9], $position: 1 } } })).toEqual({ a: [1, 9, 2] });
    expect(updated({ a: [1, 2] }, { $push: { a: { $each: [9], $position: -1 } } })).toEqual({ a: [1, 9, 2] });
    expect(updated({ a: [3, 1] }, { $push: { a: { $each: [2], $sort: 1, $slice: -2 } } })).toEqual({
      a: [2, 3],
    });
    expect(
      updated({ a: [{ n: 1 }] }, { $push: { a: { $each: [{ n: 3 }], $sort: { n: -1 }, $slice: 1 } } }),
    ).toEqual({
      a: [{ n: 3 }],
    });
    expect(codeOf({ a: 1 }, { $push: { a: 1 } })).toBe(2);
    expect(codeOf({ a: [] }, { $push: { a: { $each: 1 } } })).toBe(2);
  });

  test('[DB6] $addToSet, $pull, $pullAll and $pop', () => {
    expect(updated({ a: [1] }, { $addToSet: { a: new Double(1) } })).toEqual({ a: [1] });
    expect(updated({ a: [1] }, { $addToSet: { a: { $each: [2, 2, 1] } } })).toEqual({ a: [1, 2] });
    expect(updated({ a: [{ x: 1, y: 2 }] }, { $addToSet: { a: { y: 2, x: 1 } } })).toEqual({
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    });
    expect(updated({ a: [1, 2, 3, 2] }, { $pull: { a: 2 } })).toEqual({ a: [1, 3] });
    expect(updated({ a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } })).toEqual({ a: [1] });
    expect(updated({ a: [{ b: 1, c: 1 }, { b: 2 }] }, { $pull: { a: { b: 1 } } })).toEqual({ a: [{ b: 2 }] });
    expect(updated({ a: [1, 2, 3] }, { $pullAll: { a: [1, 3] } })).toEqual({ a: [2] });
    expect(updated({ a: [1, 2, 3] }, { $pop: { a: 1 } })).toEqual({ a: [1, 2] });
    expect(updated({ a: [1, 2, 3] }, { $pop: { a: -1 } })).toEqual({ a: [2, 3] });
    expect(updated({}, { $pull: { a: 1 }, $pop: { b: 1 } })).toEqual({});
    expect(codeOf({ a: 1 }, { $pull: { a: 1 } })).toBe(2);
    expect(codeOf({ a: 1 }, { $pop: { a: 1 } })).toBe(14);
  });

  test('[DB6] $, $[] and $[name] find the elements they mean', () => {
    const grades = { grades: [80, 85, 90] };
    expect(updated(grades, { $set: { 'grades.$': 1 } }, { filter: { grades: 85 } })).toEqual({
      grades: [80, 1, 90],
    });
    expect(updated(grades, { $inc: { 'grades.$[]': 10 } })).toEqual({ grades: [90, 95, 100] });
    expect(updated(grades, { $set: { 'grades.$[g]': 0 } }, { arrayFilters: [{ g: { $gte: 85 } }] })).toEqual({
      grades: [80, 0, 0],
    });
    const rows = {
      rows: [
        { id: 1, n: 1 },
        { id: 2, n: 2 },
      ],
    };
    expect(updated(rows, { $set: { 'rows.$.n': 9 } }, { filter: { 'rows.id': 2 } })).toEqual({
      rows: [
        { id: 1, n: 1 },
        { id: 2, n: 9 },
      ],
    });
    expect(
      updated(rows, { $inc: { 'rows.$.n': 1 } }, { filter: { rows: { $elemMatch: { id: 1, n: 1 } } } }),
    ).toEqual({
      rows: [
        { id: 1, n: 2 },
        { id: 2, n: 2 },
      ],
    });
    expect(updated(rows, { $set: { 'rows.$[r].n': 0 } }, { arrayFilters: [{ 'r.id': 2 }] })).toEqual({
      rows: [
        { id: 1, n: 1 },
        { id: 2, n: 0 },
      ],
    });
    expect(codeOf(grades, { $set: { 'grades.$': 1 } })).toBe(2);
    expect(codeOf(grades, { $set: { 'grades.$[x]': 1 } })).toBe(2);
    expect(codeOf({}, { $set: { 'a.$[]': 1 } })).toBe(2);
  });
});

describe('upserts', () => {
  function upserted(filter: object, update: object): Record<string, unknown> {
    const source = docOf(filter);
    const plan = compileUpdate(docOf(update));
    return deserialize(encodeDoc(upsertDocument(source, plan, { filter: source, arrayFilters: new Map() })));
  }

  test('[DB6] equalities of the filter seed the document, $setOnInsert adds to it', () => {
    const filter = { _id: 7, 'a.b': 1, c: { $gt: 5 }, $and: [{ d: { $eq: 4 } }], e: { $in: [3] }, f: /x/ };
    expect(upserted(filter, { $set: { g: 1 }, $setOnInsert: { h: 2 } })).toEqual({
      _id: 7,
      a: { b: 1 },
      d: 4,
      e: 3,
      g: 1,
      h: 2,
    });
    expect(upserted({ _id: 7, a: 1 }, { b: 2 })).toEqual({ _id: 7, b: 2 });
    expect(upserted({ a: 1 }, { $inc: { n: 1 } })['_id']).toBeDefined();
  });

  test('[DB6] a path pinned twice is 54', () => {
    expect(() => upserted({ a: 1, $and: [{ a: 2 }] }, { $set: { b: 1 } })).toThrow(/matched twice/);
  });
});
