/** The session of one tab, with a hub that answers when told to. */
import { describe, expect, test, vi } from 'vitest';
import { SessionStore } from '#client/base/session-store.ts';
import { AppError } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import type { SignedIn } from '#shared/people/shape.ts';

const start = Date.parse('2026-11-23T15:00:00.000Z');

function signedInAs(name: string, accessToken: string, lifeMs = 600_000): SignedIn {
  return {
    accessToken,
    expiresAt: new Date(start + lifeMs).toISOString(),
    me: {
      company: { id: createId(), name: 'Aegean Marine' },
      member: {
        id: createId(),
        name,
        email: `${name}@aegean.example`,
        role: 'admin',
        joinedAt: new Date(start).toISOString(),
        active: true,
      },
    },
  };
}

/** A store whose refreshes wait until `answer` is called, and whose clocks stand until moved. */
function makeStore({ wallMs = start } = {}) {
  const waiting: { resolve: (value: SignedIn | null) => void; reject: (error: unknown) => void }[] = [];
  const clock = { nowMs: 5_000 };
  const refresh = vi.fn(
    () => new Promise<SignedIn | null>((resolve, reject) => waiting.push({ resolve, reject })),
  );
  const store = new SessionStore({ refresh, nowMs: () => clock.nowMs, wallMs: () => wallMs });
  return { store, refresh, clock, next: () => waiting.shift() };
}

describe('session', () => {
  test('[CL6] several callers share one refresh and get the same token', async () => {
    const { store, refresh, next } = makeStore();
    const asked = [store.accessToken(), store.accessToken(), store.renew()];
    next()?.resolve(signedInAs('eleni', 'one'));
    expect(await Promise.all(asked)).toEqual(['one', 'one', 'one']);
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(store.read()).toMatchObject({ kind: 'in', me: { member: { name: 'eleni' } } });
  });

  test('[CL6] a token is used until a minute before its end, then renewed', async () => {
    const { store, refresh, clock, next } = makeStore();
    store.enter(signedInAs('eleni', 'one'));
    clock.nowMs += 539_000;
    expect(await store.accessToken()).toBe('one');
    clock.nowMs += 2_000;
    const asked = store.accessToken();
    next()?.resolve(signedInAs('eleni', 'two'));
    expect(await asked).toBe('two');
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  test('[CL6] a wall clock an hour ahead does not make every call refresh', async () => {
    const { store, refresh } = makeStore({ wallMs: start + 3_600_000 });
    store.enter(signedInAs('eleni', 'one'));
    expect(await store.accessToken()).toBe('one');
    expect(refresh).not.toHaveBeenCalled();
  });

  test('[CL6] the answer to a refresh asked before signing out is dropped', async () => {
    const { store, next } = makeStore();
    store.enter(signedInAs('eleni', 'one'));
    const asked = store.renew();
    store.leave();
    next()?.resolve(signedInAs('eleni', 'two'));
    expect(await asked).toBeNull();
    expect(store.read()).toEqual({ kind: 'out' });
    expect(await store.accessToken()).toBeNull();
  });

  test('[CL6] the answer for an earlier person does not replace a newer sign-in', async () => {
    const { store, next } = makeStore();
    const asked = store.renew();
    store.enter(signedInAs('piotr', 'new'));
    next()?.resolve(signedInAs('eleni', 'old'));
    expect(await asked).toBe('new');
    expect(store.read()).toMatchObject({ me: { member: { name: 'piotr' } } });
  });

  test('[CL7] a token already replaced by another caller is handed out instead of refreshing again', async () => {
    const { store, refresh } = makeStore();
    store.enter(signedInAs('eleni', 'two'));
    expect(await store.renew('one')).toBe('two');
    expect(refresh).not.toHaveBeenCalled();
  });

  test('[CL8] an unreachable hub is told, and the person stays signed in', async () => {
    const { store, next } = makeStore();
    store.enter(signedInAs('eleni', 'one'));
    const asked = store.renew();
    next()?.reject(new TypeError('network'));
    await expect(asked).rejects.toEqual(new AppError('hub.unreachable'));
    expect(store.read().kind).toBe('in');
  });

  test('[CL8] at the start an unreachable hub is neither in nor out, until it answers', async () => {
    const { store, next } = makeStore();
    const first = store.renew();
    next()?.reject(new AppError('server.stopping'));
    await expect(first).rejects.toEqual(new AppError('server.stopping'));
    expect(store.read()).toEqual({ kind: 'unreachable' });
    const second = store.renew();
    next()?.resolve(null);
    expect(await second).toBeNull();
    expect(store.read()).toEqual({ kind: 'out' });
  });

  test('[CL6] listeners hear changes of the person, not renewals of the token', async () => {
    const { store, next } = makeStore();
    const signedIn = signedInAs('eleni', 'one');
    store.enter(signedIn);
    const heard = vi.fn();
    store.subscribe(heard);
    const asked = store.renew();
    next()?.resolve({ ...signedIn, accessToken: 'two' });
    await asked;
    expect(heard).not.toHaveBeenCalled();
    store.updateMe({ ...signedIn.me, company: { ...signedIn.me.company, name: 'Aegean Marine Works' } });
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
