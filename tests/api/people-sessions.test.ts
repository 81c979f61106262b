/** Sessions through the real app: access tokens, the refresh cookie, ending. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SessionModel } from '#server/people/model.ts';
import { refreshGraceMs, sessionAbsoluteMs, sessionIdleMs } from '#server/people/sessions.ts';
import { accessTokenMs } from '#server/people/tokens.ts';
import { createId } from '#shared/base/ids.ts';
import { dayMs, secondMs } from '#shared/base/units.ts';
import { endSession, getMe, listSessions } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { startApp, type TestApp } from '#tests/support/app.ts';
import { forgedTokens, genuineToken } from '#tests/support/forged-tokens.ts';
import { emailOf, passwordOf } from '#tests/support/hub-client.ts';

let app: TestApp;
let anna: SignedIn;
beforeAll(async () => {
  app = await startApp();
  anna = await app.company('Acme Pumps', 'Anna Berg');
});
afterAll(() => app?.remove());

/** A sign-in as a browser has it: the answer and the cookie. */
interface Tab {
  signedIn: SignedIn;
  cookie: string;
}

async function openTab(name = 'Anna Berg'): Promise<Tab> {
  const email = emailOf(name);
  const answer = await post('/api/people/sign-in', { email, password: passwordOf(email) });
  return { signedIn: (await answer.json()) as SignedIn, cookie: cookieOf(answer) };
}

function post(path: string, body: unknown, cookie?: string): Promise<Response> {
  return app.fetch(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(cookie === undefined ? {} : { cookie }) },
  });
}

const refresh = (cookie?: string) => post('/api/people/refresh', {}, cookie);

function cookieOf(answer: Response): string {
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

function sessionIdOf(tab: Tab): string {
  return tab.cookie.split('=')[1]?.split('.')[0] ?? '';
}

function withToken(token: string): Promise<Response> {
  return app.fetch('/api/people/me', { headers: { authorization: `Bearer ${token}` } });
}

describe('access tokens', () => {
  test('[PE7] a token holds for ten minutes and not a second more', async () => {
    const tab = await openTab();
    app.pass(accessTokenMs - secondMs);
    expect((await app.ask(getMe, {}, tab.signedIn)).status).toBe(200);
    app.pass(secondMs);
    expect(await app.ask(getMe, {}, tab.signedIn)).toEqual({
      status: 401,
      body: { code: 'session.expired' },
    });
  });

  test('[PE7] forged, altered and misused tokens are refused', async () => {
    const tab = await openTab();
    const { env } = app.hub;
    const { signedIn } = tab;
    const from = {
      secret: env.secret,
      publicUrl: env.publicUrl,
      memberId: signedIn.me.member.id,
      sessionId: sessionIdOf(tab),
      accessToken: signedIn.accessToken,
      now: app.hub.now(),
    };
    expect((await withToken(await genuineToken(from))).status).toBe(200);
    const forged = { ...(await forgedTokens(from)), 'the refresh token': tab.cookie.split('=')[1] ?? '' };
    expect(Object.keys(forged).length).toBeGreaterThan(30);
    for (const [name, token] of Object.entries(forged)) {
      const answer = await withToken(token);
      expect({ name, status: answer.status, body: await answer.json() }).toEqual({
        name,
        status: 401,
        body: { code: 'session.expired' },
      });
    }
    expect((await withToken(signedIn.accessToken)).status).toBe(200);
  });

  test('[PE8] a token of an ended session is refused at once', async () => {
    const tab = await openTab();
    expect((await app.ask(getMe, {}, tab.signedIn)).status).toBe(200);
    await post('/api/people/sign-out', {}, tab.cookie);
    expect((await app.ask(getMe, {}, tab.signedIn)).body).toEqual({ code: 'session.expired' });
  });

  test('[PE8] a session taken out of the database is refused within a second, signal or not', async () => {
    const tab = await openTab();
    expect((await app.ask(getMe, {}, tab.signedIn)).status).toBe(200);
    await SessionModel.collection.deleteOne({ _id: sessionIdOf(tab) as never });
    app.pass(secondMs);
    expect((await app.ask(getMe, {}, tab.signedIn)).body).toEqual({ code: 'session.expired' });
  });
});

describe('the refresh cookie', () => {
  test('[PE9] has every attribute, and the body has no refresh token', async () => {
    const email = emailOf('Anna Berg');
    const answer = await post('/api/people/sign-in', { email, password: passwordOf(email) });
    const [value = '', ...attributes] = (answer.headers.get('set-cookie') ?? '').split('; ');
    expect(value).toMatch(/^__Host-tandem=[0-9a-z]{20}\.0\.[A-Za-z0-9_-]{43}$/);
    expect(attributes.filter((one) => !one.startsWith('Expires=')).sort()).toEqual([
      'HttpOnly',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
    expect(await answer.text()).not.toContain(value.split('.')[2]);
  });

  test('[PE9] nothing stored can be used as a token', async () => {
    const tab = await openTab();
    const stored = JSON.stringify(await SessionModel.findById(sessionIdOf(tab)).lean());
    const seal = tab.cookie.split('.')[2] ?? '';
    expect(seal).toHaveLength(43);
    expect(stored).not.toContain(seal);
  });

  test('[PE10] every use gives a new token and a new access token', async () => {
    const tab = await openTab();
    const seen = new Set([tab.cookie]);
    let cookie = tab.cookie;
    for (let at = 0; at < 5; at += 1) {
      app.pass(secondMs);
      const answer = await refresh(cookie);
      const { accessToken, me } = (await answer.json()) as SignedIn;
      expect(me).toEqual(anna.me);
      expect((await withToken(accessToken)).status).toBe(200);
      cookie = cookieOf(answer);
      seen.add(cookie);
    }
    expect(seen.size).toBe(6);
  });

  test('[PE10] twenty uses at once give one line of tokens', async () => {
    const tab = await openTab();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(tab.cookie)));
    const cookies = new Set(answers.map(cookieOf));
    expect(cookies.size).toBe(1);
    expect(cookies).not.toContain(tab.cookie);
    expect((await SessionModel.findById(sessionIdOf(tab)).lean())?.generation).toBe(1);
    const [next = ''] = cookies;
    expect(await (await refresh(next)).json()).not.toBeNull();
  });

  test('[PE10] a use that read the session before others moved it on cannot move it back', async () => {
    const tab = await openTab();
    const early = await SessionModel.findById(sessionIdOf(tab)).lean();
    const third = cookieOf(await refresh(cookieOf(await refresh(tab.cookie))));
    const findById = vi.spyOn(SessionModel, 'findById');
    findById.mockReturnValueOnce({ lean: () => Promise.resolve(early) } as never);
    const late = await (await refresh(tab.cookie)).json();
    expect(findById).toHaveBeenCalledTimes(2);
    findById.mockRestore();
    expect(late).toBeNull();
    expect(await (await refresh(third)).json()).toBeNull();
  });

  test('[PE11] the token before the newest gets the newest again for half a minute, also after a restart', async () => {
    const tab = await openTab();
    const next = cookieOf(await refresh(tab.cookie));
    app.pass(refreshGraceMs);
    expect(cookieOf(await refresh(tab.cookie))).toBe(next);
    await app.restart();
    expect(cookieOf(await refresh(tab.cookie))).toBe(next);
    expect(await (await refresh(next)).json()).not.toBeNull();
  });

  test('[PE11] later its use ends the session, the newest token included', async () => {
    const tab = await openTab();
    const stolen = await refresh(tab.cookie);
    const thief = (await stolen.json()) as SignedIn;
    app.pass(refreshGraceMs + 1);
    const reused = await refresh(tab.cookie);
    expect(await reused.json()).toBeNull();
    expect(reused.headers.get('set-cookie')).toMatch(/^__Host-tandem=; Max-Age=0/);
    expect(await (await refresh(cookieOf(stolen))).json()).toBeNull();
    expect((await app.ask(getMe, {}, thief)).body).toEqual({ code: 'session.expired' });
  });

  test('[PE11] a token two steps old ends the session at once', async () => {
    const tab = await openTab();
    const second = cookieOf(await refresh(tab.cookie));
    const third = cookieOf(await refresh(second));
    expect(await (await refresh(tab.cookie)).json()).toBeNull();
    expect(await (await refresh(third)).json()).toBeNull();
  });

  test('[PE12] tokens of another form or seal change nothing', async () => {
    const tab = await openTab();
    const id = sessionIdOf(tab);
    const seal = tab.cookie.split('.')[2] ?? '';
    const wrong = [
      `${id}.0.${randomBytes(32).toString('base64url')}`,
      `${id}.1.${seal}`,
      `${id}.999999999.${seal}`,
      `${createId()}.0.${seal}`,
      `${id}.0.`,
      `${id}.-1.${seal}`,
      `${id}.0.${seal}${seal}`,
      '',
      'null',
      'x'.repeat(4_000),
    ];
    for (const value of wrong) expect(await (await refresh(`__Host-tandem=${value}`)).json()).toBeNull();
    expect(await (await refresh()).json()).toBeNull();
    const answer = await refresh(tab.cookie);
    expect(((await answer.json()) as SignedIn).me).toEqual(anna.me);
  });
});

describe('the end of a session', () => {
  test('[PE13] thirty days unused end it', async () => {
    const tab = await openTab();
    app.pass(sessionIdleMs - 1);
    const next = cookieOf(await refresh(tab.cookie));
    expect(next).not.toBe('');
    app.pass(sessionIdleMs);
    expect(await (await refresh(next)).json()).toBeNull();
  });

  test('[PE13] ninety days end it, however much it is used', async () => {
    const tab = await openTab();
    let { cookie } = tab;
    const step = sessionIdleMs - dayMs;
    let passed = 0;
    while (passed + step < sessionAbsoluteMs) {
      app.pass(step);
      passed += step;
      const answer = await refresh(cookie);
      expect(await answer.json()).not.toBeNull();
      cookie = cookieOf(answer);
    }
    app.pass(sessionAbsoluteMs - passed);
    expect(await (await refresh(cookie)).json()).toBeNull();
  });

  test('[PE14] signing out ends the session and clears the cookie', async () => {
    const tab = await openTab();
    const out = await post('/api/people/sign-out', {}, tab.cookie);
    expect(out.status).toBe(200);
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-tandem=; Max-Age=0; .*Secure/);
    expect(await (await refresh(tab.cookie)).json()).toBeNull();
  });

  test('[PE14] signing out without a session, or with a wrong cookie, succeeds and ends nobody', async () => {
    const tab = await openTab();
    const wrong = `__Host-tandem=${sessionIdOf(tab)}.0.${randomBytes(32).toString('base64url')}`;
    expect((await post('/api/people/sign-out', {})).status).toBe(200);
    expect((await post('/api/people/sign-out', {}, wrong)).status).toBe(200);
    expect((await app.ask(getMe, {}, tab.signedIn)).status).toBe(200);
  });

  test('[PE15] one sees one’s own sessions and ends one of them', async () => {
    await app.company('Session Works', 'Sina Session');
    const here = await openTab('Sina Session');
    const there = await openTab('Sina Session');
    const listed = await app.call(listSessions, {}, here.signedIn);
    expect(listed).toHaveLength(3);
    expect(listed.find((one) => one.current)?.id).toBe(sessionIdOf(here));
    await app.call(endSession, { sessionId: sessionIdOf(there) }, here.signedIn);
    expect((await app.ask(getMe, {}, there.signedIn)).body).toEqual({ code: 'session.expired' });
    expect(await app.call(listSessions, {}, here.signedIn)).toHaveLength(2);
  });

  test('[PE15] another’s session is absent, and stays', async () => {
    const stranger = await app.company('Stranger Works', 'Stan Stranger');
    const tab = await openTab('Sina Session');
    const foreign = await app.ask(endSession, { sessionId: sessionIdOf(tab) }, stranger);
    expect(foreign).toEqual(await app.ask(endSession, { sessionId: createId() }, stranger));
    expect(foreign).toEqual({ status: 404, body: { code: 'thing.absent' } });
    expect((await app.ask(getMe, {}, tab.signedIn)).status).toBe(200);
  });

  test('[PE10] sign-in makes a new session, never takes one over', async () => {
    const first = await openTab();
    const email = emailOf('Anna Berg');
    const answer = await post('/api/people/sign-in', { email, password: passwordOf(email) }, first.cookie);
    expect(cookieOf(answer).split('.')[0]).not.toBe(first.cookie.split('.')[0]);
  });
});
