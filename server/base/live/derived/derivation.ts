/** All that reads documents in the background, put together: records derived of them, and those that cannot be read. */
import type { Logger } from 'pino';
import type { DerivedStore, Quarantine } from '#server/base/live/derived/derived-store.ts';
import { Deriver } from '#server/base/live/derived/deriver.ts';
import type { DeriveLimits } from '#server/base/live/derived/deriver-thread.ts';
import { DocumentSource } from '#server/base/live/derived/document-source.ts';
import { type Beginner, beginNewLife } from '#server/base/live/derived/new-life.ts';
import { Quarantines, readOnlyInQuarantine } from '#server/base/live/derived/quarantines.ts';
import { Subjects } from '#server/base/live/derived/subjects.ts';
import type { LiveKind, LiveSubject } from '#server/base/live/kind.ts';
import type { LiveStorage } from '#server/base/live/log/storage.ts';
import type { RoomWatcher } from '#server/base/live/room/room.ts';
import type { Rooms } from '#server/base/live/room/rooms.ts';
import { fail } from '#shared/base/errors.ts';

/** The outside world of it. */
export interface DerivationWorld {
  kinds: readonly LiveKind[];
  subjects?: readonly LiveSubject[];
  storage: LiveStorage;
  store: DerivedStore;
  limits?: DeriveLimits;
  log: Logger;
  now: () => Date;
  schedule: (delayMs: number, work: () => void) => () => void;
}

/** Reads nothing before `start`; what changes until then is found behind. */
export class Derivation implements RoomWatcher {
  #quarantines: Quarantines;
  #rooms: Rooms | null = null;
  #quarantined: (document: string) => void = () => {};
  /** Documents that are being taken back. */
  #busy = new Set<string>();
  #deriver: Deriver;
  #world: DerivationWorld;
  #source: DocumentSource;

  constructor(world: DerivationWorld) {
    const { kinds, subjects = [], storage, store } = world;
    this.#world = world;
    this.#source = new DocumentSource((document) => this.#rooms?.find(document), storage, store);
    this.#quarantines = new Quarantines(store);
    this.#deriver = new Deriver({
      ...world,
      subjects: new Subjects(kinds, subjects, storage),
      source: this.#source,
      quarantines: this.#quarantines,
      quarantined: (document) => this.#quarantined(document),
    });
  }

  /** The same kind, read-only where a document cannot be read. */
  guard(kind: LiveKind): LiveKind {
    return readOnlyInQuarantine(kind, this.#quarantines);
  }

  /** Begins with what is behind. @param quarantined - told of each document put in quarantine */
  start(rooms: Rooms, quarantined: (document: string) => void): void {
    this.#rooms = rooms;
    this.#quarantined = quarantined;
    void this.#deriver.start();
  }

  opened(document: string): Promise<void> {
    return this.#deriver.opened(document);
  }

  written(document: string): void {
    this.#deriver.written(document);
  }

  closed(document: string): void {
    this.#deriver.closed(document);
  }

  /** Documents of a subject that stand in quarantine. */
  async quarantinesOf(subject: string): Promise<Quarantine[]> {
    await this.#quarantines.ready();
    return this.#quarantines.of(subject);
  }

  /** Numbers of a document that reading may begin or end at, however old: compaction merges nothing across them. */
  async keptNumbers(document: string): Promise<number[]> {
    await this.#quarantines.ready();
    const cuts = await this.#world.store.listCuts(document);
    const standing = this.#quarantines.find(document);
    // The entry `upTo` is the act of going back: it stays for itself.
    const ends = cuts.flatMap(({ after, upTo }) => [after, upTo - 1, upTo]);
    return standing === null ? ends : [...ends, standing.goodSeq];
  }

  /**
   * Takes a document back to where it could be read; who may do that is for its room to say.
   * @throws thing.absent when it is not in quarantine, rate.limited when it is being stored, live.storageFailed
   */
  async goBack(document: string, { memberId, side }: Pick<Beginner, 'memberId' | 'side'>): Promise<void> {
    const { storage, now, log: logger } = this.#world;
    await this.#quarantines.ready();
    const quarantine = this.#quarantines.find(document);
    const room = quarantine === null ? undefined : await this.#rooms?.at(document);
    if (quarantine === null || room === undefined) fail('thing.absent');
    const log = await room.opened();
    if (log.hasWaiting || this.#busy.has(document)) fail('rate.limited');
    this.#busy.add(document);
    try {
      const at = now();
      const author = { memberId, side, at };
      const seq = await beginNewLife({ storage, source: this.#source }, quarantine, log, author);
      await this.#quarantines.release(document, { memberId, at, seq });
      // In one turn: nobody may write into the room that still has the old life.
      this.#quarantines.forget(document);
      room.end('live.historyReplaced');
      this.#quarantined(document);
      this.#deriver.written(document);
    } catch (error) {
      logger.error({ err: error, document }, 'document could not be taken back');
      room.end('live.storageFailed');
      fail('live.storageFailed');
    } finally {
      this.#busy.delete(document);
    }
  }

  /** Resolves when nothing is being read. */
  idle(): Promise<void> {
    return this.#deriver.idle();
  }

  close(): Promise<void> {
    return this.#deriver.close();
  }
}
