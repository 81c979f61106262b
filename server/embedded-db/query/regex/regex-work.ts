// How much a backtracking matcher may have to do for an expression, estimated while it is translated.

/** The worst case of a part of an expression. */
export interface Work {
  /** The work grows at most with this power of the text's length. */
  readonly degree: number;
  /** How many parts may match in more than one way: each may double the work. */
  readonly choices: number;
  /** True when the work may double with each further character. */
  readonly isExponential: boolean;
  /** What a match may begin with; null when that is not known. */
  readonly first: string | null;
}

/** More independent choices than this are as bad as a loop of them. */
const MAX_CHOICES = 12;

/** A single character or a position. */
export function single(first: string | null): Work {
  return { degree: 0, choices: 0, isExponential: false, first };
}

/** A part that may cost as much as the text is long, like a back reference. */
export const LONG: Work = { degree: 1, choices: 0, isExponential: false, first: null };

/** Parts one after another. */
export function sequence(parts: readonly Work[]): Work {
  const choices = parts.reduce((sum, each) => sum + each.choices, 0);
  return {
    degree: parts.reduce((sum, each) => sum + each.degree, 0),
    choices,
    isExponential: choices > MAX_CHOICES || parts.some((each) => each.isExponential),
    first: parts[0]?.first ?? null,
  };
}

/** Parts of which one matches. Those that begin with different characters leave no choice. */
export function alternatives(parts: readonly Work[]): Work {
  if (parts.length === 1) return parts[0] as Work;
  const firsts = new Set(parts.map((each) => each.first));
  const isClear = !firsts.has(null) && firsts.size === parts.length;
  return {
    degree: Math.max(...parts.map((each) => each.degree)),
    choices: Math.max(...parts.map((each) => each.choices)) + (isClear ? 0 : 1),
    isExponential: parts.some((each) => each.isExponential),
    first: null,
  };
}

/** A part repeated between two numbers of times. */
export function repeated(part: Work, least: number, most: number): Work {
  const first = least > 0 ? part.first : null;
  if (most <= 1) return { ...part, first, choices: part.choices + (least < most ? 1 : 0) };
  const hasChoices = part.degree > 0 || part.choices > 0;
  const isVariable = least !== most;
  return {
    degree: part.degree + (isVariable ? 1 : 0),
    choices: part.choices,
    isExponential: part.isExponential || hasChoices,
    first,
  };
}
