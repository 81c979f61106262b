// $regexMatch, $regexFind, $regexFindAll.
import { type Doc, Int32, Regex, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compileRegex } from '../../query/regex/regex.ts';
import { checkElements, effort } from '../../value/effort.ts';
import { partOf, partsOf } from '../named-operands.ts';
import { type Build, isNothing, type Maybe, type OperatorTable } from '../scope.ts';

const PARTS = {
  required: ['input', 'regex'],
  optional: ['options'],
  codes: { object: 51103, unknown: 31024, missing: { input: 31022, regex: 31023 } },
};

function optionsOf(name: string, options: Maybe): string {
  if (isNothing(options)) return '';
  if (typeof options === 'string') return options;
  throw new DatabaseError(51106, `${name} needs 'options' to be of type string`);
}

function regexOf(name: string, regex: Value, options: Maybe): Regex {
  const given = optionsOf(name, options);
  if (typeof regex === 'string') return new Regex(regex, given);
  if (!(regex instanceof Regex)) {
    throw new DatabaseError(51105, `${name} needs 'regex' to be of type string or regex`);
  }
  if (given !== '' && regex.options !== '') {
    throw new DatabaseError(
      51107,
      `${name} found regex option(s) specified in both 'regex' and 'option' fields`,
    );
  }
  return new Regex(regex.source, given || regex.options);
}

/** One compiled expression is kept: nearly always it is the same for all documents. */
function remembering(): (regex: Regex) => RegExp {
  let last: Regex | null = null;
  let compiled: RegExp | null = null;
  return (regex) => {
    if (!compiled || last?.source !== regex.source || last.options !== regex.options) {
      compiled = compileRegex(regex, 'g');
      last = regex;
    }
    compiled.lastIndex = 0;
    return compiled;
  };
}

interface Search {
  readonly text: string;
  readonly pattern: RegExp;
}

function searching(name: string, nothing: Value, answer: (search: Search) => Value): [string, Build] {
  const build: Build = (operand, compile) => {
    const source = partsOf(name, operand, PARTS);
    const [input, regex, options] = ['input', 'regex', 'options'].map((part) =>
      partOf(source, part, compile),
    );
    const compiled = remembering();
    return (root) => {
      const [text, pattern] = [input?.(root), regex?.(root)];
      if (!isNothing(text) && typeof text !== 'string') {
        throw new DatabaseError(51104, `${name} needs 'input' to be of type string`);
      }
      if (isNothing(pattern)) return nothing;
      const wanted = regexOf(name, pattern, options?.(root));
      const expression = compiled(wanted);
      return isNothing(text) ? nothing : answer({ text, pattern: expression });
    };
  };
  return [name, build];
}

/** `idx` counts code points. */
function found(match: RegExpExecArray, idx: number): Doc {
  return new Map<string, Value>([
    ['match', match[0]],
    ['idx', new Int32(idx)],
    ['captures', match.slice(1).map((each) => (each as string | undefined) ?? null)],
  ]);
}

function codePoints(text: string): number {
  let n = 0;
  for (const _ of text) n++;
  return n;
}

function findAll({ text, pattern }: Search): Value {
  const out: Value[] = [];
  let idx = 0;
  let counted = 0;
  for (;;) {
    const match = pattern.exec(text);
    if (!match) return out;
    idx += codePoints(text.slice(counted, match.index));
    counted = match.index;
    effort();
    checkElements('$regexFindAll', out.length + 1);
    out.push(found(match, idx));
    // An empty match moves on by one code point, or it would be found for ever.
    if (match[0] === '') pattern.lastIndex += (text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1;
    if (pattern.lastIndex > text.length) return out;
  }
}

/** Operators that look into text with a regular expression. */
export const REGEX_OPERATORS: OperatorTable = new Map([
  searching('$regexMatch', false, ({ text, pattern }) => pattern.test(text)),
  searching('$regexFind', null, ({ text, pattern }) => {
    const match = pattern.exec(text);
    return match ? found(match, codePoints(text.slice(0, match.index))) : null;
  }),
  searching('$regexFindAll', [], findAll),
]);
