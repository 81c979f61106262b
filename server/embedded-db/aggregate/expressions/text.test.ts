// Expressions on text, case by case, as the MongoDB manual documents their results.
import { Long, ObjectId } from 'bson';
import { expect, test } from 'vitest';
import { disagreements, wrongCodes } from '../../test-support/expression-cases.ts';

test('[DB50] whole texts', () => {
  expect(
    disagreements([
      [{ $concat: ['a', 'b', 'ß'] }, 'abß'],
      [{ $concat: ['a', null] }, null],
      [{ $toUpper: 'abcä' }, 'ABCä'],
      [{ $toLower: 'ÄBC' }, 'Äbc'],
      [{ $toUpper: null }, ''],
      [{ $toLower: 12.5 }, '12.5'],
      [{ $toUpper: new Date('2020-01-02T03:04:05Z') }, '2020-01-02T03:04:05.000Z'],
      [{ $strcasecmp: ['13q1', '13Q4'] }, -1],
      [{ $strcasecmp: ['ABC', 'abc'] }, 0],
      [{ $strcasecmp: [null, 'abc'] }, -1],
      [{ $strLenCP: '寿司😀' }, 3],
      [{ $strLenBytes: '寿司' }, 6],
      [{ $split: ['June-15-2013', '-'] }, ['June', '15', '2013']],
      [{ $split: ['banana split', 'a'] }, ['b', 'n', 'n', ' split']],
      [{ $split: [null, 'a'] }, null],
      [{ $trim: { input: '  \n good  bye \t  ' } }, 'good  bye'],
      [{ $trim: { input: ' ggggoodbyeeeee', chars: 'ge' } }, ' ggggoodby'],
      [{ $trim: { input: 'ggggoodbyeeeee', chars: 'ge' } }, 'oodby'],
      [{ $ltrim: { input: ' ggggoodbyeeeee ', chars: ' gd' } }, 'oodbyeeeee '],
      [{ $rtrim: { input: 'ab ', chars: null } }, null],
      [
        { $replaceOne: { input: 'blue paint, blue paint', find: 'blue', replacement: '<$&>' } },
        '<$&> paint, blue paint',
      ],
      [{ $replaceAll: { input: 'blue paint, blue', find: 'blue', replacement: 'red' } }, 'red paint, red'],
      [{ $replaceAll: { input: null, find: 'blue', replacement: 'red' } }, null],
    ]),
  ).toEqual([]);
});

test('[DB50] parts of texts count code points or bytes', () => {
  expect(
    disagreements([
      [{ $substrCP: ['寿司sushi', 0, 3] }, '寿司s'],
      [{ $substrCP: ['abc', 5, 3] }, ''],
      [{ $substrBytes: ['éclair', 0, 3] }, 'éc'],
      [{ $substrBytes: ['apple', 1, -1] }, 'pple'],
      [{ $substr: [123456, 2, 2] }, '34'],
      [{ $substr: [null, 2, 2] }, ''],
      [{ $indexOfBytes: ['cafétéria', 'é'] }, 3],
      [{ $indexOfBytes: ['cafétéria', 't'] }, 5],
      [{ $indexOfCP: ['cafétéria', 't'] }, 4],
      [{ $indexOfCP: ['foo.bar.fi', '.', 5] }, 7],
      [{ $indexOfCP: ['foo.bar', '.', 0, 2] }, -1],
      [{ $indexOfCP: ['vanilla', 'll', 12] }, -1],
      [{ $indexOfCP: ['vanilla', 'll', 5, 2] }, -1],
      [{ $indexOfCP: ['abc', ''] }, 0],
      [{ $indexOfCP: [null, 'foo'] }, null],
    ]),
  ).toEqual([]);
});

test('[DB50] regular expressions tell matches, their places in code points, and captures', () => {
  const found = (match: string, idx: number, captures: (string | null)[] = []) => ({ match, idx, captures });
  expect(
    disagreements([
      [{ $regexMatch: { input: 'Line', regex: /line/i } }, true],
      [{ $regexMatch: { input: 'Line', regex: 'line', options: 'i' } }, true],
      [{ $regexMatch: { input: null, regex: 'line' } }, false],
      [{ $regexFind: { input: 'Café au lait', regex: /é/ } }, found('é', 3)],
      [{ $regexFind: { input: '😀😀x', regex: 'x' } }, found('x', 2)],
      [{ $regexFind: { input: 'abc', regex: 'x' } }, null],
      [{ $regexFind: { input: 'aa', regex: '(a)|(b)' } }, found('a', 0, ['a', null])],
      [
        { $regexFindAll: { input: '😀a1b22', regex: '[a-z](\\d+)' } },
        [found('a1', 1, ['1']), found('b22', 3, ['22'])],
      ],
      [{ $regexFindAll: { input: 'abc', regex: 'x' } }, []],
      [{ $regexFindAll: { input: '😀b', regex: 'z*' } }, [found('', 0), found('', 1), found('', 2)]],
      [{ $regexFindAll: { input: null, regex: 'x' } }, []],
    ]),
  ).toEqual([]);
});

test('[DB50] wrong texts are refused with their codes', () => {
  expect(
    wrongCodes([
      [{ $concat: ['a', 1] }, 16702],
      [{ $toUpper: { a: [1] } }, 16007],
      [{ $toLower: new ObjectId() }, 16007],
      [{ $strLenCP: null }, 34471],
      [{ $strLenBytes: 5 }, 34473],
      [{ $split: [1, 'a'] }, 40085],
      [{ $split: ['a', 1] }, 40086],
      [{ $split: ['a', ''] }, 40087],
      [{ $trim: 'a' }, 50696],
      [{ $trim: { input: 1 } }, 50699],
      [{ $trim: { input: 'a', chars: 1 } }, 50700],
      [{ $trim: {} }, 50695],
      [{ $replaceOne: { input: 1, find: 'a', replacement: 'b' } }, 51746],
      [{ $replaceOne: { input: 'a', find: 1, replacement: 'b' } }, 51745],
      [{ $replaceAll: { input: 'a', find: 'a' } }, 51747],
      [{ $substrBytes: ['é', 1, 1] }, 28656],
      [{ $substrBytes: ['é', 0, 1] }, 28657],
      [{ $substrBytes: ['a', -1, 1] }, 50752],
      [{ $substrCP: ['a', 0, -1] }, 34454],
      [{ $substrCP: ['a', -1, 1] }, 34455],
      [{ $substrCP: ['a', 'x', 1] }, 34450],
      [{ $indexOfCP: [1, 'a'] }, 40093],
      [{ $indexOfBytes: ['a', 1] }, 40092],
      [{ $indexOfCP: ['a', 'a', -1] }, 40097],
      [{ $indexOfCP: ['a', 'a', 'x'] }, 40096],
      [{ $regexFind: { input: 1, regex: 'a' } }, 51104],
      [{ $regexFind: { input: 'a', regex: 1 } }, 51105],
      [{ $regexFind: { input: 'a', regex: /a/i, options: 'i' } }, 51107],
      [{ $regexFind: { input: 'a' } }, 31023],
      [{ $regexFind: { input: 'a', regex: '(' } }, 51091],
      [{ $concat: [Long.ONE] }, 16702],
    ]),
  ).toEqual([]);
});
