/** The app with made-up calls and no database, to look at what every call goes through. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { z } from 'zod';
import { createApp } from '#server/app.ts';
import { type Environment, readEnvironment, withPort } from '#server/base/env.ts';
import { type Route, route } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import { createSignals } from '#server/base/signals.ts';
import { type Call, defineCall } from '#shared/base/call.ts';
import { fail } from '#shared/base/errors.ts';

const nothing = z.strictObject({});
const nested = z.strictObject({ text: z.string(), more: z.record(z.string(), z.unknown()).optional() });

function call<Input extends z.ZodType, Output extends z.ZodType>(
  name: string,
  from: Partial<Call> & { input: Input; output: Output },
): Call<Input, Output> {
  return defineCall({
    name: `test.${name}`,
    method: 'POST',
    path: `/api/test/${name}`,
    access: 'anyone',
    ...from,
  });
}

/** Whom the token `right` stands for. */
const actor = {
  sessionId: 's',
  memberId: 'm',
  name: 'Anna',
  companyId: 'c',
  companyName: 'C',
  role: 'admin',
} as const;
/** Names of the calls whose handler ran. */
export const ran: string[] = [];
/** Made-up calls, one for each way a handler can behave. */
const routes: Route[] = [
  route(call('echo', { input: nested, output: nested }), async (input) => {
    ran.push('echo');
    return input;
  }),
  route(
    call('thing', {
      path: '/api/test/thing/:id',
      method: 'PATCH',
      input: z.strictObject({ id: z.string(), name: z.string().optional() }),
      output: z.unknown(),
    }),
    async (input) => input,
  ),
  route(
    call('list', {
      method: 'GET',
      path: '/api/test/list',
      input: z.strictObject({ word: z.string().optional() }),
      output: z.unknown(),
    }),
    async (input) => input,
  ),
  route(
    call('mine', { access: 'member', input: z.strictObject({ text: z.string() }), output: z.string() }),
    async (_input, context) => context.actor.name,
  ),
  route(
    call('whoever', { input: nothing, output: z.string() }),
    async (_input, context) => context.actor.name,
  ),
  route(call('leak', { input: nothing, output: z.strictObject({ name: z.string() }) }), async () => {
    const record = { name: 'Anna', passwordHash: 'the hash' };
    return record;
  }),
  route(call('crash', { input: nothing, output: nothing }), async () => {
    throw new TypeError('db.example.com:27017 refused user hub with password hunter2');
  }),
  route(call('throwText', { input: nothing, output: nothing }), () => Promise.reject('a bare text')),
  route(call('inner', { input: nothing, output: nothing }), async () => {
    z.string().parse(7);
    return {};
  }),
  route(call('refuse', { input: nothing, output: nothing }), () => fail('partners.wrongState')),
  route(
    call('guess', {
      pace: 'strict',
      input: z.strictObject({ email: z.string(), right: z.boolean() }),
      output: nothing,
    }),
    async ({ right }) => (right ? {} : fail('people.signInRefused')),
  ),
];

/** The app on a port of its own, without a database; close `server` at the end. */
export interface SmallApp {
  url: string;
  env: Environment;
  logged: string[];
  server: Server;
  stop: { ing: boolean };
}

/** Starts it with settings by the names of README; nothing is written to disk. */
export async function startSmall(settings: Record<string, string> = {}): Promise<SmallApp> {
  const result = readEnvironment({ SECRET: 's'.repeat(40), PORT: '0', ...settings });
  if ('problems' in result) throw new Error(result.problems.join());
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const env = withPort(result.environment, (server.address() as AddressInfo).port);
  const logged: string[] = [];
  const stop = { ing: false };
  const hub: Hub = {
    env,
    log: pino({ level: 'debug' }, { write: (line) => logged.push(line) }),
    signals: createSignals(),
    outbox: { put: () => Promise.resolve() },
    mail: { sendLink: () => Promise.resolve(true), close: () => undefined },
    live: null,
    now: () => new Date(Date.UTC(2026, 0, 5)),
  };
  const app = createApp({
    hub,
    routes,
    authenticate: async (token) => (token === 'right' ? actor : null),
    loadHandler: async (_request, response) => void response.end(),
    isReady: async () => true,
    isStopping: () => stop.ing,
    client: null,
  });
  server.on('request', app);
  return { url: `http://127.0.0.1:${env.port}`, env, logged, server, stop };
}

/** A request to a made-up call. */
export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends it below `/api/test/`; the body is any text and goes as JSON unless the headers say otherwise. */
export async function send(app: SmallApp, path: string, sent: Sent = {}) {
  const { method = 'POST', headers = {}, body } = sent;
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(`${app.url}/api/test/${path}`, {
    method,
    headers: { ...json, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: answer.status,
    body: JSON.parse((await answer.text()) || 'null'),
    headers: answer.headers,
  };
}

/** Status and code of the answer, for instance `400 input.invalid`; `200 undefined` when it is no refusal. */
export async function codeOf(app: SmallApp, path: string, sent: Sent = {}): Promise<string> {
  const { status, body } = await send(app, path, sent);
  return `${status} ${body.code}`;
}
