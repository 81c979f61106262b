// Escapes of PCRE as JavaScript writes them in unicode mode.
import { type Cursor, refused, unsupported } from './regex-cursor.ts';

const HORIZONTAL = '\\t \\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000';
const VERTICAL = '\\n-\\r\\u0085\\u2028\\u2029';
/** What `\s` means without Unicode properties. */
const SPACE = '\\t-\\r ';

const NOT_SPACE = '\\0-\\x08\\x0e-\\x1f!-\\u{10ffff}';

const SETS: Readonly<Record<string, string>> = { h: HORIZONTAL, v: VERTICAL, s: SPACE };
const CONTROLS: Readonly<Record<string, string>> = {
  a: '\\x07',
  e: '\\x1b',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
};

/** A character by its number, and other forms that mean one character both inside and outside a class; null when the
 *  escape is none of these. */
function character(cursor: Cursor): string | null {
  const hex = cursor.take(/x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{0,2})/y);
  if (hex) return `\\u{${Number.parseInt(hex[1] || hex[2] || '0', 16).toString(16)}}`;
  const octal = cursor.take(/o\{([0-7]+)\}|(0[0-7]{0,2})/y);
  if (octal) return `\\u{${Number.parseInt(octal[1] ?? octal[2] ?? '0', 8).toString(16)}}`;
  const control = cursor.take(/c([@-_a-z])/y);
  if (control) return `\\u{${((control[1] as string).toUpperCase().charCodeAt(0) ^ 64).toString(16)}}`;
  const named = CONTROLS[cursor.peek];
  if (named !== undefined) cursor.next();
  return named ?? null;
}

function property(cursor: Cursor): string | null {
  const found = cursor.take(/([pP])(?:\{(\^?)([A-Za-z0-9_&]+)\}|([A-Z]))/y);
  if (!found) return null;
  const isNegative = (found[1] === 'P') !== (found[2] === '^');
  const name = found[3] ?? found[4] ?? '';
  if (name === 'Any') return isNegative ? '[]' : '[^]';
  if (name === 'L&') return isNegative ? '\\P{LC}' : '\\p{LC}';
  if (/^X/.test(name)) throw unsupported(`\\p{${name}}`);
  const isCategory = name.length <= 2;
  return `\\${isNegative ? 'P' : 'p'}{${isCategory ? name : `sc=${name}`}}`;
}

function literal(char: string): string {
  if (char === '') throw refused('\\ at end of pattern');
  if (/[A-Za-z0-9]/.test(char)) throw refused('unrecognized character follows \\');
  return /[$()*+./?[\\\]^{|}]/.test(char) ? `\\${char}` : char;
}

function classSet(char: string): string | null {
  if (char !== '' && 'dDwW'.includes(char)) return `\\${char}`;
  if (char === 'S') return NOT_SPACE;
  if (char === 'H' || char === 'V') throw unsupported(`\\${char} in a class`);
  return SETS[char] ?? null;
}

/** Translates an escape in a class, from behind the backslash. */
export function classEscape(cursor: Cursor): { readonly out: string; readonly isSet: boolean } {
  const known = character(cursor);
  if (known !== null) return { out: known, isSet: false };
  const properties = property(cursor);
  if (properties?.startsWith('[')) throw unsupported('\\p{Any} in a class');
  if (properties !== null) return { out: properties, isSet: true };
  const octal = cursor.take(/[1-7][0-7]{0,2}/y);
  if (octal) return { out: `\\u{${Number.parseInt(octal[0], 8).toString(16)}}`, isSet: false };
  const char = cursor.next();
  if (char === 'b') return { out: '\\x08', isSet: false };
  if (char === '-') return { out: '\\-', isSet: false };
  const set = classSet(char);
  return set === null ? { out: literal(char), isSet: false } : { out: set, isSet: true };
}

const POSITIONS: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  Z: '(?=\\n?$)',
  b: '\\b',
  B: '\\B',
};

/** What an escape outside a class is: its translation, and whether it is a position, a reference or a character. */
export interface Escape {
  readonly out: string;
  readonly kind: 'position' | 'reference' | 'set' | 'character';
}

function reference(cursor: Cursor): string | null {
  const number = cursor.take(/g\{([1-9]\d*)\}|g([1-9]\d*)|([1-9]\d*)/y);
  if (number) return `(?:\\${number[1] ?? number[2] ?? number[3]})`;
  const named = cursor.take(/k\{(\w+)\}|k<(\w+)>|k'(\w+)'|g\{([A-Za-z_]\w*)\}/y);
  return named ? `\\k<${named[1] ?? named[2] ?? named[3] ?? named[4]}>` : null;
}

/** Translates an escape outside a class, from behind the backslash. */
export function anyEscape(cursor: Cursor): Escape {
  const position = POSITIONS[cursor.peek];
  if (position !== undefined) {
    cursor.next();
    return { out: position, kind: 'position' };
  }
  const known = character(cursor);
  if (known !== null) return { out: known, kind: 'character' };
  const set = property(cursor);
  if (set !== null) return { out: set, kind: 'set' };
  const referred = reference(cursor);
  if (referred !== null) return { out: referred, kind: 'reference' };
  const char = cursor.next();
  if (char === 'R') return { out: `(?:\\r\\n|[${VERTICAL}])`, kind: 'set' };
  if (char === 'N') return { out: '[^\\n]', kind: 'set' };
  if ('dDwW'.includes(char) && char !== '') return { out: `\\${char}`, kind: 'set' };
  const isNegative = /[HVS]/.test(char);
  const found = SETS[char.toLowerCase()];
  if (found !== undefined) return { out: `[${isNegative ? '^' : ''}${found}]`, kind: 'set' };
  if (/[GKXCEgk]/.test(char)) throw unsupported(`\\${char}`);
  return { out: literal(char), kind: 'character' };
}
