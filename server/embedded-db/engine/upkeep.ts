// What is done from time to time: idle sessions and cursors, expired documents, old records, leftovers.
import type { Engine } from '../commands/context.ts';
import { removeExpired } from './expiry.ts';
import { sweepReplies } from './retry-log.ts';
import { SESSION_TIMEOUT_MS } from './sessions.ts';
import { mayPass } from './store-failure.ts';

/** How often idle things are looked for. */
const SWEEP_MS = 5_000;
/** How often documents of TTL indexes are looked for. */
const EXPIRY_MS = 30_000;

function sweepFile({ storage, writer }: Engine): Promise<void> {
  return writer.work(function* (target, pace) {
    while (sweepReplies(storage, Date.now() - SESSION_TIMEOUT_MS)) if (pace.isOver) yield null;
    yield* removeExpired({ storage, target, pace, now: Date.now() });
  });
}

/** Starts the upkeep of an engine.
 *  @param onFailure - told once when it can never go on; a full disk only puts it off
 *  @returns ends it */
export function startUpkeep(engine: Engine, onFailure: (error: Error) => void): () => void {
  const sweep = setInterval(() => {
    engine.sessions.sweep(Date.now());
    engine.cursors.sweep(Date.now());
  }, SWEEP_MS);
  let isBusy = false;
  let isOver = false;
  const expiry = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    void engine.leftovers.remove();
    sweepFile(engine)
      .catch((error: Error) => {
        // What is due stays due: the next round finds it again.
        if (isOver || mayPass(error) || engine.storage.watch.broken) return;
        clearInterval(expiry);
        onFailure(error);
      })
      .finally(() => {
        isBusy = false;
      });
  }, EXPIRY_MS);
  void engine.leftovers.remove();
  return () => {
    isOver = true;
    clearInterval(sweep);
    clearInterval(expiry);
  };
}
