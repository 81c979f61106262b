/** Reads the project's own files as text, for the checks that look at sources instead of running them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the project; `path` is relative to the root, with `/` on every system. */
export interface ProjectFile {
  path: string;
  text: string;
}

/** The folder that holds package.json, without a slash at the end. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const notText = /\.(png|jpe?g|webp|ico|woff2?|gz|bin|pdf|log)$/;

/** Folders that .gitignore names (`name/` lines), which hold nothing of the project's own. */
function ignoredFolders(): Set<string> {
  const lines = readFileSync(join(projectRoot, '.gitignore'), 'utf8').split('\n');
  return new Set(['.git', ...lines.filter((line) => line.endsWith('/')).map((line) => line.slice(0, -1))]);
}

/** Every text file of the project in order of its path, without what .gitignore leaves out. */
export function readProject(): ProjectFile[] {
  return pathsIn('', ignoredFolders())
    .filter((path) => !notText.test(path))
    .map((path) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Paths of all files in a folder and below it. */
function pathsIn(folder: string, ignored: ReadonlySet<string>): string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return pathsIn(path, ignored);
    return entry.isFile() ? [path] : [];
  });
}

/** Files written by people in TypeScript. */
export function sourcesOf(files: readonly ProjectFile[]): ProjectFile[] {
  return files.filter((file) => /^(shared|server|client|tests)\/.*\.tsx?$/.test(file.path));
}

/** True for files that only tests run. */
export function isTestFile(path: string): boolean {
  return path.startsWith('tests/') || /\.test\.tsx?$/.test(path);
}
