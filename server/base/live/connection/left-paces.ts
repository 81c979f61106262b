/** Paces of those who have gone, kept until they are full again: coming back gives nobody a new one. */
import type { Pace } from '#server/base/live/connection/pace.ts';

/** What somebody may still send. */
export interface Paces {
  readonly messages: Pace;
  readonly bytes: Pace;
}

/** Most that are kept; the oldest go first, and are the nearest to full. */
const maxKept = 20_000;

/** By member or company. Rule LV35. */
export class LeftPaces {
  #kept = new Map<string, Paces>();

  /** Keeps what somebody leaves behind. */
  keep(id: string, { messages, bytes }: Paces, nowMs: number): void {
    this.#kept.set(id, { messages, bytes });
    for (const [oldest, paces] of this.#kept) {
      if (this.#kept.size <= maxKept && !isFull(paces, nowMs)) return;
      this.#kept.delete(oldest);
    }
  }

  /** Gives back what was kept of somebody, and forgets it; undefined for a stranger. */
  take(id: string): Paces | undefined {
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    return kept;
  }
}

function isFull({ messages, bytes }: Paces, nowMs: number): boolean {
  return messages.has(messages.limit.burst, nowMs) && bytes.has(bytes.limit.burst, nowMs);
}
