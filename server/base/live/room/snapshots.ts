/** When a room makes a snapshot, and one at a time. Rule LV27. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DocumentLog } from '#server/base/live/log/document-log.ts';
import type { MergeMeans } from '#server/base/live/log/log-content.ts';
import type { LiveStorage } from '#server/base/live/log/storage.ts';

/** The outside world of a room's snapshots. */
export interface SnapshotWorld {
  document: string;
  storage: Pick<LiveStorage, 'saveSnapshot'>;
  log: Logger;
  /** How they are merged; step by step in this thread by default. */
  merging?: MergeMeans;
  /** Whether the room is over, and nothing of it may be stored any more. */
  isOver: () => boolean;
}

/** A snapshot is made when the tail is as large as the last snapshot, and at least this. */
export const snapshotBytes = 256 * 1024;
const snapshotOnCloseBytes = 4 * 1024;

/** The snapshots of one room. */
export class Snapshots {
  #world: SnapshotWorld;
  #isRunning = false;
  #afterBytes = snapshotBytes;

  constructor(world: SnapshotWorld) {
    this.#world = world;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Makes one in the background if it is time. */
  grown(log: DocumentLog): void {
    if (log.tailBytes > Math.max(this.#afterBytes, log.snapshotBytes)) void this.#make(log);
  }

  /** Makes one before the document leaves memory, where that shortens its next opening. */
  async closing(log: DocumentLog): Promise<void> {
    if (log.tailBytes > snapshotOnCloseBytes) await this.#make(log);
  }

  /** The log has everything: a snapshot that fails is made up for by the next one. */
  async #make(log: DocumentLog): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const { document, storage, merging } = this.#world;
    try {
      const snapshot = await log.makeSnapshot(merging ?? { pause: nextTurn });
      if (this.#world.isOver()) return;
      await storage.saveSnapshot(document, snapshot);
      log.adoptSnapshot(snapshot);
      this.#afterBytes = snapshotBytes;
    } catch (error) {
      // Not again at once: what failed for these bytes would fail for every edit from now on.
      this.#afterBytes = 2 * log.tailBytes;
      this.#world.log.warn({ err: error, document }, 'snapshot not stored');
    } finally {
      this.#isRunning = false;
    }
  }
}
