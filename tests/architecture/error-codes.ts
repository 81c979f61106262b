/** Finds error codes that nothing uses: the catalogue holds only refusals that exist (HO12). */
import { withoutComments } from '#tests/architecture/imports.ts';
import { isTestFile, type ProjectFile, sourcesOf } from '#tests/support/project-files.ts';

const catalogue = 'shared/base/errors.ts';

/** Codes that stand in no source as `'room.code'` outside the catalogue, tests and lists of words. */
export function unusedCodes(files: readonly ProjectFile[], codes: readonly string[]): string[] {
  const sources = sourcesOf(files)
    .filter((file) => !isTestFile(file.path) && file.path !== catalogue && !file.path.includes('words'))
    .map((file) => withoutComments(file.text))
    .join('\n');
  return codes.filter((code) => !sources.includes(`'${code}'`));
}
