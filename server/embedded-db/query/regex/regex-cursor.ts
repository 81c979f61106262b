// A place in the text of an expression while it is translated.
import { DatabaseError, notSupported } from '../../database-error.ts';

/** An expression the server refuses as well. */
export function refused(why: string): DatabaseError {
  return new DatabaseError(51091, `Regular expression is invalid: ${why}`);
}

/** What PCRE can do and JavaScript cannot. */
export function unsupported(what: string): DatabaseError {
  return notSupported(`${what} in a regular expression`);
}

/** Reads from left to right. */
export class Cursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next character without taking it; '' at the end. */
  get peek(): string {
    return this.isAtEnd ? '' : String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
  }

  /** Takes the next character. */
  next(): string {
    const char = this.peek;
    this.#at += char.length;
    return char;
  }

  /** Takes what a sticky expression matches here; null when it does not. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at += found[0].length;
    return found;
  }
}
