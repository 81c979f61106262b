/** Compares the calls of `shared` with the routes of the server: neither may stand alone (HO15). */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Call } from '#shared/base/call.ts';
import { type ProjectFile, projectRoot } from '#tests/support/project-files.ts';

/** Names that stand on one side only, or twice on the server; all empty for a whole table. */
export interface RouteGaps {
  withoutRoute: string[];
  withoutCall: string[];
  twice: string[];
}

/** Compares by name, and by the very object: a route must serve the call the client uses, not a copy. */
export function routeGaps(calls: readonly Call[], served: readonly Call[]): RouteGaps {
  const names = served.map((call) => call.name);
  return {
    withoutRoute: calls.filter((call) => !served.includes(call)).map((call) => call.name),
    withoutCall: served.filter((call) => !calls.includes(call)).map((call) => call.name),
    twice: names.filter((name, at) => names.indexOf(name) !== at),
  };
}

/** Every call that some shared/<room>/calls.ts exports. */
export async function allCalls(files: readonly ProjectFile[]): Promise<Call[]> {
  const paths = files.map((file) => file.path).filter((path) => /^shared\/[a-z-]+\/calls\.ts$/.test(path));
  const modules = await Promise.all(paths.map((path) => import(pathToFileURL(join(projectRoot, path)).href)));
  return modules.flatMap((module: Record<string, unknown>) => Object.values(module)).filter(isCall);
}

function isCall(value: unknown): value is Call {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value;
}
