/** Notices inside one process that rights have changed; the live gateway cuts or judges again at once. */

/** What changed. A relationship signal concerns everyone who takes part in it. */
export type RightsSignal =
  | { kind: 'sessionEnded'; sessionId: string }
  | { kind: 'memberChanged'; memberId: string }
  | { kind: 'relationshipChanged'; relationshipId: string }
  /** More than anybody has kept count of: whatever is known about rights may be wrong. */
  | { kind: 'everythingChanged' };

/** Receives a signal; must not throw. */
export type SignalListener = (signal: RightsSignal) => void;

/** A tiny typed emitter: no names as strings, no replay. */
export interface Signals {
  send(signal: RightsSignal): void;
  /** @returns a function that stops listening */
  listen(listener: SignalListener): () => void;
}

/** Makes the one emitter of a running hub. `changeRights` sends after its transaction has committed. */
export function createSignals(): Signals {
  const listeners = new Set<SignalListener>();
  return {
    send(signal) {
      for (const listener of listeners) listener(signal);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
