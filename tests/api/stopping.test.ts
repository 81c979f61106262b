/** A hub that stops while work runs and people are connected. */
import mongoose from 'mongoose';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { livePath } from '#shared/base/live.ts';
import { liveParser } from '#shared/base/live-parser.ts';
import { getMe, inviteColleague, listColleagueInvitations, signIn } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { startApp, type TestApp } from '#tests/support/app.ts';
import { passwordOf } from '#tests/support/hub-client.ts';
import { until } from '#tests/support/until.ts';

let app: TestApp;
let admin: SignedIn;
beforeAll(async () => {
  app = await startApp();
  admin = await app.company('Acme Pumps', 'Anna Berg');
});
afterAll(() => app?.remove());

test('[BA21] a running call finishes and is kept, a new one is refused, connections are closed', async () => {
  const socket = io(app.url, {
    path: livePath,
    parser: liveParser,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token: admin.accessToken },
  });
  await until('the socket', () => socket.connected);
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<boolean>();
  app.hub.mail.sendLink = () => {
    begun.resolve();
    return gate.promise;
  };
  const running = app.ask(inviteColleague, { email: 'b@acme.example', role: 'member' }, admin);
  await begun.promise;
  const restarted = app.restart();
  const late = await app.ask(getMe, {}, admin).catch(() => 'no connection');
  expect(late === 'no connection' || (typeof late === 'object' && late.status === 503)).toBe(true);
  gate.resolve(false);
  expect((await running).status).toBe(200);
  await restarted;
  expect(socket.connected).toBe(false);

  const { email } = admin.me.member;
  const again = await app.call(signIn, { email, password: passwordOf(email) });
  expect(await app.call(listColleagueInvitations, {}, again)).toHaveLength(1);
});

test('[BA20] a hub without its database lives, is not ready, and lets nobody in', async () => {
  const probe = async (path: string) => (await app.fetch(path)).status;
  expect([await probe('/healthz'), await probe('/readyz')]).toEqual([200, 200]);
  await mongoose.disconnect();
  expect([await probe('/healthz'), await probe('/readyz')]).toEqual([200, 503]);
  const { email } = admin.me.member;
  const answer = await app.ask(signIn, { email, password: passwordOf(email) });
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
  await app.restart();
  expect(await probe('/readyz')).toBe(200);
});
