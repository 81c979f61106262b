// Conversions between types, case by case, as the MongoDB manual documents their results.
import { Binary, Decimal128, Double, Long, ObjectId, UUID } from 'bson';
import { expect, test } from 'vitest';
import { disagreements, wrongCodes } from '../../test-support/expression-cases.ts';

const decimal = (text: string) => Decimal128.fromString(text);
const long = (text: string) => Long.fromString(text);
const double = (value: number) => new Double(value);
const id = new ObjectId('5ab9c3da31c2ab715d421285');

test('[DB50] values convert to other types', () => {
  expect(
    disagreements([
      [{ $toInt: '-2' }, -2],
      [{ $toInt: 1.999999 }, 1],
      [{ $toInt: decimal('-5.5') }, -5],
      [{ $toInt: true }, 1],
      [{ $toInt: null }, null],
      [{ $toLong: '-2' }, long('-2')],
      [{ $toLong: new Date(5) }, long('5')],
      [{ $toLong: double(1e15) }, long('1000000000000000')],
      [{ $toDouble: '-5.5' }, double(-5.5)],
      [{ $toDouble: '1e3' }, double(1000)],
      [{ $toDouble: new Date(7) }, double(7)],
      [{ $toDecimal: double(2.5) }, decimal('2.50000000000000')],
      [{ $toDecimal: '-5.50' }, decimal('-5.50')],
      [{ $toDecimal: 7 }, decimal('7')],
      [{ $toString: 2.5 }, '2.5'],
      [{ $toString: double(3) }, '3'],
      [{ $toString: 1e-7 }, '1e-07'],
      [{ $toString: 0.0001 }, '0.0001'],
      [{ $toString: double(1e16) }, '1e+16'],
      [{ $toString: double(-0) }, '-0'],
      [{ $toString: 0.1 + 0.2 }, '0.30000000000000004'],
      [{ $toString: id }, '5ab9c3da31c2ab715d421285'],
      [{ $toString: true }, 'true'],
      [{ $toString: new Date('2018-03-27T16:58:51.538Z') }, '2018-03-27T16:58:51.538Z'],
      [{ $toObjectId: '5ab9cbfa31c2ab715d42129e' }, new ObjectId('5ab9cbfa31c2ab715d42129e')],
      [{ $toBool: double(0) }, false],
      [{ $toBool: 'false' }, true],
      [{ $toBool: new Date(0) }, true],
      [{ $toDate: '2018-03-20' }, new Date('2018-03-20T00:00:00Z')],
      [{ $toDate: '2018-03-20 11:00:06 +0500' }, new Date('2018-03-20T06:00:06Z')],
      [{ $toDate: long('1100000000000') }, new Date(1100000000000)],
      [{ $toDate: double(120000000000.5) }, new Date(120000000000)],
      [{ $toDate: id }, new Date('2018-03-27T04:08:58.000Z')],
      [{ $convert: { input: 'x', to: 'int', onError: 'bad' } }, 'bad'],
      [{ $convert: { input: '$missing', to: 'int', onNull: 0 } }, 0],
      [{ $convert: { input: 1, to: null } }, null],
      [{ $convert: { input: '7', to: 16 } }, 7],
      [{ $toUUID: '0e3b9063-8abd-4eb3-9f9f-f4c59fd30a60' }, new UUID('0e3b9063-8abd-4eb3-9f9f-f4c59fd30a60')],
      [{ $convert: { input: 'aGk=', to: 'binData', format: 'base64' } }, new Binary(Buffer.from('hi'))],
      [{ $convert: { input: new Binary(Buffer.from('hi')), to: 'string', format: 'utf8' } }, 'hi'],
    ]),
  ).toEqual([]);
});

test('[DB50] impossible conversions are refused with 241', () => {
  expect(
    wrongCodes([
      [{ $toInt: '2147483648' }, 241],
      [{ $toInt: long('2147483648') }, 241],
      [{ $toInt: '1.5' }, 241],
      [{ $toInt: double(Number.NaN) }, 241],
      [{ $toInt: new Date() }, 241],
      [{ $toLong: double(1e19) }, 241],
      [{ $toDouble: 'x' }, 241],
      [{ $toDouble: ' 1' }, 241],
      [{ $toDecimal: 'x' }, 241],
      [{ $toString: [[1]] }, 241],
      [{ $toObjectId: 'x' }, 241],
      [{ $toDate: 'Friday' }, 241],
      [{ $toDate: 5 }, 241],
      [{ $toDate: '2018-02-30' }, 241],
      [{ $convert: { input: 1, to: 'nothing' } }, 2],
      [{ $convert: { input: 1 } }, 9],
      [{ $convert: { input: 1, to: 'int', other: 1 } }, 9],
      [{ $convert: { input: 1, to: 'int', onError: { $divide: [1, 0] } } }, 0],
    ]),
  ).toEqual([]);
});
