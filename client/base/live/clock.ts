/** Time as the live client sees it: injected, so that tests move it by hand. */

/** Cancels what was scheduled; calling it twice is harmless. */
export type Cancel = () => void;

/** The present moment, delays, and "before the next picture of the screen". */
export interface LiveClock {
  /** Milliseconds since 1970. */
  now(): number;
  after(delayMs: number, work: () => void): Cancel;
  /** Runs once, about one frame of the screen from now, also while the tab is hidden. */
  nextFrame(work: () => void): Cancel;
  /** Runs when nothing else is urgent; for compaction, never for anything a person waits for. */
  whenIdle(work: () => void): Cancel;
  /** 0 ≤ x < 1, with 32 random bits; spreads reconnections and draws client ids. */
  random(): number;
}

/** A frame that never comes (hidden tab, stalled compositor) is replaced by this timer. */
const frameFallbackMs = 50;

function after(delayMs: number, work: () => void): Cancel {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
}

function nextFrame(work: () => void): Cancel {
  if (document.visibilityState === 'hidden') return after(frameFallbackMs, work);
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    work();
  };
  // Both are armed: a tab hidden between now and the frame gets no frame at all.
  const frame = requestAnimationFrame(once);
  const cancelTimer = after(frameFallbackMs, once);
  return () => {
    done = true;
    cancelAnimationFrame(frame);
    cancelTimer();
  };
}

function whenIdle(work: () => void): Cancel {
  if (typeof requestIdleCallback !== 'function') return after(2000, work);
  const handle = requestIdleCallback(work, { timeout: 10_000 });
  return () => cancelIdleCallback(handle);
}

/** Client ids must not meet: the browser's best source, not its quickest. */
function random(): number {
  const [bits = 0] = crypto.getRandomValues(new Uint32Array(1));
  return bits / 2 ** 32;
}

/** The browser's own clock. */
export function createBrowserClock(): LiveClock {
  return { now: () => Date.now(), after, nextFrame, whenIdle, random };
}
