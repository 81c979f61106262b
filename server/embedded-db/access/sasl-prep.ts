// SASLprep: one form for names and passwords that look the same (RFC 4013).

/** Spaces other than the usual one (RFC 3454, C.1.2). */
const OTHER_SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
/** Characters commonly mapped to nothing (RFC 3454, B.1). */
const NOTHING =
  /[\u00ad\u1806\u200c\u2060\ufeff]|\u034f|\u200d|\u180b|\u180c|\u180d|\p{Variation_Selector}/gu;
/** Control, private, unassigned-for-ever, lone surrogate, tagging and other forbidden characters (C.2 to C.9). */
const FORBIDDEN =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u06dd\u070f\u180e\u200e\u200f\u2028-\u202e\u2061-\u2063\u206a-\u206f\u2ff0-\u2ffb\ufff9-\ufffd\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/u;

/** The prepared form of a name or password. The rules on mixed writing directions are left out: they would
 *  only refuse passwords that clients accept.
 *  @throws RangeError for a character that is forbidden */
export function saslPrep(text: string): string {
  const prepared = text.replace(OTHER_SPACES, ' ').replace(NOTHING, '').normalize('NFKC');
  if (FORBIDDEN.test(prepared)) throw new RangeError('a name or password holds a forbidden character');
  return prepared;
}
