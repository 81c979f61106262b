// The engine's modules as plain JavaScript for the worker thread, their types stripped by this thread.
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Module text by URL. */
export type Sources = Readonly<Record<string, string>>;

/** Runs first in the worker: serves the given modules to the loader, then imports the entry.
 *  A worker that strips types by itself has a WebAssembly instance of its own, and V8 now and then
 *  aborts the whole process when a thread with one ends. */
export const BOOTSTRAP = `
const { registerHooks } = require('node:module');
const { sources, entry } = require('node:worker_threads').workerData;
registerHooks({
  load: (url, context, next) =>
    sources[url] === undefined ? next(url, context) : { format: 'module', source: sources[url], shortCircuit: true },
});
import(entry);
`;

let known: Sources | null = null;

/** Stripping announces itself as experimental at its first use; nobody who starts a hub can act on that. */
function stripQuietly(code: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(code);
  } finally {
    process.emitWarning = emitWarning;
  }
}

function isEngineFile(name: string): boolean {
  const isCode = name.endsWith('.ts') && !name.endsWith('.test.ts');
  return isCode && !['bench', 'test-support'].includes(name.split(sep, 1)[0] ?? '');
}

/** All modules of the engine; read and stripped once a process. */
export function engineSources(): Sources {
  if (known) return known;
  const root = dirname(fileURLToPath(import.meta.url));
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(isEngineFile);
  known = Object.fromEntries(
    names.map((name) => {
      const file = join(root, name);
      return [pathToFileURL(file).href, stripQuietly(readFileSync(file, 'utf8'))];
    }),
  );
  return known;
}
