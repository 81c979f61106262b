// The commands that run at this moment, for currentOp and killOp.
import type { Doc } from '../bson/value.ts';
import type { Deadline } from './deadline.ts';

/** One running command. */
export interface Operation {
  readonly id: number;
  readonly name: string;
  readonly db: string;
  readonly body: Doc;
  readonly connection: { readonly id: number; readonly peer: string; readonly appName: string };
  /** Key of its session; null without one. */
  readonly session: Buffer | null;
  readonly deadline: Deadline;
  /** `performance.now()` at its start. */
  readonly startedAt: number;
}

/** Commands that serve nobody once their client is gone; writes are brought to their end. */
const READS: ReadonlySet<string> = new Set(['find', 'getMore', 'aggregate', 'count', 'distinct']);

/** All running commands, oldest first. */
export class Operations {
  readonly #running = new Map<number, Operation>();
  #lastId = 0;

  /** Notes that a command runs. */
  begin(operation: Omit<Operation, 'id'>): Operation {
    const noted = { ...operation, id: ++this.#lastId };
    this.#running.set(noted.id, noted);
    return noted;
  }

  /** Notes that it has ended. */
  end({ id }: Operation): void {
    this.#running.delete(id);
  }

  /** What runs now. */
  list(): Operation[] {
    return [...this.#running.values()];
  }

  /** Lets a command end; nothing happens when there is none with this number. */
  kill(id: number): void {
    this.#running.get(id)?.deadline.kill();
  }

  /** Lets the commands of a session end. */
  killSession(key: Buffer): void {
    for (const each of this.#running.values()) if (each.session?.equals(key)) each.deadline.kill();
  }

  /** Lets the reads of a connection that has gone end. */
  connectionClosed(connection: object): void {
    for (const each of this.#running.values()) {
      if (each.connection === connection && READS.has(each.name)) each.deadline.kill();
    }
  }
}
