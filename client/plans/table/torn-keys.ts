/** Keys typed on by somebody whose editor was just taken away: they belong to no command and no other cell. */

/** Silence ends with the first pause as long as this: nobody reads what happened while still typing. */
const pauseMs = 1_200;

/** Silence after a torn edit. */
export interface TornKeys {
  /** An editor was torn away. @param now - monotonic milliseconds, as of `event.timeStamp` */
  begin(now: number): void;
  /** True for a key to be swallowed; each one swallowed prolongs the silence. */
  swallows(now: number): boolean;
  /** The person acts on purpose, by the mouse. */
  end(): void;
}

export function createTornKeys(): TornKeys {
  let last = Number.NEGATIVE_INFINITY;
  return {
    begin(now) {
      last = now;
    },
    swallows(now) {
      if (now - last > pauseMs) return false;
      last = now;
      return true;
    },
    end() {
      last = Number.NEGATIVE_INFINITY;
    },
  };
}
