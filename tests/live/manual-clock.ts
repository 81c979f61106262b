/** A live clock moved by hand: nothing happens until a test says so. */
import type { Cancel, LiveClock } from '#client/base/live/clock.ts';

interface Timer {
  atMs: number;
  work: () => void;
}

/** Frames and idle moments are timers too: 16 ms and 1 s from now. */
export class ManualClock implements LiveClock {
  private nowMs = 1_000_000;
  private timers: Timer[] = [];
  private readonly draw: () => number;

  /** @param random - 0 ≤ x < 1 at each call */
  constructor(random: () => number = Math.random) {
    this.draw = random;
  }

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, work: () => void): Cancel {
    const timer = { atMs: this.nowMs + delayMs, work };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  nextFrame(work: () => void): Cancel {
    return this.after(16, work);
  }

  whenIdle(work: () => void): Cancel {
    return this.after(1_000, work);
  }

  random(): number {
    return this.draw();
  }

  /** Runs everything due within `ms`, in the order of time, what that starts included. */
  advance(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const due = this.timers.filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.nowMs = Math.max(this.nowMs, due.atMs);
      due.work();
    }
    this.nowMs = endMs;
  }

  /** Timers not run yet; 0 when nothing is under way. */
  get pending(): number {
    return this.timers.length;
  }
}

/** Lets everything that waits only for promises happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
