// Regular expressions: what PCRE means by them, and an end to what they may cost.
import { beforeEach, describe, expect, test } from 'vitest';
import { Regex } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { wantsPause } from '../../value/effort.ts';
import { compileRegex } from './regex.ts';

// Tests follow each other within one turn; commands begin with a pause after so much work.
beforeEach(() => void wantsPause());

type Case = readonly [source: string, options: string, text: string, expected: boolean];

function check(cases: readonly Case[]): void {
  for (const [source, options, text, expected] of cases) {
    const found = compileRegex(new Regex(source, options)).test(text);
    expect(found, `/${source}/${options} on ${JSON.stringify(text)}`).toBe(expected);
  }
}

function codeOf(run: () => unknown): number | null {
  try {
    run();
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.code;
  }
}

describe('regular expressions', () => {
  test('[DB44] ends of lines and of the text are those of PCRE', () => {
    check([
      ['a$', '', 'a\n', true],
      ['a$', '', 'a\n\n', false],
      ['a\\z', '', 'a\n', false],
      ['a\\Z', '', 'a\n', true],
      ['^b', '', 'a\nb', false],
      ['^b', 'm', 'a\nb', true],
      ['\\Ab', 'm', 'a\nb', false],
      ['a$', 'm', 'a\nb', true],
      ['a$', 'm', 'a\rb', false],
      ['a.c', '', 'a\nc', false],
      ['a.c', '', 'a\rc', true],
      ['a.c', 's', 'a\nc', true],
      ['^.$', '', '\u{1f600}', true],
    ]);
  });

  test('[DB44] classes, escapes and quotes are those of PCRE', () => {
    check([
      ['^\\s$', '', '\u00a0', false],
      ['^\\h$', '', '\u00a0', true],
      ['^[[:alpha:]_]+$', '', 'ab_', true],
      ['^[[:digit:]]$', '', 'x', false],
      ['^[]a]+$', '', ']a', true],
      ['^[\\w-]+$', '', 'a-b', true],
      ['^[\\s-x]+$', '', 'a', false],
      ['^[\\s\\S]$', '', '\n', true],
      ['^[+-]$', '', '-', true],
      ['^\\Qa.b\\E$', '', 'a.b', true],
      ['^\\Qa.b\\E$', '', 'axb', false],
      ['^\\x{1f600}\\e\\x41$', '', '\u{1f600}\u001bA', true],
      ['^a\\-b\\@c\\#$', '', 'a-b@c#', true],
      ['^a{,2}$', '', 'a{,2}', true],
      ['^{a}$', '', '{a}', true],
      ['^\\p{Lu}\\pL\\p{Greek}$', '', 'Aaα', true],
      ['^\\R$', '', '\r\n', true],
      ['^\\N\\d+$', '', 'x12', true],
    ]);
  });

  test('[DB44] groups, references and options inside are those of PCRE', () => {
    check([
      ['(?P<year>\\d+)-(?P=year)', '', '12-12', true],
      ['(a)\\g{1}', '', 'aa', true],
      ['(?i)ab', '', 'AB', true],
      ['x(?i:ab)c', '', 'xABc', true],
      ['x(?i:ab)c', '', 'xABC', false],
      ['x((?i)ab)c', '', 'xABc', true],
      ['a(?-i:b)', 'i', 'AB', false],
      ['a(?s:.)b', '', 'a\nb', true],
      ['a b # c', 'x', 'ab', true],
      ['a[ ]b', 'x', 'a b', true],
      ['a(?#no)b', '', 'ab', true],
      ['(?<=a)b(?!c)', '', 'abd', true],
    ]);
  });

  test('[DB44] what is wrong is 51091, an unknown option 51108, what cannot be matched the same way 115', () => {
    for (const source of ['(', ')', '[a', '*a', 'a{3,2}', '\\', '\\y', '[z-a]', '[[:nope:]]']) {
      expect(
        codeOf(() => compileRegex(new Regex(source, ''))),
        source,
      ).toBe(51091);
    }
    for (const source of [
      'a++',
      '(?>a)',
      '(?R)',
      '(?(1)a)',
      'a\\Kb',
      'a(?i)b',
      '(*UTF)a',
      '(?|a|b)',
      '\\Xa',
    ]) {
      expect(
        codeOf(() => compileRegex(new Regex(source, ''))),
        source,
      ).toBe(115);
    }
    expect(codeOf(() => compileRegex(new Regex('a', 'q')))).toBe(51108);
  });

  test('[DB44] an expression that would run for ever is refused with 51156 within a second', () => {
    const hostile: readonly (readonly [string, string, string])[] = [
      ['^(a+)+$', '', `${'a'.repeat(60)}!`],
      ['^(a|a)*$', 'i', `${'a'.repeat(60)}!`],
      ['^(a{1,10}){1,20}$', '', `${'a'.repeat(200)}!`],
      ['^(?:a?){40}b', '', 'a'.repeat(39)],
      ['(x+x+)+y', '', 'x'.repeat(5_000)],
      ['.*.*.*.*=', 's', 'x'.repeat(100_000)],
      ['^(\\w+\\s?)*$', '', `${'aaa '.repeat(30)}!`],
      [`^${'a?'.repeat(40)}b`, '', 'a'.repeat(39)],
    ];
    for (const [source, options, text] of hostile) {
      const before = process.cpuUsage();
      const code = codeOf(() => compileRegex(new Regex(source, options)).test(text));
      const { user, system } = process.cpuUsage(before);
      expect(code, source).toBe(51156);
      expect((user + system) / 1000, source).toBeLessThan(1_000);
    }
    // The same expressions still answer where they can.
    check([
      ['^(a+)+$', '', 'a'.repeat(1_000), true],
      ['.*foo.*bar', '', `${'x'.repeat(5_000)}foo bar`, true],
    ]);
  });

  test('[DB44] everyday expressions run without a clock', () => {
    const everyday = [
      '^abc',
      'abc',
      'a|b',
      '^[^@]+@',
      '(foo|bar)',
      '\\bword\\b',
      '^\\d{4}-\\d{2}$',
      '^a.*b$',
    ];
    for (const source of everyday) {
      expect(compileRegex(new Regex(source, 'i')).constructor, source).toBe(RegExp);
    }
  });
});
