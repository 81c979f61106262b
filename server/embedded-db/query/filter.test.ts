// Filters, case by case, as the MongoDB manual describes them.
import { Binary, Decimal128, Double, Int32, Long, MinKey, ObjectId } from 'bson';
import { describe, expect, test } from 'vitest';
import { DatabaseError } from '../database-error.ts';
import { docOf } from '../test-support/test-database.ts';
import { compileFilter } from './filter.ts';

type Case = readonly [filter: object, document: object, expected: boolean];

function matches(filter: object, document: object): boolean {
  return compileFilter(docOf(filter))(docOf(document));
}

function check(cases: readonly Case[]): void {
  for (const [filter, document, expected] of cases) {
    expect(matches(filter, document), `${JSON.stringify(filter)} on ${JSON.stringify(document)}`).toBe(
      expected,
    );
  }
}

describe('filters', () => {
  test('[DB5] equality: numbers by value, documents by order, arrays as a whole or by element', () => {
    check([
      [{ a: 1 }, { a: new Double(1) }, true],
      [{ a: Long.fromNumber(1) }, { a: Decimal128.fromString('1.0') }, true],
      [{ a: new Double(0.1) }, { a: Decimal128.fromString('0.1') }, false],
      [{ a: '1' }, { a: 1 }, false],
      [{ a: [1, 2] }, { a: [1, 2] }, true],
      [{ a: [1, 2] }, { a: [2, 1] }, false],
      [{ a: [1, 2] }, { a: [[1, 2], 3] }, true],
      [{ a: 2 }, { a: [1, 2] }, true],
      [{ a: 1 }, { a: [[1]] }, false],
      [{ o: { x: 1, y: 2 } }, { o: { x: 1, y: 2 } }, true],
      [{ o: { y: 2, x: 1 } }, { o: { x: 1, y: 2 } }, false],
      [{ o: { x: 1 } }, { o: { x: 1, y: 2 } }, false],
      [{ b: new Binary(Buffer.from([255, 254])) }, { b: new Binary(Buffer.from([255, 253])) }, false],
      [{ a: Number.NaN }, { a: Number.NaN }, true],
    ]);
  });

  test('[DB5] null means null or missing, but not an empty array', () => {
    check([
      [{ a: null }, {}, true],
      [{ a: null }, { a: null }, true],
      [{ a: null }, { a: [] }, false],
      [{ a: null }, { a: [null] }, true],
      [{ 'a.b': null }, { a: 5 }, true],
      [{ 'a.b': null }, { a: [1, 2] }, false],
      [{ 'a.b': null }, { a: [{ b: 1 }, {}] }, true],
      [{ 'a.b': null }, { a: [] }, false],
      [{ a: { $gte: null } }, {}, true],
      [{ a: { $gt: null } }, { a: null }, false],
      [{ a: { $ne: null } }, {}, false],
      [{ 'a.b': { $ne: [] } }, { a: 1 }, true],
      [{ a: { $in: [null, 5] } }, {}, true],
    ]);
  });

  test('[DB5] ranges stay in the bracket of their operand', () => {
    check([
      [{ a: { $gt: 1 } }, { a: 'x' }, false],
      [{ a: { $gt: 1 } }, { a: 1.5 }, true],
      [{ a: { $lt: 5 } }, { a: Number.NaN }, false],
      [{ a: { $gte: Number.NaN } }, { a: Number.NaN }, true],
      [{ a: { $lt: 'b' } }, { a: 'a' }, true],
      [{ a: { $lt: new Date(5) } }, { a: new Date(4) }, true],
      [{ a: { $lt: new Date(5) } }, { a: 4 }, false],
      [{ a: { $gt: [1, 2] } }, { a: [1, 3] }, true],
      [
        { a: { $gt: new ObjectId('000000000000000000000001') } },
        { a: new ObjectId('000000000000000000000002') },
        true,
      ],
      [{ a: { $gt: new MinKey() } }, { a: 'anything' }, true],
      [{ a: { $gt: 5, $lt: 3 } }, { a: [1, 9] }, true],
      [{ a: { $elemMatch: { $gt: 5, $lt: 8 } } }, { a: [1, 9] }, false],
      [{ a: { $gte: true } }, { a: true }, true],
    ]);
  });

  test('[DB5] paths cross arrays, by name and by number', () => {
    check([
      [{ 'a.b': 2 }, { a: [{ b: 1 }, { b: 2 }] }, true],
      [{ 'a.1.b': 2 }, { a: [{ b: 1 }, { b: 2 }] }, true],
      [{ 'a.0.b': 2 }, { a: [{ b: 1 }, { b: 2 }] }, false],
      [{ 'a.0': 1 }, { a: [1, 2] }, true],
      [{ 'a.0': 1 }, { a: [[1, 2], 3] }, false],
      [{ 'a.0': [1, 2] }, { a: [[1, 2], 3] }, true],
      [{ 'a.0': 'x' }, { a: { 0: 'x' } }, true],
      [{ 'a.b': 1 }, { a: [[{ b: 1 }]] }, false],
      [{ 'a.0.b': 1 }, { a: [[{ b: 1 }]] }, true],
      [{ 'a.b.c': 3 }, { a: [{ b: [{ c: 3 }] }] }, true],
    ]);
  });

  test('[DB5] $exists, $type, $size, $mod', () => {
    check([
      [{ a: { $exists: true } }, { a: null }, true],
      [{ a: { $exists: false } }, {}, true],
      [{ 'a.b': { $exists: false } }, { a: [1, 2] }, true],
      [{ 'a.b': { $exists: true } }, { a: [{ b: 1 }] }, true],
      [{ a: { $type: 'number' } }, { a: Long.fromNumber(1) }, true],
      [{ a: { $type: 'int' } }, { a: new Double(1) }, false],
      [{ a: { $type: 'string' } }, { a: [1, 'x'] }, true],
      [{ a: { $type: 'array' } }, { a: [1] }, true],
      [{ a: { $type: ['null', 8] } }, { a: true }, true],
      [{ a: { $size: 2 } }, { a: [1, [2, 3]] }, true],
      [{ a: { $size: 1 } }, { a: 5 }, false],
      [{ a: { $mod: [4, 0] } }, { a: 8 }, true],
      [{ a: { $mod: [4, 3] } }, { a: 7.9 }, true],
      [{ a: { $mod: [4, 0] } }, { a: '8' }, false],
      [{ a: { $mod: [2, 1] } }, { a: true }, false],
    ]);
  });

  test('[DB5] $bitsAllSet and its kind look at whole numbers and binary data', () => {
    const bytes = new Binary(Buffer.from([0b10, 0b1]));
    check([
      [{ a: { $bitsAllSet: 6 } }, { a: 7 }, true],
      [{ a: { $bitsAllSet: [1, 2] } }, { a: 4 }, false],
      [{ a: { $bitsAnySet: [1, 2] } }, { a: 4 }, true],
      [{ a: { $bitsAllClear: 3 } }, { a: 4 }, true],
      [{ a: { $bitsAnyClear: [0, 2] } }, { a: 5 }, false],
      [{ a: { $bitsAllSet: [62, 63, 200] } }, { a: -1 }, true],
      [{ a: { $bitsAllSet: [63] } }, { a: 1 }, false],
      [{ a: { $bitsAllSet: [40] } }, { a: Long.fromString('1099511627776') }, true],
      [{ a: { $bitsAllSet: [1, 8] } }, { a: bytes }, true],
      [{ a: { $bitsAllSet: bytes } }, { a: 0b100000010 }, true],
      [{ a: { $bitsAllClear: [99] } }, { a: bytes }, true],
      [{ a: { $bitsAllSet: 0 } }, { a: 1 }, true],
      [{ a: { $bitsAnySet: 0 } }, { a: 1 }, false],
      [{ a: { $bitsAllSet: 1 } }, { a: 1.5 }, false],
      [{ a: { $bitsAllClear: 1 } }, { a: Decimal128.fromString('2') }, false],
      [{ a: { $bitsAllClear: 1 } }, { a: 'x' }, false],
      [{ a: { $bitsAllSet: 1 } }, { a: [2, 3] }, true],
      [{ a: { $not: { $bitsAllSet: 1 } } }, {}, true],
      [{ a: { $gt: 1, $comment: 'why' } }, { a: 2 }, true],
    ]);
  });

  test('[DB5] $in, $nin, $all, $elemMatch, $not and the logical operators', () => {
    check([
      [{ a: { $in: [1, /^x/] } }, { a: 'xy' }, true],
      [{ a: { $in: [[1, 2]] } }, { a: [1, 2] }, true],
      [{ a: { $in: [] } }, { a: 1 }, false],
      [{ a: { $nin: [1, 2] } }, { a: [2, 3] }, false],
      [{ a: { $nin: [1] } }, {}, true],
      [{ a: { $all: [1, 2] } }, { a: [2, 1, 3] }, true],
      [{ a: { $all: [1] } }, { a: 1 }, true],
      [{ a: { $all: [] } }, { a: [] }, false],
      [
        { a: { $all: [{ $elemMatch: { b: 1 } }, { $elemMatch: { b: 2 } }] } },
        { a: [{ b: 1 }, { b: 2 }] },
        true,
      ],
      [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1 }, { c: 2 }] }, false],
      [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1, c: 2 }] }, true],
      [{ a: { $elemMatch: { $gt: 5 } } }, { a: [[6]] }, false],
      [{ a: { $not: { $gt: 5 } } }, {}, true],
      [{ a: { $not: /x/ } }, { a: 'y' }, true],
      [{ $or: [{ a: 1 }, { b: 2 }] }, { b: 2 }, true],
      [{ $nor: [{ a: 1 }, { b: 2 }] }, { b: 2 }, false],
      [{ $and: [{ a: { $gt: 1 } }, { a: { $lt: 3 } }] }, { a: 2 }, true],
    ]);
  });

  test('[DB5] $regex with options, prefixes and stored expressions', () => {
    check([
      [{ a: /AB/i }, { a: 'xab' }, true],
      [{ a: { $regex: 'A b', $options: 'ix' } }, { a: 'ab' }, true],
      [{ a: { $regex: '(?i)AB' } }, { a: 'ab' }, true],
      [{ a: { $regex: '^a.c$', $options: 's' } }, { a: 'a\nc' }, true],
      [{ a: /^a.c$/ }, { a: 'a\nc' }, false],
      [{ a: /x/ }, { a: ['y', 'x'] }, true],
      [{ a: /x/ }, { a: 5 }, false],
      [{ a: /x/ }, { a: /x/ }, true],
    ]);
  });

  test('[DB5] $expr compares fields of one document', () => {
    check([
      [{ $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 }, true],
      [{ $expr: { $eq: ['$a.b', [1, 2]] } }, { a: [{ b: 1 }, { b: 2 }] }, true],
      [{ $expr: { $lt: ['$missing', new Int32(0)] } }, {}, true],
    ]);
  });

  test('[DB13] wrong operators and operands are refused with their codes', () => {
    const refused: readonly (readonly [object, number])[] = [
      [{ a: { $foo: 1 } }, 2],
      [{ $foo: 1 }, 2],
      [{ $or: [] }, 2],
      [{ a: { $in: 5 } }, 2],
      [{ a: { $size: -1 } }, 2],
      [{ a: { $mod: [0, 1] } }, 2],
      [{ a: { $type: 'nonsense' } }, 2],
      [{ a: { $type: 99 } }, 2],
      [{ a: { $type: [] } }, 9],
      [{ a: { $near: [1, 2] } }, 115],
      [{ a: { $regex: '(' } }, 51091],
      [{ a: { $bitsAllSet: -1 } }, 9],
      [{ a: { $bitsAllSet: [-1] } }, 2],
      [{ a: { $bitsAllSet: 'x' } }, 2],
      [{ $where: 'true' }, 115],
      [{ $text: { $search: 'x' } }, 115],
      [{ $expr: { $function: {} } }, 115],
    ];
    for (const [filter, code] of refused) {
      let found: unknown;
      try {
        compileFilter(docOf(filter));
      } catch (error) {
        found = error;
      }
      expect(found, JSON.stringify(filter)).toBeInstanceOf(DatabaseError);
      expect((found as DatabaseError).code, JSON.stringify(filter)).toBe(code);
    }
  });
});
