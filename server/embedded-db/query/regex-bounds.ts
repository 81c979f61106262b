// What the beginning of a regular expression says about the text it matches.
import { Regex, type Value } from '../bson/value.ts';
import { BRACKET } from '../value/type-order.ts';
import { bracketInterval, type Interval, prefixInterval } from './interval.ts';

/** `^literal` bounds text; equal stored expressions match too. Null when the expression bounds nothing. */
export function regexIntervals(operand: Value, options: Value | undefined): Interval[] | null {
  const source = operand instanceof Regex ? operand.source : operand;
  const flags = options ?? (operand instanceof Regex ? operand.options : '');
  if (typeof source !== 'string' || flags !== '' || source.includes('|')) return null;
  // A quantifier may make the last character optional, so that one is given back.
  const text = /^\^([\w\-@:;,<>=!~%&"'/ ]+)(?![*?{+])/.exec(source)?.[1];
  return text ? [prefixInterval(text), bracketInterval(BRACKET.regex)] : null;
}
