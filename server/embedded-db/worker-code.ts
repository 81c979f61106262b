// The engine's modules as plain JavaScript for the worker thread, their types stripped by this thread.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { keepSources, keptSources, type Sources } from './code-cache.ts';

/** Runs first in the worker: serves the given modules to the loader, then imports the entry.
 *  A worker that strips types by itself has a WebAssembly instance of its own, and V8 now and then
 *  aborts the whole process when a thread with one ends. */
export const BOOTSTRAP = `
const { registerHooks } = require('node:module');
const { sources, entry } = require('node:worker_threads').workerData;
registerHooks({
  resolve: (specifier, context, next) => {
    const url = specifier.startsWith('.') ? new URL(specifier, context.parentURL).href : specifier;
    return sources[url] === undefined ? next(specifier, context) : { url, format: 'module', shortCircuit: true };
  },
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

/** Tells apart all that decides what stripping gives: the sources, where they are, and Node's version. */
function keyOf(modules: Sources): string {
  const hash = createHash('sha256').update(process.version);
  for (const [url, text] of Object.entries(modules)) hash.update(`\0${url}\0${text}`);
  return hash.digest('hex');
}

function stripped(modules: Sources): Sources {
  return Object.fromEntries(Object.entries(modules).map(([url, text]) => [url, stripQuietly(text)]));
}

/** All modules of the engine; stripped once a process, or taken from an earlier start in the same directory. */
export function engineSources(dataDir: string): Sources {
  if (known) return known;
  const root = dirname(fileURLToPath(import.meta.url));
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(isEngineFile);
  const files = names.map((name) => join(root, name));
  const modules = Object.fromEntries(
    files.map((file) => [pathToFileURL(file).href, readFileSync(file, 'utf8')]),
  );
  const key = keyOf(modules);
  known = keptSources(dataDir, key);
  if (!known) {
    known = stripped(modules);
    keepSources(dataDir, key, known);
  }
  return known;
}
