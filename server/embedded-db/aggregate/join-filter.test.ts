// Filters that let an index answer joins.

import { expect, test } from 'vitest';
import { Int32, Regex, type Value } from '../bson/value.ts';
import { docOf } from '../test-support/test-database.ts';
import { impliedByExpression, joinFilter, localValues } from './join-filter.ts';

function implied(expression: object, known: Readonly<Record<string, Value>>): unknown[] {
  const source = docOf({ expression }).get('expression') ?? null;
  return impliedByExpression(source, (each) => (typeof each === 'string' ? known[each] : undefined));
}

function equality(field: string, value: Value): unknown {
  return new Map([[field, new Map([['$eq', value]])]]);
}

test('[DB51] equalities with known values stand beside an $expr, others do not', () => {
  const known = { $$a: 'x', $$list: ['x'], $$null: null };
  expect(implied({ $eq: ['$f.g', '$$a'] }, known)).toEqual([equality('f.g', 'x')]);
  expect(implied({ $eq: ['$$null', '$f'] }, known)).toEqual([equality('f', null)]);
  expect(implied({ $and: [{ $eq: ['$f', '$$a'] }, { $gt: ['$g', '$$a'] }] }, known)).toEqual([
    equality('f', 'x'),
  ]);
  expect(implied({ $eq: ['$f', '$g'] }, known)).toEqual([]);
  expect(implied({ $eq: ['$f', '$$unknown'] }, known)).toEqual([]);
  // What a path through arrays gives may equal an array, which no filter compares with.
  expect(implied({ $eq: ['$f.g', '$$list'] }, known)).toEqual([]);
  expect(implied({ $or: [{ $eq: ['$f', '$$a'] }] }, known)).toEqual([]);
});

test('[DB51] local arrays count by their elements, expressions are compared as values', () => {
  const source = docOf({ a: [{ b: 1 }, { b: [2, 3] }, 5], c: [], e: 'x' });
  expect(localValues(source, ['a', 'b'])).toEqual([new Int32(1), new Int32(2), new Int32(3)]);
  expect(localValues(source, ['c'])).toEqual([]);
  expect(localValues(source, ['d'])).toEqual([null]);
  expect(localValues(source, ['e', 'f'])).toEqual([null]);
  expect(joinFilter('f', ['x'])).toEqual(new Map([['f', new Map([['$in', ['x']]])]]));
  const regex = new Regex('x', '');
  expect([...joinFilter('f', ['x', regex]).keys()]).toEqual(['$or']);
});
