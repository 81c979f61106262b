/** HTTP: turns the typed calls of the rooms into routes; parse, actor, pace, run, parse the output, send. */
import type { Express, Request, Response } from 'express';
import type { z } from 'zod';
import type { Actor } from '#server/base/actor.ts';
import type { Hub } from '#server/base/hub.ts';
import type { Pace } from '#server/base/pace.ts';
import { dropRefreshCookie, keepRefreshCookie, readRefreshCookie } from '#server/base/refresh-cookie.ts';
import { readBearer, readInput } from '#server/base/request.ts';
import type { Call } from '#shared/base/call.ts';
import { fail } from '#shared/base/errors.ts';

/** What a handler may know of its request, and the only things it may do to the response. */
export interface CallContext {
  /** Who calls. Reading it in an `anyone` call without a session throws `session.missing`. */
  readonly actor: Actor;
  /** The browser and system as the client names itself, at most 200 characters; '' when it does not. */
  readonly device: string;
  /** The refresh cookie as sent, not checked; null when there is none. */
  readonly refreshToken: string | null;
  /** Sets the refresh cookie of the answer. */
  keepRefreshToken(token: string, until: Date): void;
  /** Clears the refresh cookie with the answer. */
  dropRefreshToken(): void;
}

/** A call whose input has been checked. */
export interface OpenedCall {
  /** The address a strict call is about, for the limit per account; null when the input names none. */
  account: string | null;
  /** Runs the handler and checks its output against the call's shape. */
  run(context: CallContext): Promise<unknown>;
}

/** One call with its handler; made by `route` only. */
export interface Route {
  call: Call;
  /** Checks the raw input. @throws input.invalid */
  open(raw: unknown): OpenedCall;
}

/** How a request finds its actor. @returns null for a token that is invalid, expired or of an ended session */
export type Authenticate = (accessToken: string) => Promise<Actor | null>;

/** Most fields named in one refusal. */
const maxFaults = 10;

/** What mounting needs beside the routes. */
export interface MountOptions {
  hub: Hub;
  pace: Pace;
  authenticate: Authenticate;
}

/** Joins a call with its handler. The handler's answer is parsed on the way out: what the shape does not name fails. */
export function route<Input extends z.ZodType, Output extends z.ZodType>(
  call: Call<Input, Output>,
  handler: (input: z.output<Input>, context: CallContext) => Promise<z.input<Output>>,
): Route {
  return {
    call,
    open(raw) {
      const parsed = call.input.safeParse(raw);
      if (!parsed.success) fail('input.invalid', faultsOf(parsed.error));
      const input = parsed.data;
      return {
        account: emailOf(input),
        async run(context) {
          return call.output.parse(await handler(input, context));
        },
      };
    },
  };
}

/** Puts every route on the app. @throws Error when two calls share a name or a method and path */
export function mount(app: Express, routes: readonly Route[], options: MountOptions): void {
  const taken = new Set<string>();
  for (const one of routes) {
    const { name, method, path } = one.call;
    for (const key of [name, `${method} ${path}`]) {
      if (taken.has(key)) throw new Error(`two routes for ${key}`);
      taken.add(key);
    }
    const verb = method.toLowerCase() as Lowercase<typeof method>;
    app[verb](path, (request: Request, response: Response) => answer(one, options, request, response));
  }
}

async function answer(one: Route, options: MountOptions, request: Request, response: Response) {
  const { call } = one;
  const ip = request.ip ?? '';
  const begun = performance.now();
  response.locals['call'] = call.name;
  options.pace.call(ip);
  if (call.pace === 'strict') options.pace.strictCall(ip);
  const actor = call.access === 'member' ? await findActor(options.authenticate, request) : null;
  const opened = one.open(readInput(call, request));
  const account = actor === null ? opened.account : actor.memberId;
  const giveBack = call.pace === 'strict' && account !== null ? options.pace.accountTry(account) : null;
  const output = await opened.run(contextOf(request, response, actor));
  giveBack?.();
  if (output instanceof Uint8Array) sendBytes(response, output);
  else response.status(200).json(output);
  const tookMs = Math.round(performance.now() - begun);
  const { requestId } = response.locals;
  options.hub.log.debug(
    { call: call.name, requestId, memberId: actor?.memberId, tookMs },
    'a call was answered',
  );
}

/** Bytes are given as they are, and never guessed at by a browser. */
function sendBytes(response: Response, bytes: Uint8Array): void {
  response.status(200).type('application/octet-stream');
  response.end(bytes);
}

async function findActor(authenticate: Authenticate, request: Request): Promise<Actor> {
  const token = readBearer(request);
  if (token === null) fail('session.missing');
  return (await authenticate(token)) ?? fail('session.expired');
}

function contextOf(request: Request, response: Response, actor: Actor | null): CallContext {
  return {
    get actor() {
      return actor ?? fail('session.missing');
    },
    device: (request.get('user-agent') ?? '').slice(0, 200),
    refreshToken: readRefreshCookie(request),
    keepRefreshToken: (token, until) => keepRefreshCookie(response, token, until),
    dropRefreshToken: () => dropRefreshCookie(response),
  };
}

/** Names of the fields and kinds of the faults; never the values. */
function faultsOf(error: z.ZodError): Record<string, string> {
  const named = error.issues
    .slice(0, maxFaults)
    .map((issue) => [issue.path.join('.') || 'input', issue.code]);
  return Object.fromEntries(named);
}

function emailOf(input: unknown): string | null {
  const named = typeof input === 'object' && input !== null && 'email' in input ? input.email : null;
  return typeof named === 'string' ? named : null;
}
