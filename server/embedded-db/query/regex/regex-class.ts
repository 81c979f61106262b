// Bracket classes of PCRE as JavaScript writes them.
import { type Cursor, refused, unsupported } from './regex-cursor.ts';
import { classEscape } from './regex-escape.ts';

const POSIX: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\t-\\r ',
  blank: '\\t ',
  punct: '!-\\/:-@\\[-`\\{-~',
  cntrl: '\\0-\\x1f\\x7f',
  graph: '!-~',
  print: ' -~',
  xdigit: '0-9a-fA-F',
  word: '\\w',
  ascii: '\\0-\\x7f',
};

function posix(cursor: Cursor): string | null {
  const found = cursor.take(/\[:(\^?)([a-z]+):\]/y);
  if (!found) return null;
  const set = POSIX[found[2] as string];
  if (set === undefined) throw refused('unknown POSIX class name');
  if (found[1] === '^') throw unsupported('a negated POSIX class');
  return set;
}

/** One item of a class; a set cannot be the end of a range. */
interface Item {
  readonly out: string;
  readonly isSet: boolean;
}

function item(cursor: Cursor): Item {
  const named = posix(cursor);
  if (named !== null) return { out: named, isSet: true };
  const char = cursor.next();
  if (char === '\\') return classEscape(cursor);
  return { out: /[\\\][^]/.test(char) ? `\\${char}` : char, isSet: false };
}

/** Translates from behind `[` to behind `]`. */
export function characterClass(cursor: Cursor): string {
  let out = cursor.take(/\^/y) ? '[^' : '[';
  // A closing bracket in front is one of the characters.
  let before: Item = { out: '', isSet: true };
  if (cursor.take(/\]/y)) before = { out: '\\]', isSet: false };
  out += before.out;
  while (!cursor.take(/\]/y)) {
    if (cursor.isAtEnd) throw refused('missing terminating ] for character class');
    let next = item(cursor);
    // A dash at either end, or beside a set, stands for itself.
    if (next.out === '-' && (before.isSet || cursor.peek === ']')) next = { out: '\\-', isSet: true };
    out += next.out;
    before = next;
  }
  return `${out}]`;
}
