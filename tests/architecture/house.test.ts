/** Everything else that is checked on sources: sizes, names, rule ids, styles, codes, logs, foreign words, settings. */
import { describe, expect, test } from 'vitest';
import { errorCatalogue } from '#shared/base/errors.ts';
import { physicalDirections } from '#tests/architecture/directions.ts';
import { unusedCodes } from '#tests/architecture/error-codes.ts';
import { foreignWords } from '#tests/architecture/foreign-words.ts';
import { loggedSecrets } from '#tests/architecture/log-words.ts';
import { definedRules, quotedRules, ruleReport } from '#tests/architecture/rule-ids.ts';
import {
  badNames,
  maxLines,
  medianLines,
  sizeReport,
  tooLong,
  withoutOpening,
} from '#tests/architecture/sizes.ts';
import { readProject } from '#tests/support/project-files.ts';

const files = readProject();

/** A made-up file of so many lines. */
function fileOf(lines: number, path = 'shared/plans/shape.ts'): { path: string; text: string } {
  return { path, text: `/** For a test. */\n${'a();\n'.repeat(lines - 1)}` };
}

describe('sizes and names', () => {
  test('[HO8] a file over the limit and one without its opening line are reported', () => {
    expect(tooLong([fileOf(maxLines), fileOf(maxLines + 1, 'shared/long.ts')])).toEqual([
      'shared/long.ts: 401 lines',
    ]);
    expect(medianLines([fileOf(10), fileOf(20), fileOf(30)])).toBe(20);
    const bare = { path: 'shared/bare.ts', text: "import { z } from 'zod';\n" };
    expect(withoutOpening([fileOf(3), bare])).toEqual(['shared/bare.ts']);
  });

  test('[HO8] no source here is too long, and each says what it is for', () => {
    process.stdout.write(`${sizeReport(files)}\n`);
    expect(tooLong(files)).toEqual([]);
    expect(withoutOpening(files)).toEqual([]);
  });

  test('[HO9] vague and misspelt names are reported', () => {
    const bad = [
      'shared/plans/utils.ts',
      'client/plans/PlanPage.tsx',
      'server/types/plan.ts',
      'client/index.ts',
    ];
    expect(badNames([...bad, 'client/index.html', 'client/plans/plan-page.test.tsx'])).toEqual(bad);
  });

  test('[HO9] every name here is a noun in kebab case', () => {
    expect(badNames(files.map((file) => file.path))).toEqual([]);
  });
});

describe('rule ids', () => {
  test('[HO10] untested, unknown and doubled ids are reported', () => {
    const [known, other] = ['ZZ1', 'ZZ2'];
    const report = ruleReport([
      { path: 'shared/z/RULES.md', text: `- ${known}: a\n- ${other}: b\n- ${other}: again\n` },
      {
        path: 'shared/z/z.test.ts',
        text: `test('[${known}] works', f);\ntest.each([1])("[ZZ9] never", f);\n`,
      },
    ]);
    expect(report).toEqual({
      untested: [other, other],
      unknown: ['shared/z/z.test.ts: ZZ9'],
      twice: [other],
    });
  });

  test('[HO10] ids are read from titles only, several at once too', () => {
    const source = "_('[ZA1, ZA2] x', f); const a = '[ZA3]'; // _('[ZA4]')".replaceAll('_', 'describe');
    expect(quotedRules(source)).toEqual(['ZA1', 'ZA2']);
    const table = "_.each([['a', make(one(two(3)))], ['b', () => []]])('[ZA5] %s', f);".replace('_', 'test');
    expect(quotedRules(table)).toEqual(['ZA5']);
    expect(definedRules('- ZA1: a\nZA2: not a line of rules\n- ZA3:\n')).toEqual(['ZA1']);
  });

  test('[HO10] every rule here is tested and every quoted rule exists', () => {
    expect(ruleReport(files)).toEqual({ untested: [], unknown: [], twice: [] });
  });
});

describe('styles', () => {
  test.each([
    ['client/a.css', '.a { margin-left: 4px; }'],
    ['client/a.css', '.a {\n  right: 0;\n}'],
    ['client/a.css', '.a { border-top-left-radius: 2px }'],
    ['client/a.css', '.a { text-align: right; }'],
    ['client/a.tsx', 'const s = { marginLeft: 4 };'],
    ['client/a.tsx', 'return <Group ml="xs" />;'],
    ['client/a.tsx', 'return <Text ta="right" />;'],
    ['client/a.tsx', 'const s = { left: 4 };'],
  ])('[HO11] a physical direction is reported in %s: %s', (path, text) => {
    expect(physicalDirections([{ path, text }])).toHaveLength(1);
  });

  test('[HO11] logical ones are not', () => {
    const css = '.a { margin-inline-start: 4px; inset-inline-end: 0; text-align: start; /* left: 0 */ }';
    const tsx = 'return <Text ms="xs" ta="center" data-side="left" />;';
    expect(physicalDirections([{ path: 'client/a.css', text: css }])).toEqual([]);
    expect(physicalDirections([{ path: 'client/a.tsx', text: tsx }])).toEqual([]);
  });

  test('[HO11] every style here is logical', () => {
    expect(physicalDirections(files)).toEqual([]);
  });
});

describe('codes, logs and foreign words', () => {
  test('[HO12] a code nobody throws is reported', () => {
    const used = { path: 'server/plans/commands.ts', text: "fail('plans.wrongState');\n// 'plans.gone'" };
    expect(unusedCodes([used], ['plans.wrongState', 'plans.gone'])).toEqual(['plans.gone']);
  });

  test('[HO12] every code of the catalogue is used', () => {
    expect(unusedCodes(files, Object.keys(errorCatalogue))).toEqual([]);
  });

  test('[HO13] a secret handed to the log is reported, a word in the message is not', () => {
    const path = 'server/people/commands.ts';
    const bad = "hub.log.info({ id, refreshToken: made.secret }, 'made (one)');";
    expect(loggedSecrets([{ path, text: bad }])).toEqual([`${path}: refreshToken`]);
    expect(loggedSecrets([{ path, text: "hub.log.warn({ id }, 'refresh token used twice');" }])).toEqual([]);
  });

  test('[HO13] nothing secret is logged here', () => {
    expect(loggedSecrets(files)).toEqual([]);
  });

  test('[HO14] a path of one machine and a download address are reported', () => {
    const path = `/${['ho', 'me'].join('')}/somebody/tandem`;
    const lock = { path: 'package-lock.json', text: '"resolved": "https://example.org/a.tgz"' };
    expect(foreignWords([{ path: 'README.md', text: `run ${path}/start` }, lock])).toEqual([
      `README.md: ${path.replace('/tandem', '')}`,
      'package-lock.json: a download address',
    ]);
  });

  test('[HO14] the project speaks of itself alone', () => {
    expect(foreignWords(files)).toEqual([]);
  });
});

describe('settings', () => {
  const read = (path: string): string => files.find((file) => file.path === path)?.text ?? '';

  test('[HO16] the compiler refuses what the runtime cannot strip', () => {
    const options = JSON.parse(read('tsconfig.json')).compilerOptions;
    expect(options).toMatchObject({ strict: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true });
  });

  test('[HO16] the linter holds cycles, barrels, defaults, any, console and complexity', () => {
    const rules = JSON.parse(read('biome.json')).linter.rules;
    const held = [
      rules.suspicious.noImportCycles,
      rules.performance.noBarrelFile,
      rules.performance.noReExportAll,
      rules.style.noDefaultExport,
      rules.style.noNonNullAssertion,
      rules.suspicious.noExplicitAny,
      rules.suspicious.noConsole,
      rules.complexity.noExcessiveCognitiveComplexity.level,
    ];
    expect(held).toEqual(Array(8).fill('error'));
  });

  test('[HO16] no source talks the linter or the compiler out of a rule', () => {
    const words = new RegExp(['biome', '-ignore|@ts', '-(?:ignore|nocheck|expect-error)'].join(''));
    const sources = files.filter((file) => /\.(tsx?|css)$/.test(file.path));
    expect(sources.filter((file) => words.test(file.text)).map((file) => file.path)).toEqual([]);
  });
});
