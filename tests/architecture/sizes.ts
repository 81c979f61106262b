/** How long files are and what they are called (HO8, HO9). */
import { type ProjectFile, sourcesOf } from '#tests/support/project-files.ts';

/** Above this a file fails; from `askAt` on it is named in the printed line. Lines. */
export const maxLines = 400;
const askAt = 250;

const banned = /^(utils?|helpers?|common|misc|managers?|types?|index)$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Number of lines, the last one counted whether or not it ends with a line break. */
export function lineCount(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

/** The middle length of all files, 0 when there is none. */
export function medianLines(files: readonly ProjectFile[]): number {
  const counts = files.map((file) => lineCount(file.text)).sort((a, b) => a - b);
  return counts[Math.floor(counts.length / 2)] ?? 0;
}

/** Files over the limit, as `path: 412 lines`. */
export function tooLong(files: readonly ProjectFile[]): string[] {
  return longerThan(files, maxLines);
}

/** One line for the log: number of files, their median, and those that should be split. */
export function sizeReport(files: readonly ProjectFile[]): string {
  const sources = sourcesOf(files);
  const large = longerThan(sources, askAt);
  const split = large.length === 0 ? 'none' : large.join(', ');
  return `${sources.length} source files, median ${medianLines(sources)} lines; over ${askAt}: ${split}`;
}

function longerThan(files: readonly ProjectFile[], limit: number): string[] {
  return sourcesOf(files)
    .filter((file) => lineCount(file.text) > limit)
    .map((file) => `${file.path}: ${lineCount(file.text)} lines`);
}

/** Paths with a part that names no noun or is not in kebab case; `index.html` is the browser's name. */
export function badNames(paths: readonly string[]): string[] {
  return paths.filter((path) => {
    if (!/^(shared|server|client|tests)\//.test(path) || !/\.(tsx?|css|json)$/.test(path)) return false;
    const parts = path.split('/').map((part) => part.replace(/\..*$/, ''));
    return parts.some((part) => banned.test(part) || !kebab.test(part));
  });
}

/** Sources that do not open with a comment saying what they are for; the name of a test beside its file says it. */
export function withoutOpening(files: readonly ProjectFile[]): string[] {
  return sourcesOf(files)
    .filter((file) => !/^(\/\*\*?\s|\/\/ )/.test(file.text) && !/^(?!tests\/).*\.test\.tsx?$/.test(file.path))
    .map((file) => file.path);
}
