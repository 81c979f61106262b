/** What happens to the tab, told to the live session: network, visibility, idleness, closing. */
import type { Cancel, LiveClock } from '#client/base/live/clock.ts';
import type { LiveSession } from '#client/base/live/live-session.ts';

/** Without input for this long a person is shown as idle. */
const idleAfterMs = 180_000;

/** Listens until stopped. @returns how to stop */
export function followTab(session: LiveSession, clock: LiveClock): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  addEventListener('online', () => session.wake(), { signal });
  addEventListener('offline', () => session.networkLost(), { signal });
  addEventListener('pagehide', () => session.hide(), { signal });
  addEventListener('pageshow', ({ persisted }) => (persisted ? session.show() : undefined), { signal });
  document.addEventListener(
    'visibilitychange',
    () => (document.visibilityState === 'visible' ? session.wake() : session.flush()),
    { signal },
  );
  // The browser asks in its own words; it asks only when something typed is not stored by the hub.
  addEventListener('beforeunload', (event) => (session.waiting > 0 ? event.preventDefault() : undefined), {
    signal,
  });
  const stopIdleness = followInput(session, clock, signal);
  return () => {
    abort.abort();
    stopIdleness();
  };
}

function followInput(session: LiveSession, clock: LiveClock, signal: AbortSignal): () => void {
  let lastInputMs = clock.now();
  let timer: Cancel = () => undefined;
  const look = () => {
    const restMs = lastInputMs + idleAfterMs - clock.now();
    session.setIdle(restMs <= 0);
    timer = clock.after(restMs > 0 ? restMs : idleAfterMs, look);
  };
  const input = () => {
    const wasIdle = clock.now() - lastInputMs >= idleAfterMs;
    lastInputMs = clock.now();
    if (!wasIdle) return;
    timer();
    look();
  };
  for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
    addEventListener(name, input, { signal, passive: true, capture: true });
  }
  look();
  return () => timer();
}
