/** Finds what a TypeScript source imports, and where in the project that is. */
import { posix } from 'node:path';
import type { ProjectFile } from '#tests/support/project-files.ts';

/** One import: `target` is a path of the project, or a package name as written (`node:fs`, `zod`). */
export interface FoundImport {
  specifier: string;
  target: string;
  local: boolean;
}

const commentOrText =
  /(\/\*[\s\S]*?\*\/|\/\/[^\n]*)|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)/g;
const staticImport = /^[ \t]*(?:import|export)\s+(?:type\s+)?(?:[\w$*{][^'";]*?\bfrom\s*)?['"]([^'"]+)['"]/gm;
const dynamicImport = /\bimport\(\s*['"]([^'"]+)['"]/g;

/** The source without its comments; texts in quotes stay as they are. */
export function withoutComments(text: string): string {
  return text.replace(commentOrText, (whole, comment: string | undefined) => (comment ? '' : whole));
}

/** Every import and re-export of a file, type-only ones too, in the order written; [] for a file without any. */
export function importsOf(file: ProjectFile): FoundImport[] {
  const source = withoutComments(file.text);
  const specifiers = [...source.matchAll(staticImport), ...source.matchAll(dynamicImport)];
  return specifiers.map((match) => resolveImport(file.path, match[1] ?? ''));
}

/** Resolves `#room/x.ts` and `./x.ts` to a path of the project; everything else is a package. */
function resolveImport(from: string, specifier: string): FoundImport {
  if (specifier.startsWith('#')) return { specifier, target: specifier.slice(1), local: true };
  if (specifier.startsWith('.')) {
    return { specifier, target: posix.join(posix.dirname(from), specifier), local: true };
  }
  return { specifier, target: specifier, local: false };
}
