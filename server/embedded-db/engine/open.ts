// A running engine: storage, writer, sessions, cursors, and the upkeep that keeps them small.
import type { Engine } from '../commands/context.ts';
import { FailPoints } from '../commands/fail-points.ts';
import { Cursors } from './cursors.ts';
import { DirectTarget } from './direct-target.ts';
import { Leftovers } from './leftovers.ts';
import { Operations } from './operations.ts';
import { Sessions } from './sessions.ts';
import { Storage } from './storage.ts';
import { startUpkeep } from './upkeep.ts';
import { Pace } from './work.ts';
import { Writer } from './writer.ts';

/** An engine and its end. */
export interface OpenEngine {
  readonly engine: Engine;
  close(): void;
}

/** Opens the database of a directory.
 *  @param onFailure - told once when the file can no longer be trusted or the background work can never go on;
 *    a full disk only puts it off
 *  @param now - milliseconds for the slices of long writes; tests give their own
 *  @param isForTests - true to have fail points
 *  @throws as `openDatabaseFile` */
export function openEngine(
  dataDir: string,
  onFailure: (error: Error) => void,
  now: () => number = () => performance.now(),
  isForTests = false,
): OpenEngine {
  const storage = new Storage(dataDir, onFailure);
  const writer = new Writer(storage, now);
  const engine: Engine = {
    storage,
    writer,
    sessions: new Sessions(storage),
    cursors: new Cursors(),
    latest: new DirectTarget(storage),
    operations: new Operations(),
    connections: { open: 0, created: 0 },
    failPoints: isForTests ? new FailPoints() : null,
    startedAt: performance.now(),
    leftovers: new Leftovers(storage, writer, onFailure),
    builds: new Set(),
    newPace: () => new Pace(now),
  };
  const stopUpkeep = startUpkeep(engine, onFailure);
  return {
    engine,
    close: () => {
      stopUpkeep();
      writer.stop();
      engine.sessions.closeAll();
      storage.close();
    },
  };
}
