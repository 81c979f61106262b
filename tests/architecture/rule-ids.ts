/** Reads rule ids out of RULES.md files and test titles, so that no rule is untested and no title invents one (HO10). */
import { withoutComments } from '#tests/architecture/imports.ts';
import type { ProjectFile } from '#tests/support/project-files.ts';

const ruleLine = /^- ([A-Z]{2}\d+): \S/gm;
/** What stands in the brackets of `test.each(…)` may hold calls three deep. */
const title =
  /\b(?:test|it|describe)(?:\.\w+(?:\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\))?)*\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;
const quoted = /\[([A-Z]{2}\d+(?:, ?[A-Z]{2}\d+)*)\]/g;

/** Rule ids against titles, each list sorted; all empty for a sound project. */
export interface RuleReport {
  /** Ids in a RULES.md that no title quotes. */
  untested: string[];
  /** `path: id` of titles that quote an id no RULES.md has. */
  unknown: string[];
  /** Ids that two lines define. */
  twice: string[];
}

/** Ids a RULES.md defines, in order: lines of the form `- PL1: …`. */
export function definedRules(text: string): string[] {
  return Array.from(text.matchAll(ruleLine), (match) => match[1] ?? '');
}

/** Ids that the test titles of a source quote: `[PL1] …`, also `[PL1, PL2] …`; repeated ids once. */
export function quotedRules(source: string): string[] {
  const titles = Array.from(withoutComments(source).matchAll(title), (match) => match[2] ?? '').join('\n');
  const ids = Array.from(titles.matchAll(quoted), (match) => (match[1] ?? '').split(/, ?/)).flat();
  return [...new Set(ids)];
}

/** Compares every RULES.md with every test title of the project. */
export function ruleReport(files: readonly ProjectFile[]): RuleReport {
  const defined = files
    .filter((file) => file.path.endsWith('/RULES.md'))
    .flatMap((f) => definedRules(f.text));
  const known = new Set(defined);
  const used = new Set<string>();
  const unknown: string[] = [];
  for (const file of files.filter((each) => /\.test\.tsx?$/.test(each.path))) {
    for (const id of quotedRules(file.text)) {
      used.add(id);
      if (!known.has(id)) unknown.push(`${file.path}: ${id}`);
    }
  }
  return {
    untested: defined.filter((id) => !used.has(id)).sort(),
    unknown: unknown.sort(),
    twice: defined.filter((id, at) => defined.indexOf(id) !== at).sort(),
  };
}
