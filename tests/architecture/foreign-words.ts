/** Keeps what belongs to one machine out of the project: its paths, and where packages were downloaded (HO14). */
import type { ProjectFile } from '#tests/support/project-files.ts';

/** Top folders of a developer's own machine, in pieces so that this file does not hold what it looks for. */
const machineFolders = ['wo' + 'rk', 'ro' + 'ot', 'ho' + 'me', 'Us' + 'ers', 'tm' + 'p'];
const machinePath = new RegExp(`(?:^|[\\s'"\`(=:])(/(?:${machineFolders.join('|')})/[\\w.-]+)`, 'm');
const downloadAddress = /"resolved":\s*"https?:/;

/** Files that hold an absolute path of one machine or a download address, as `path: what`. */
export function foreignWords(files: readonly ProjectFile[]): string[] {
  return files.flatMap((file) => {
    const path = machinePath.exec(file.text)?.[1];
    const found = path === undefined ? [] : [`${file.path}: ${path}`];
    const locked = file.path === 'package-lock.json' && downloadAddress.test(file.text);
    return locked ? [...found, `${file.path}: a download address`] : found;
  });
}
