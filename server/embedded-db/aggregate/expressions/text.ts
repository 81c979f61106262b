// Text as a whole: $concat, case, length, $strcasecmp, $split, trimming, replacing.

import { show } from '../../bson/show.ts';
import { type Doc, Int32, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compareText } from '../../value/compare.ts';
import { checkBuffer, checkElements, MAX_ELEMENTS } from '../../value/effort.ts';
import { typeName } from '../../value/type-order.ts';
import { partOf, partsOf } from '../named-operands.ts';
import { type Build, isNothing, type Maybe, type OperatorTable, strict } from '../scope.ts';
import { nameOf } from './arithmetic.ts';
import { coercedText } from './text-of.ts';

function concat(values: readonly Maybe[]): Value {
  let out = '';
  for (const value of values) {
    if (isNothing(value)) return null;
    if (typeof value !== 'string') {
      throw new DatabaseError(16702, `$concat only supports strings, not ${typeName(value)}`);
    }
    checkBuffer(out.length + value.length);
    out += value;
  }
  return out;
}

/** The server changes the case of ASCII letters only. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function upper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function length(name: string, code: number, measure: (text: string) => number) {
  return strict(name, 1, ([value]) => {
    if (typeof value === 'string') return new Int32(measure(value));
    throw new DatabaseError(code, `${name} requires a string argument, found: ${nameOf(value)}`);
  });
}

function split([text, separator]: readonly Maybe[]): Value {
  if (isNothing(text) || isNothing(separator)) return null;
  for (const [i, value] of [text, separator].entries()) {
    if (typeof value === 'string') continue;
    throw new DatabaseError(
      40085 + i,
      `$split requires an expression that evaluates to a string as a ${i === 0 ? 'first' : 'second'} argument, found: ${typeName(value)}`,
    );
  }
  if (separator === '') throw new DatabaseError(40087, '$split requires a non-empty separator');
  const parts = (text as string).split(separator as string, MAX_ELEMENTS + 1);
  checkElements('$split', parts.length);
  return parts;
}

const SPACE = new Set(
  '\0\u0020\t\n\u000b\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
);

function trimmed(text: string, chars: ReadonlySet<string>, isLeft: boolean, isRight: boolean): string {
  const all = [...text];
  let from = 0;
  let to = all.length;
  while (isLeft && from < to && chars.has(all[from] as string)) from++;
  while (isRight && to > from && chars.has(all[to - 1] as string)) to--;
  return all.slice(from, to).join('');
}

const TRIM = {
  required: ['input'],
  optional: ['chars'],
  codes: { object: 50696, unknown: 50694, missing: 50695 },
};

function trimming(name: string, isLeft: boolean, isRight: boolean): [string, Build] {
  const build: Build = (operand, compile) => {
    const source = partsOf(name, operand, TRIM);
    const [input, chars] = [partOf(source, 'input', compile), partOf(source, 'chars', compile)];
    const hasChars = source.has('chars');
    return (root) => {
      const text = input(root);
      if (isNothing(text)) return null;
      if (typeof text !== 'string') {
        throw new DatabaseError(
          50699,
          `${name} requires its input to be a string, got ${show(text)} (of type ${typeName(text)}) instead.`,
        );
      }
      if (!hasChars) return trimmed(text, SPACE, isLeft, isRight);
      const wanted = chars(root);
      if (isNothing(wanted)) return null;
      if (typeof wanted === 'string') return trimmed(text, new Set(wanted), isLeft, isRight);
      throw new DatabaseError(
        50700,
        `${name} requires 'chars' to be a string, got ${show(wanted)} (of type ${typeName(wanted)}) instead.`,
      );
    };
  };
  return [name, build];
}

const REPLACE = {
  required: ['input', 'find', 'replacement'],
  codes: { object: 51751, unknown: 51750, missing: { input: 51749, find: 51748, replacement: 51747 } },
};

function replacing(name: string, apply: (text: string, find: string, by: string) => string): [string, Build] {
  const build: Build = (operand, compile) => {
    const source: Doc = partsOf(name, operand, REPLACE);
    const parts = REPLACE.required.map((part) => partOf(source, part, compile));
    return (root) => {
      const values = parts.map((part) => part(root));
      for (const [i, value] of values.entries()) {
        if (isNothing(value) || typeof value === 'string') continue;
        const part = REPLACE.required[i];
        throw new DatabaseError(
          51746 - i,
          `${name} requires that '${part}' be a string, found: ${show(value)}`,
        );
      }
      const [text, find, by] = values;
      if (isNothing(text) || isNothing(find) || isNothing(by)) return null;
      return apply(text as string, find as string, by as string);
    };
  };
  return [name, build];
}

function replaceAll(text: string, find: string, by: string): string {
  let length = text.length;
  for (let at = text.indexOf(find); at >= 0 && at < text.length; ) {
    length += by.length - find.length;
    at = text.indexOf(find, at + Math.max(find.length, 1));
  }
  checkBuffer(length);
  return text.replaceAll(find, () => by);
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Operators on whole texts. */
export const TEXT: OperatorTable = new Map<string, Build>([
  strict('$concat', null, concat),
  strict('$toLower', 1, ([value]) => lower(coercedText(value))),
  strict('$toUpper', 1, ([value]) => upper(coercedText(value))),
  strict('$strcasecmp', 2, ([a, b]) => {
    return new Int32(Math.sign(compareText(upper(coercedText(a)), upper(coercedText(b)))));
  }),
  length('$strLenCP', 34471, codePoints),
  length('$strLenBytes', 34473, (text) => Buffer.byteLength(text)),
  strict('$split', 2, split),
  trimming('$trim', true, true),
  trimming('$ltrim', true, false),
  trimming('$rtrim', false, true),
  replacing('$replaceOne', (text, find, by) => text.replace(find, () => by)),
  replacing('$replaceAll', replaceAll),
]);
