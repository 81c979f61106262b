/** The session of this tab: the store joined to the hub, to the other tabs, and to React. */
import { useSyncExternalStore } from 'react';
import { sendCall } from '#client/base/hub-request.ts';
import { OwedSignOut } from '#client/base/owed-sign-out.ts';
import { type SessionState, SessionStore } from '#client/base/session-store.ts';
import { refreshSession, signOut } from '#shared/people/calls.ts';
import type { Me, SignedIn } from '#shared/people/shape.ts';

const lockName = 'tandem-refresh';
const retryMs = 3_000;

/** One tab of the browser at a time. */
function alone<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  // Web locks exist only where the page is served securely; a plain-http address on a local network has none.
  return 'locks' in navigator ? navigator.locks.request(lockName, work) : work();
}

const store = new SessionStore({
  // Refresh tokens rotate, so two tabs must not spend the same one.
  refresh: () => alone(() => sendCall(refreshSession, {}, null)),
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
});

const owed = new OwedSignOut({
  memory: () => localStorage,
  send: async () => {
    await sendCall(signOut, {}, null);
  },
  alone,
});

/** Word between the tabs of one browser: someone signed in, or out. No token ever travels here. */
type TabWord = { kind: 'in'; memberId: string } | { kind: 'out' };
const tabs = new BroadcastChannel('tandem-session');
const leaving = new Set<() => Promise<void> | void>();
let renewal: ReturnType<typeof setTimeout> | undefined;

/**
 * Starts the session at page load: asks the hub who this is, and keeps asking while it cannot be reached. A sign-out
 * that the hub has not heard comes first.
 */
export function startSession(): void {
  tabs.addEventListener('message', ({ data }: MessageEvent<TabWord>) => hearTab(data));
  store.subscribe(planRenewal);
  if (owed.isOwed) {
    store.leave('leaving');
  }
  askUntilAnswered();
}

function askUntilAnswered(): void {
  askWhoThisIs().catch(() => {
    setTimeout(askUntilAnswered, retryMs);
  });
}

async function askWhoThisIs(): Promise<void> {
  await owed.settle();
  if (store.read().kind === 'leaving') {
    store.leave();
  }
  await store.renew();
}

function hearTab(word: TabWord): void {
  const state = store.read();
  if (word.kind === 'out') {
    void leaveDevice();
  } else if (state.kind !== 'in' || state.me.member.id !== word.memberId) {
    askUntilAnswered();
  }
}

/** Renews before expiry, so that live connections and clicks rarely wait for a refresh. */
function planRenewal(): void {
  clearTimeout(renewal);
  const rest = store.untilRenewalMs();
  if (rest !== null) {
    renewal = setTimeout(() => store.renew().then(planRenewal, () => undefined), rest);
  }
}

async function leaveDevice(): Promise<void> {
  const isOwed = owed.isOwed;
  store.leave(isOwed ? 'leaving' : 'out');
  for (const forget of leaving) {
    await forget();
  }
  if (isOwed) {
    askUntilAnswered();
  }
}

/** Takes a sign-in of this tab and tells the other tabs that someone is in. */
export function enterSession(signedIn: SignedIn): void {
  owed.forgive();
  store.enter(signedIn);
  tabs.postMessage({ kind: 'in', memberId: signedIn.me.member.id } satisfies TabWord);
}

/** Signs out everywhere in this browser. The device forgets at once; a hub that cannot be told now is told later. */
export async function leaveSession(): Promise<void> {
  owed.owe();
  await owed.settle().catch(() => undefined);
  tabs.postMessage({ kind: 'out' } satisfies TabWord);
  await leaveDevice();
}

/**
 * Registers what must be forgotten on this device when a person signs out; runs in order of registration. Not run when
 * a session merely ended: edits that were not sent yet must outlive it.
 */
export function onLeaving(forget: () => Promise<void> | void): void {
  leaving.add(forget);
}

/** Calls back when another person, or nobody, is signed in here, for whatever reason: signing out, or an ended session. */
export function onPersonChange(changed: (someoneIsIn: boolean) => void): void {
  let last: string | null = null;
  store.subscribe(() => {
    const state = store.read();
    const memberId = state.kind === 'in' ? state.me.member.id : null;
    if (memberId !== last) {
      last = memberId;
      changed(memberId !== null);
    }
  });
}

/** Replaces what is known of oneself after a change of one's own name or role. */
export function updateMe(me: Me): void {
  store.updateMe(me);
}

/** A token good for at least a minute. @returns null when signed out @throws hub.unreachable */
export function getAccessToken(): Promise<string | null> {
  return store.accessToken();
}

/** A new token after one was refused. @param stale - the refused one @returns null when signed out */
export function renewAccessToken(stale: string): Promise<string | null> {
  return store.renew(stale);
}

/** The state outside React. */
export function readSession(): SessionState {
  return store.read();
}

/** The session in React; renders again on every change. */
export function useSession(): SessionState {
  return useSyncExternalStore(store.subscribe, store.read);
}

/** The signed-in person. For pages behind the sign-in guard only. @throws Error when nobody is signed in */
export function useMe(): Me {
  const session = useSession();
  if (session.kind !== 'in') {
    throw new Error('useMe stands outside the signed-in part');
  }
  return session.me;
}
