/** What every call goes through, shown with made-up calls: input, actor, pace, output, errors, headers. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createApp } from '#server/app.ts';
import { type Environment, readEnvironment, withPort } from '#server/base/env.ts';
import { type Route, route } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import { createSignals } from '#server/base/signals.ts';
import { type Call, defineCall } from '#shared/base/call.ts';
import { fail } from '#shared/base/errors.ts';
import { bodyBytes } from '#shared/base/units.ts';

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

const actor = {
  sessionId: 's',
  memberId: 'm',
  name: 'Anna',
  companyId: 'c',
  companyName: 'C',
  role: 'admin',
} as const;
const ran: string[] = [];
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

interface SmallApp {
  url: string;
  env: Environment;
  logged: string[];
  server: Server;
  stop: { ing: boolean };
}

async function startSmall(settings: Record<string, string> = {}): Promise<SmallApp> {
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
    now: () => new Date(Date.UTC(2026, 0, 5)),
  };
  const app = createApp({
    hub,
    routes,
    authenticate: async (token) => (token === 'right' ? actor : null),
    loadHandler: async (_request, response) => void response.end(),
    isReady: async () => true,
    isStopping: () => stop.ing,
    clientFolder: null,
  });
  server.on('request', app);
  return { url: `http://127.0.0.1:${env.port}`, env, logged, server, stop };
}

let app: SmallApp;
beforeAll(async () => {
  app = await startSmall();
});
afterAll(() => app?.server.close());

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  to?: SmallApp;
}

async function send(path: string, sent: Sent = {}) {
  const { method = 'POST', headers = {}, body, to = app } = sent;
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(`${to.url}/api/test/${path}`, {
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

async function codeOf(path: string, sent: Sent = {}): Promise<string> {
  const { status, body } = await send(path, sent);
  return `${status} ${body.code}`;
}

describe('input', () => {
  test('[BA5] what does not fit is refused by field and fault, without its value', async () => {
    const { status, body } = await send('echo', { body: JSON.stringify({ text: 42_4242, more: [] }) });
    expect(status).toBe(400);
    expect(body).toEqual({ code: 'input.invalid', details: { text: 'invalid_type', more: 'invalid_type' } });
  });

  test.each([
    '{"text":"a","extra":1}',
    '{}',
    '{"text":null}',
    '{"text":{"$ne":""}}',
    '{"text":["a"]}',
    'null',
    '7',
    '"text"',
    '[]',
    '[{"text":"a"}]',
    '{',
    '',
    '{"text":"a"}}',
  ])('[BA5, BA7] the body %s is refused', async (body) => {
    ran.length = 0;
    expect(await codeOf('echo', { body })).toBe('400 input.invalid');
    expect(ran).toEqual([]);
  });

  test.each([
    '{"text":"a","__proto__":{"role":"admin"}}',
    '{"text":"a","more":{"__proto__":{}}}',
    '{"text":"a","more":{"deep":[{"__proto__":1}]}}',
    '{"text":"a","more":{"\\u005f_proto__":1}}',
    `{"text":"a","more":{"deep":${'['.repeat(20)}${']'.repeat(20)}}}`,
    `{"text":"a","more":${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}}`,
  ])('[BA6] traps in a body are refused: %.60s', async (body) => {
    expect(await codeOf('echo', { body })).toBe('400 input.invalid');
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });

  test('[BA6] names such as constructor are plain names', async () => {
    const input = { text: 'a', more: { constructor: 1, prototype: { a: 1 }, toString: 'x', $where: '1' } };
    expect((await send('echo', { body: JSON.stringify(input) })).body).toEqual(input);
  });

  test('[BA7] a body above the limit is refused, one at the limit is not', async () => {
    const bodyOf = (bytes: number) => `{"text":"${'a'.repeat(bytes - 11)}"}`;
    expect(bodyOf(bodyBytes)).toHaveLength(bodyBytes);
    expect((await send('echo', { body: bodyOf(bodyBytes) })).status).toBe(200);
    expect(await codeOf('echo', { body: bodyOf(bodyBytes + 1) })).toBe('413 input.tooLarge');
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json-patch+json',
    'application/octet-stream',
    '',
  ])('[BA7] a body sent as "%s" is refused', async (type) => {
    const sent = { headers: { 'content-type': type }, body: '{"text":"a"}' };
    expect(await codeOf('echo', sent)).toBe('400 input.invalid');
  });

  test('[BA7] a compressed body is refused, so that no small one becomes a large one', async () => {
    const sent = { headers: { 'content-encoding': 'gzip' }, body: '{"text":"a"}' };
    expect(await codeOf('echo', sent)).toBe('400 input.invalid');
  });

  test('[BA8] a name of the path may not come again, and only a GET has a query', async () => {
    expect((await send('thing/one', { method: 'PATCH', body: '{"name":"a"}' })).body).toEqual({
      id: 'one',
      name: 'a',
    });
    expect(await codeOf('thing/one', { method: 'PATCH', body: '{"id":"two"}' })).toBe('400 input.invalid');
    expect(await codeOf('thing/one?id=two', { method: 'PATCH', body: '{}' })).toBe('400 input.invalid');
    expect(await codeOf('echo?token=x', { body: '{"text":"a"}' })).toBe('400 input.invalid');
    expect((await send('list?word=a', { method: 'GET' })).body).toEqual({ word: 'a' });
    for (const query of ['word=a&word=b', 'word[$ne]=a', 'other=1', '__proto__=1']) {
      expect(await codeOf(`list?${query}`, { method: 'GET' })).toBe('400 input.invalid');
    }
  });

  test('[BA5] a path that cannot be decoded is refused', async () => {
    expect(await codeOf('thing/%E0%A4%A', { method: 'PATCH', body: '{}' })).toBe('400 input.invalid');
  });
});

describe('who calls', () => {
  test('[BA9] without a token, and with one that does not hold, nobody gets as far as their input', async () => {
    expect(await codeOf('mine', { body: '{"wrong":1}' })).toBe('401 session.missing');
    const wrong = { authorization: 'Bearer wrong' };
    expect(await codeOf('mine', { headers: wrong, body: '{"wrong":1}' })).toBe('401 session.expired');
    for (const authorization of [
      'Basic cmlnaHQ=',
      'Bearer',
      'Bearer right right',
      'right',
      `Bearer ${'a'.repeat(3_000)}`,
    ]) {
      expect(await codeOf('mine', { headers: { authorization }, body: '{}' })).toBe('401 session.missing');
    }
    const right = { authorization: 'Bearer right' };
    expect((await send('mine', { headers: right, body: '{"text":"a"}' })).body).toBe('Anna');
    expect(await codeOf('mine?access_token=right', { body: '{"text":"a"}' })).toBe('401 session.missing');
  });

  test('[BA9] an open call has no actor to read', async () => {
    expect(await codeOf('whoever', { headers: { authorization: 'Bearer right' } })).toBe(
      '401 session.missing',
    );
  });
});

describe('answers', () => {
  test('[BA10] what the output shape does not name never leaves', async () => {
    const { status, body } = await send('leak');
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'internal' });
    expect(JSON.stringify(body)).not.toContain('hash');
  });

  test.each(['crash', 'throwText', 'inner'])(
    '[BA11] an unforeseen error (%s) says nothing but a log id',
    async (path) => {
      app.logged.length = 0;
      const { status, body, headers } = await send(path);
      expect(status).toBe(500);
      expect(Object.keys(body).sort()).toEqual(['code', 'logId']);
      expect(body).toEqual({ code: 'internal', logId: headers.get('x-request-id') });
      const line = app.logged.find((one) => one.includes(body.logId)) ?? '';
      expect(JSON.parse(line)).toMatchObject({ level: 50, call: `test.${path}` });
    },
  );

  test('[BA11] a refusal is the code of the catalogue with its status', async () => {
    expect((await send('refuse')).body).toEqual({ code: 'partners.wrongState' });
    expect(await codeOf('refuse')).toBe('409 partners.wrongState');
  });

  test('[BA12] unknown paths and methods are absent', async () => {
    expect(await codeOf('nothing')).toBe('404 thing.absent');
    expect(await codeOf('echo', { method: 'DELETE' })).toBe('404 thing.absent');
    expect(await codeOf('echo', { method: 'GET' })).toBe('404 thing.absent');
    expect(await codeOf('../../etc/passwd', { method: 'GET' })).toBe('404 thing.absent');
    expect((await fetch(`${app.url}/.git/config`)).status).toBe(404);
  });

  test('[BA16] every answer has its headers, and none of the API is kept', async () => {
    const answers = await Promise.all(
      ['echo', 'crash', 'refuse', 'nothing', 'mine'].map((path) => send(path, { body: '{}' })),
    );
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/default-src 'self'.*script-src 'self';.*frame-ancestors 'none'/);
      expect(policy.split(';').find((part) => part.startsWith('script-src '))).toBe("script-src 'self'");
      expect(policy).not.toContain('unsafe-eval');
    }
  });
});

describe('origins', () => {
  test('[BA15] a write of another origin is refused before anything else', async () => {
    ran.length = 0;
    for (const origin of [
      'https://evil.example',
      'null',
      `${app.url}.evil.example`,
      'http://localhost',
      app.url.replace('http', 'https'),
      '',
    ]) {
      expect(await codeOf('echo', { headers: { origin }, body: '{' })).toBe('403 origin.refused');
      expect(await codeOf('echo', { headers: { origin }, body: '{"text":"a"}' })).toBe('403 origin.refused');
    }
    for (const relation of ['cross-site', 'same-site', 'none']) {
      const headers = { 'sec-fetch-site': relation };
      expect(await codeOf('echo', { headers, body: '{"text":"a"}' })).toBe('403 origin.refused');
    }
    expect(ran).toEqual([]);
  });

  test('[BA15] a write of the hub’s own origins, and of a program that is no browser, is taken', async () => {
    for (const origin of app.env.allowedOrigins) {
      expect((await send('echo', { headers: { origin }, body: '{"text":"a"}' })).status).toBe(200);
    }
    expect((await send('echo', { body: '{"text":"a"}' })).status).toBe(200);
    expect(
      (await send('echo', { headers: { 'sec-fetch-site': 'same-origin' }, body: '{"text":"a"}' })).status,
    ).toBe(200);
  });
});

describe('pace', () => {
  const guess = (email: string, right: boolean, to: SmallApp, headers = {}) =>
    codeOf('guess', { to, headers, body: JSON.stringify({ email, right }) });

  test('[BA13] ten refused tries per account, the right one after them included', async () => {
    for (let at = 0; at < 10; at += 1)
      expect(await guess('a@x.example', false, app)).toBe('401 people.signInRefused');
    expect(await guess('a@x.example', true, app)).toBe('429 rate.limited');
    const { headers, body } = await send('guess', { body: '{"email":"a@x.example","right":true}' });
    expect(headers.get('retry-after')).toBe('900');
    expect(body.details).toEqual({ retryAfterS: 900 });
    for (let at = 0; at < 30; at += 1) expect(await guess('b@x.example', true, app)).toBe('200 undefined');
  });

  test('[BA14] a hundred strict calls per address; forwarding headers gain nothing unless a proxy is set', async () => {
    const small = await startSmall();
    const codes = new Set<string>();
    for (let at = 0; at < 105; at += 1) {
      codes.add(
        `${at < 100} ${await guess(`p${at}@x.example`, true, small, { 'x-forwarded-for': `10.0.0.${at}` })}`,
      );
    }
    expect([...codes]).toEqual(['true 200 undefined', 'false 429 rate.limited']);
    small.server.close();
  });

  test('[BA14] behind one proxy the address it names counts, and only the one it names', async () => {
    const small = await startSmall({ TRUST_PROXY_HOPS: '1', LIMIT_STRICT_PER_IP: '2' });
    const from = (chain: string) => guess('x@x.example', true, small, { 'x-forwarded-for': chain });
    const codes = [
      await from('1.1.1.1, 2.2.2.2'),
      await from('3.3.3.3, 2.2.2.2'),
      await from('4.4.4.4, 2.2.2.2'),
      await from('2.2.2.2, 5.5.5.5'),
    ];
    expect(codes).toEqual(['200 undefined', '200 undefined', '429 rate.limited', '200 undefined']);
    small.server.close();
  });

  test('[BA14] calls of any kind have a limit as well', async () => {
    const small = await startSmall({ LIMIT_CALLS_PER_IP: '5' });
    const codes: string[] = [];
    for (let at = 0; at < 7; at += 1) codes.push(await codeOf('list', { to: small, method: 'GET' }));
    expect(codes.slice(5)).toEqual(['429 rate.limited', '429 rate.limited']);
    small.server.close();
  });
});

describe('stopping', () => {
  test('[BA21] a stopping hub refuses calls by name, and is not ready', async () => {
    const small = await startSmall();
    expect((await fetch(`${small.url}/readyz`)).status).toBe(200);
    small.stop.ing = true;
    expect(await codeOf('echo', { to: small, body: '{"text":"a"}' })).toBe('503 server.stopping');
    expect((await fetch(`${small.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${small.url}/healthz`)).status).toBe(200);
    small.server.close();
  });
});
