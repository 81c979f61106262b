/** Looks at what is handed to the log: nothing that opens a door may be among it (HO13). */
import { withoutComments } from '#tests/architecture/imports.ts';
import { isTestFile, type ProjectFile } from '#tests/support/project-files.ts';

const logCall = /\blog(?:ger)?\.(?:trace|debug|info|warn|error|fatal)\(/g;
const plainText = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;
const secretName = /\b\w*(password|secret|token|cookie|authorization|passphrase|jwt)\w*\b/i;

/** Log calls of the server that name a secret, as `path: word`; words inside plain messages do not count. */
export function loggedSecrets(files: readonly ProjectFile[]): string[] {
  return files
    .filter((file) => /^(server|shared)\/.*\.ts$/.test(file.path) && !isTestFile(file.path))
    .flatMap((file) =>
      logArguments(withoutComments(file.text)).flatMap((args) => {
        const word = secretName.exec(args.replace(plainText, ''))?.[0];
        return word === undefined ? [] : [`${file.path}: ${word}`];
      }),
    );
}

/** What stands between the brackets of each log call. */
function logArguments(source: string): string[] {
  return Array.from(source.matchAll(logCall), (match) => {
    const start = match.index + match[0].length;
    let depth = 1;
    let end = start;
    while (end < source.length && depth > 0) {
      if (source[end] === '(') depth += 1;
      if (source[end] === ')') depth -= 1;
      end += 1;
    }
    return source.slice(start, end - 1);
  });
}
