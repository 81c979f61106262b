/** A moment and timers that move only by hand, for whatever takes `now` and `schedule`. */

/** Time in a test. */
export interface HandTime {
  now: () => Date;
  schedule: (delayMs: number, work: () => void) => () => void;
  /** Moves on, running due work in order of its time. */
  advance: (ms: number) => void;
}

/** Starts at a fixed moment, so that nothing depends on today. */
export function createHandTime(start = Date.UTC(2026, 0, 5, 8)): HandTime {
  let nowMs = start;
  const timers = new Set<{ atMs: number; work: () => void }>();
  return {
    now: () => new Date(nowMs),
    schedule(delayMs, work) {
      const timer = { atMs: nowMs + delayMs, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const due = [...timers].filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (due === undefined) break;
        timers.delete(due);
        nowMs = Math.max(nowMs, due.atMs);
        due.work();
      }
      nowMs = endMs;
    },
  };
}
