// From the PCRE text the server takes to the JavaScript text that matches the same.
import { characterClass } from './regex-class.ts';
import { Cursor, refused, unsupported } from './regex-cursor.ts';
import { anyEscape } from './regex-escape.ts';
import { alternatives, LONG, repeated, sequence, single, type Work } from './regex-work.ts';

/** A translated expression. */
export interface Translated {
  /** For the flags `u` and, when the options say so, `i`; no others. */
  readonly source: string;
  readonly work: Work;
  /** True when a match can only begin where the text does. */
  readonly isAnchored: boolean;
}

interface Mode {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
}

interface Part {
  readonly out: string;
  readonly work: Work;
}

const MAX_DEPTH = 200;

/** `^` and `$` where the lines of the text count, and `$` where a last line feed does not. */
const LINE_START = '(?:^|(?<=\\n)(?!$))';
const LINE_END = '(?=\\n|$)';
const TEXT_END = '(?=\\n?$)';

function changed(mode: Mode, on: string, off: string): Mode {
  const known = (flags: string) => {
    const strange = /[^imsx]/.exec(flags);
    if (strange) throw unsupported(`the option (?${strange[0]})`);
    return flags;
  };
  const has = (flag: string, before: boolean) =>
    (before || known(on).includes(flag)) && !known(off).includes(flag);
  return { i: has('i', mode.i), m: has('m', mode.m), s: has('s', mode.s), x: has('x', mode.x) };
}

/** Wraps a part in the case mode it asks for, when that differs from its surroundings. */
function inCase(out: string, mode: Mode, around: Mode): string {
  if (mode.i === around.i) return `(?:${out})`;
  return mode.i ? `(?i:${out})` : `(?-i:${out})`;
}

/** One expression being translated. */
class Translation {
  readonly #cursor: Cursor;
  #depth = 0;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  whole(mode: Mode): Translated {
    if (this.#cursor.take(/\(\*/y)) throw unsupported('a verb (*…)');
    const isAnchored = this.#cursor.take(/(?=\^|\\A)/y) !== null && !mode.m;
    const { out, work } = this.#alternation(mode);
    if (!this.#cursor.isAtEnd) throw refused('unmatched closing parenthesis');
    return { source: out, work, isAnchored: isAnchored && !out.includes('|') };
  }

  /** Branches up to a closing parenthesis or the end. */
  #alternation(around: Mode): Part {
    if (++this.#depth > MAX_DEPTH) throw refused('parentheses are too deeply nested');
    const branches: Part[] = [];
    const mode = this.#leadingOptions(around);
    do branches.push(this.#sequence(mode));
    while (this.#cursor.take(/\|/y));
    this.#depth--;
    const out = branches.map((each) => each.out).join('|');
    return {
      out: mode.i === around.i ? out : inCase(out, mode, around),
      work: alternatives(branches.map((each) => each.work)),
    };
  }

  /** `(?i)` in front of everything else changes all of its group; elsewhere only what follows, which is refused. */
  #leadingOptions(mode: Mode): Mode {
    const found = this.#cursor.take(/\(\?([a-z]*)(?:-([a-z]+))?\)/y);
    return found ? this.#leadingOptions(changed(mode, found[1] ?? '', found[2] ?? '')) : mode;
  }

  #sequence(mode: Mode): Part {
    const parts: Part[] = [];
    for (;;) {
      const { peek } = this.#cursor;
      if (peek === '' || peek === '|' || peek === ')') break;
      if (this.#skipped(mode)) continue;
      parts.push(...this.#quoted(), ...this.#quantified(mode));
    }
    return { out: parts.map((each) => each.out).join(''), work: sequence(parts.map((each) => each.work)) };
  }

  /** Comments, and white space in extended mode. */
  #skipped(mode: Mode): boolean {
    if (this.#cursor.take(/\(\?#[^)]*\)/y)) return true;
    return mode.x && this.#cursor.take(/[\s]+|#[^\n]*(\n|$)/y) !== null;
  }

  /** The text between \Q and \E, but for its last character, which a quantifier may follow. */
  #quoted(): Part[] {
    const found = this.#cursor.take(/\\Q([\s\S]*?)(?:\\E|$)/y);
    if (!found) return [];
    return [...(found[1] as string)].map((char) => this.#literal(char));
  }

  #literal(char: string): Part {
    const out = /[$()*+./?[\\\]^{|}]/.test(char) ? `\\${char}` : char;
    return { out, work: single(char) };
  }

  #quantified(mode: Mode): Part[] {
    const { peek } = this.#cursor;
    if (peek === '' || peek === '|' || peek === ')') return [];
    const part = this.#atom(mode);
    while (this.#skipped(mode));
    const found = this.#cursor.take(/([*+?]|\{(\d+)(,(\d*))?\})([?+]?)/y);
    if (!found) return [part];
    if (found[5] === '+') throw unsupported('a possessive quantifier');
    const [least, most] = limits(found);
    if (least > most) throw refused('numbers out of order in {} quantifier');
    if (most !== Number.POSITIVE_INFINITY && most > 65_535) throw refused('number too big in {} quantifier');
    if (this.#cursor.take(/(?=[*+?]|\{\d+(,\d*)?\})/y)) return [this.#again(part, found, least, most)];
    return [{ out: part.out + found[0], work: repeated(part.work, least, most) }];
  }

  /** A quantifier behind a quantifier repeats the repeated part. */
  #again(part: Part, found: RegExpExecArray, least: number, most: number): Part {
    const next = this.#cursor.take(/([*+?]|\{(\d+)(,(\d*))?\})([?+]?)/y) as RegExpExecArray;
    if (next[5] === '+') throw unsupported('a possessive quantifier');
    const [from, to] = limits(next);
    const inner = repeated(part.work, least, most);
    return { out: `(?:${part.out}${found[0]})${next[0]}`, work: repeated(inner, from, to) };
  }

  #atom(mode: Mode): Part {
    const char = this.#cursor.next();
    switch (char) {
      case '(':
        return this.#group(mode);
      case '[':
        return { out: characterClass(this.#cursor), work: single(null) };
      case '\\':
        return this.#escaped();
      case '.':
        return { out: mode.s ? '[^]' : '[^\\n]', work: single(null) };
      case '^':
        return { out: mode.m ? LINE_START : '^', work: single(null) };
      case '$':
        return { out: mode.m ? LINE_END : TEXT_END, work: single(null) };
      case '*':
      case '+':
      case '?':
        throw refused('quantifier does not follow a repeatable item');
      default:
        return mode.i ? { ...this.#literal(char), work: single(char.toLowerCase()) } : this.#literal(char);
    }
  }

  #escaped(): Part {
    const { out, kind } = anyEscape(this.#cursor);
    if (kind === 'reference') return { out, work: LONG };
    return { out, work: single(kind === 'character' ? out : null) };
  }

  #group(mode: Mode): Part {
    const named = this.#cursor.take(/\?P?<([A-Za-z_]\w*)>|\?'([A-Za-z_]\w*)'/y);
    if (named) return this.#closed(`(?<${named[1] ?? named[2]}>`, mode, mode);
    const plain = this.#cursor.take(/\?(:|=|!|<=|<!)/y);
    if (plain) return this.#closed(`(?${plain[1]}`, mode, mode);
    const options = this.#cursor.take(/\?([a-z]*)(?:-([a-z]+))?:/y);
    if (options) return this.#closed('(?:', changed(mode, options[1] ?? '', options[2] ?? ''), mode);
    const back = this.#cursor.take(/\?P=(\w+)\)/y);
    if (back) return { out: `\\k<${back[1]}>`, work: LONG };
    if (this.#cursor.peek === '?' || this.#cursor.peek === '*') {
      throw unsupported('an atomic or conditional group, recursion, or an option inside');
    }
    return this.#closed('(', mode, mode);
  }

  #closed(opening: string, mode: Mode, around: Mode): Part {
    const { out, work } = this.#alternation(mode);
    if (!this.#cursor.take(/\)/y)) throw refused('missing closing parenthesis');
    return { out: `${opening}${mode.i === around.i ? out : inCase(out, mode, around)})`, work };
  }
}

function limits(found: RegExpExecArray): [number, number] {
  if (found[1] === '*') return [0, Number.POSITIVE_INFINITY];
  if (found[1] === '+') return [1, Number.POSITIVE_INFINITY];
  if (found[1] === '?') return [0, 1];
  const least = Number(found[2]);
  if (found[3] === undefined) return [least, least];
  return [least, found[4] ? Number(found[4]) : Number.POSITIVE_INFINITY];
}

/** Translates an expression of the server.
 *  @param options - of `imsxu`
 *  @throws 51091 for what PCRE refuses as well, 115 for what JavaScript cannot do */
export function translate(text: string, options: string): Translated {
  const has = (flag: string) => options.includes(flag);
  return new Translation(text).whole({ i: has('i'), m: has('m'), s: has('s'), x: has('x') });
}
