/** Tells a room that its document changed, at most once a second, the last change always. */
import type { Logger } from 'pino';
import type { LiveKind, Stored } from '#server/base/live/kind.ts';

const pauseMs = 1_000;

/** The outside world of a notice. */
export interface NoticeWorld {
  log: Logger;
  now: () => Date;
  schedule: (delayMs: number, work: () => void) => () => void;
}

/** The notices of one document. */
export class StoredNotice {
  #kind: LiveKind | null;
  #key: readonly string[];
  #world: NoticeWorld;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #latest: Stored | null = null;

  constructor(found: { kind: LiveKind; key: readonly string[] } | null, world: NoticeWorld) {
    this.#kind = found?.kind ?? null;
    this.#key = found?.key ?? [];
    this.#world = world;
  }

  /** Tells now, or when a second has passed since the last time. */
  tell(stored: Stored): void {
    if (this.#kind?.stored === undefined) return;
    const isScheduled = this.#latest !== null;
    this.#latest = stored;
    if (isScheduled) return;
    // Never negative, or a clock set back would keep the notice waiting.
    const passedMs = Math.max(0, this.#world.now().getTime() - this.#toldAtMs);
    if (passedMs >= pauseMs) this.#send();
    else this.#world.schedule(pauseMs - passedMs, () => this.#send());
  }

  #send(): void {
    const stored = this.#latest;
    this.#latest = null;
    if (stored === null || this.#kind?.stored === undefined) return;
    this.#toldAtMs = this.#world.now().getTime();
    this.#kind.stored(this.#key, stored).catch((error: unknown) => {
      this.#world.log.error({ err: error, kind: this.#kind?.kind }, 'kind could not take a stored notice');
    });
  }
}
