/** What keeps calls out, shown with made-up calls: origin, pace, a hub that stops. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { liveLoadPath } from '#shared/base/live.ts';
import { codeOf, ran, type SmallApp, send, startSmall } from '#tests/support/small-app.ts';

let app: SmallApp;
beforeAll(async () => {
  app = await startSmall();
});
afterAll(() => app?.server.close());

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
      expect(await codeOf(app, 'echo', { headers: { origin }, body: '{' })).toBe('403 origin.refused');
      expect(await codeOf(app, 'echo', { headers: { origin }, body: '{"text":"a"}' })).toBe(
        '403 origin.refused',
      );
    }
    for (const relation of ['cross-site', 'same-site', 'none']) {
      const headers = { 'sec-fetch-site': relation };
      expect(await codeOf(app, 'echo', { headers, body: '{"text":"a"}' })).toBe('403 origin.refused');
    }
    expect(ran).toEqual([]);
  });

  test('[BA15] a write of the hub’s own origins, and of a program that is no browser, is taken', async () => {
    for (const origin of app.env.allowedOrigins) {
      expect((await send(app, 'echo', { headers: { origin }, body: '{"text":"a"}' })).status).toBe(200);
    }
    expect((await send(app, 'echo', { body: '{"text":"a"}' })).status).toBe(200);
    expect(
      (await send(app, 'echo', { headers: { 'sec-fetch-site': 'same-origin' }, body: '{"text":"a"}' }))
        .status,
    ).toBe(200);
  });
});

describe('pace', () => {
  const guess = (email: string, right: boolean, to: SmallApp, headers = {}) =>
    codeOf(to, 'guess', { headers, body: JSON.stringify({ email, right }) });

  test('[BA13] ten refused tries per account, the right one after them included', async () => {
    for (let at = 0; at < 10; at += 1)
      expect(await guess('a@x.example', false, app)).toBe('401 people.signInRefused');
    expect(await guess('a@x.example', true, app)).toBe('429 rate.limited');
    const { headers, body } = await send(app, 'guess', { body: '{"email":"a@x.example","right":true}' });
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
    for (let at = 0; at < 7; at += 1) codes.push(await codeOf(small, 'list', { method: 'GET' }));
    expect(codes.slice(5)).toEqual(['429 rate.limited', '429 rate.limited']);
    small.server.close();
  });

  test('[BA14] loads of live documents count among the calls of an address', async () => {
    const small = await startSmall({ LIMIT_CALLS_PER_IP: '3' });
    const load = async () => (await fetch(`${small.url}${liveLoadPath('test/x')}`)).status;
    expect([await load(), await load()]).toEqual([200, 200]);
    expect(await codeOf(small, 'list', { method: 'GET' })).toBe('200 undefined');
    expect(await load()).toBe(429);
    small.server.close();
  });
});

describe('stopping', () => {
  test('[BA21] a stopping hub refuses calls by name, and is not ready', async () => {
    const small = await startSmall();
    expect((await fetch(`${small.url}/readyz`)).status).toBe(200);
    small.stop.ing = true;
    expect(await codeOf(small, 'echo', { body: '{"text":"a"}' })).toBe('503 server.stopping');
    expect((await fetch(`${small.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${small.url}/healthz`)).status).toBe(200);
    small.server.close();
  });
});
