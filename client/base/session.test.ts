/** Signing out in a browser whose hub may not be there; each page load is a fresh module. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sendCall } from '#client/base/hub-request.ts';
import { AppError } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import type { SignedIn } from '#shared/people/shape.ts';

vi.mock('#client/base/hub-request.ts', () => ({ sendCall: vi.fn() }));

const ada: SignedIn = {
  accessToken: 'token',
  expiresAt: new Date(Date.now() + 600_000).toISOString(),
  me: {
    company: { id: createId(), name: 'Aegean Marine' },
    member: {
      id: createId(),
      name: 'Ada',
      email: 'ada@aegean.example',
      role: 'admin',
      joinedAt: new Date().toISOString(),
      active: true,
    },
  },
};

/** The browser: a cookie that opens Ada's session, and what it remembers. */
let browser: { hasCookie: boolean; isOnline: boolean; memory: Map<string, string>; asked: string[] };

beforeEach(() => {
  vi.useFakeTimers();
  browser = { hasCookie: true, isOnline: true, memory: new Map(), asked: [] };
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => browser.memory.get(key) ?? null,
    setItem: (key: string, value: string) => browser.memory.set(key, value),
    removeItem: (key: string) => browser.memory.delete(key),
  });
  vi.stubGlobal('navigator', {});
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      addEventListener = vi.fn();
      postMessage = vi.fn();
    },
  );
  vi.mocked(sendCall).mockImplementation(async ({ path }) => {
    browser.asked.push(path);
    if (!browser.isOnline) throw new AppError('hub.unreachable');
    if (path.endsWith('sign-out')) browser.hasCookie = false;
    return browser.hasCookie ? ada : null;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function loadPage() {
  vi.resetModules();
  browser.asked = [];
  const page = await import('#client/base/session.ts');
  page.startSession();
  await vi.advanceTimersByTimeAsync(0);
  return page;
}

describe('signing out', () => {
  test('[CL15] the hub is told, and the next page load finds nobody signed in', async () => {
    const page = await loadPage();
    expect(page.readSession().kind).toBe('in');
    await page.leaveSession();
    expect(page.readSession().kind).toBe('out');
    expect(browser.memory.size).toBe(0);
    expect((await loadPage()).readSession().kind).toBe('out');
  });

  test('[CL15] a hub that was not reached is told first at the next page load, which signs nobody in', async () => {
    const page = await loadPage();
    const [refresh] = browser.asked;
    const forgotten = vi.fn();
    page.onLeaving(forgotten);
    browser.isOnline = false;
    await page.leaveSession();
    expect(forgotten).toHaveBeenCalledTimes(1);
    expect(page.readSession().kind).toBe('leaving');
    expect(await page.getAccessToken()).toBeNull();
    expect(await page.renewAccessToken('token')).toBeNull();
    vi.clearAllTimers();

    browser.isOnline = true;
    const next = await loadPage();
    expect(browser.asked).toEqual([expect.stringContaining('sign-out'), refresh]);
    expect(next.readSession().kind).toBe('out');
    expect(browser.hasCookie).toBe(false);
  });

  test('[CL15] while the hub stays away that is said, and the hub is told once it is back', async () => {
    const page = await loadPage();
    browser.isOnline = false;
    await page.leaveSession();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(page.readSession().kind).toBe('leaving');
    browser.isOnline = true;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(page.readSession().kind).toBe('out');
    expect(browser.hasCookie).toBe(false);
    expect(browser.memory.size).toBe(0);
  });

  test('[CL15] signing in anew ends the debt: the new session is never signed out by it', async () => {
    const page = await loadPage();
    browser.isOnline = false;
    await page.leaveSession();
    browser.isOnline = true;
    browser.asked = [];
    page.enterSession(ada);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(page.readSession().kind).toBe('in');
    expect(browser.asked.filter((path) => path.includes('sign-out'))).toEqual([]);
  });

  test('[CL15] a browser that keeps nothing remembers it as long as the page lives', async () => {
    vi.stubGlobal('localStorage', undefined);
    const page = await loadPage();
    browser.isOnline = false;
    await page.leaveSession();
    expect(page.readSession().kind).toBe('leaving');
    browser.isOnline = true;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(page.readSession().kind).toBe('out');
  });
});
