/** What the hub takes from a request: the origin it accepts, the JSON body, the input of a call, the token. */
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { type Call, pathParts } from '#shared/base/call.ts';
import { fail } from '#shared/base/errors.ts';
import { bodyBytes } from '#shared/base/units.ts';

/** Methods that change nothing and so need no origin. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses writes that a page of another site began. Every browser names the origin or the relation of sites
 * with a write; a client that sends neither is no browser and has no cookie of a user to misuse.
 */
export function checkOrigin(allowed: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    if (!safeMethods.has(request.method) && !isFromHere(request, allowed)) fail('origin.refused');
    next();
  };
}

function isFromHere(request: Request, allowed: readonly string[]): boolean {
  const origin = request.get('origin');
  if (origin !== undefined) return allowed.includes(origin);
  const relation = request.get('sec-fetch-site');
  return relation === undefined || relation === 'same-origin';
}

const parseJson = express.json({
  limit: bodyBytes,
  type: 'application/json',
  inflate: false,
  strict: true,
});

/** Deepest nesting of a body; no call needs more than a few levels. */
const maxDepth = 12;

/** Reads a JSON body of at most `bodyBytes`; any other kind of body is refused, none is an empty object. */
export function readJsonBody(request: Request, response: Response, next: NextFunction): void {
  const hasBody =
    request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
  if (hasBody && !request.is('application/json')) fail('input.invalid', { body: 'application/json only' });
  parseJson(request, response, next);
}

/**
 * The raw input of a call: its path parts, and the query of a GET or the body of anything else. A name that
 * stands in the path may not come a second time, so that no two ids can contradict each other.
 */
export function readInput(call: Call, request: Request): Record<string, unknown> {
  const isGet = call.method === 'GET';
  if (!isGet && Object.keys(request.query).length > 0)
    fail('input.invalid', { query: 'not used by this call' });
  const rest: unknown = isGet ? request.query : (request.body ?? {});
  if (typeof rest !== 'object' || rest === null || Array.isArray(rest))
    fail('input.invalid', { body: 'object only' });
  refuseTraps(rest, maxDepth);
  for (const part of pathParts(call.path)) {
    if (Object.hasOwn(rest, part)) fail('input.invalid', { [part]: 'given twice' });
  }
  return { ...rest, ...request.params };
}

/** Refuses what could harm code behind the shapes: `__proto__` as a key, and nesting that recursion would follow. */
function refuseTraps(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0 || Object.hasOwn(value, '__proto__')) fail('input.invalid');
  for (const inner of Object.values(value)) refuseTraps(inner, depth - 1);
}

/** The access token of the Authorization header; null when there is none of that form. */
export function readBearer(request: Request): string | null {
  return /^Bearer ([A-Za-z0-9._-]{1,2000})$/.exec(request.get('authorization') ?? '')?.[1] ?? null;
}
