// A running engine: storage, writer, sessions, cursors, and the sweep that keeps them small.
import type { Engine } from '../commands/context.ts';
import { Cursors } from './cursors.ts';
import { DirectTarget } from './direct-target.ts';
import { removeExpired } from './expiry.ts';
import { sweepReplies } from './retry-log.ts';
import { SESSION_TIMEOUT_MS, Sessions } from './sessions.ts';
import { Storage } from './storage.ts';
import { mayPass } from './store-failure.ts';
import { Writer } from './writer.ts';

/** How often idle things are looked for. */
const SWEEP_MS = 5_000;
/** How often documents of TTL indexes are looked for. */
const EXPIRY_MS = 30_000;

/** An engine and its end. */
export interface OpenEngine {
  readonly engine: Engine;
  close(): void;
}

/** Opens the database of a directory.
 *  @param onFailure - told once when the file can no longer be trusted or the background work can never go on;
 *    a full disk only puts it off
 *  @throws as `openDatabaseFile` */
export function openEngine(dataDir: string, onFailure: (error: Error) => void): OpenEngine {
  const storage = new Storage(dataDir, onFailure);
  const writer = new Writer(storage);
  const engine: Engine = {
    storage,
    writer,
    sessions: new Sessions(storage),
    cursors: new Cursors(),
    latest: new DirectTarget(storage),
    startedAt: performance.now(),
  };
  const sweep = setInterval(() => {
    engine.sessions.sweep(Date.now());
    engine.cursors.sweep(Date.now());
  }, SWEEP_MS);
  const expiry = setInterval(() => {
    const work = writer.write((target) => {
      sweepReplies(storage, Date.now() - SESSION_TIMEOUT_MS);
      removeExpired(storage, target, Date.now());
    });
    work.catch((error: Error) => {
      // What is due stays due: the next round finds it again.
      if (mayPass(error) || storage.watch.broken) return;
      clearInterval(expiry);
      onFailure(error);
    });
  }, EXPIRY_MS);
  return {
    engine,
    close: () => {
      clearInterval(sweep);
      clearInterval(expiry);
      writer.stop();
      engine.sessions.closeAll();
      storage.close();
    },
  };
}
