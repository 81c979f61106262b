/** Tells rooms which of their things were edited: each soon and then seldom, many together, the last edit always. Rule LV29. */
import type { Logger } from 'pino';
import type { LiveKind, LiveSubject } from '#server/base/live/kind.ts';

const roundMs = 250;
/** Rounds in which a subject that was told rests: 20 s. Counted, because clocks are set back. */
const restRounds = 80;
/** Most subjects told in one round, so that no commit waits long behind their writes. */
const mostAtOnce = 100;

/** The outside world of the notices. */
export interface NoticeWorld {
  log: Logger;
  /** Runs work after a delay in ms, unless the returned function is called before. */
  schedule: (delayMs: number, work: () => void) => () => void;
}

interface Resting {
  until: number;
  /** The last edit since it was told; null for none. */
  editedAt: Date | null;
}

/** The notices of one hub. */
export class EditNotices {
  #kinds: ReadonlyMap<string, LiveKind>;
  #rooms: ReadonlyMap<string, LiveSubject>;
  #world: NoticeWorld;
  #round = 0;
  #due = new Map<string, Date>();
  /** In the order in which they were told. */
  #resting = new Map<string, Resting>();
  #cancel: (() => void) | null = null;
  #telling: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(kinds: readonly LiveKind[], subjects: readonly LiveSubject[], world: NoticeWorld) {
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    const told = subjects.filter(({ edited }) => edited !== undefined);
    this.#rooms = new Map(told.map((subject) => [subject.kind, subject]));
    this.#world = world;
  }

  /** Name of the subject whose room wants to hear of a document's edits; null for none. */
  subjectOf(document: string): string | null {
    const [kind = '', ...key] = document.split('/');
    const subject = this.#kinds.get(kind)?.subject?.(key) ?? null;
    return subject !== null && this.#rooms.has(kindOf(subject)) ? subject : null;
  }

  /** A subject has a new durable edit. */
  edited(subject: string, at: Date): void {
    const resting = this.#resting.get(subject);
    if (resting !== undefined) resting.editedAt = at;
    else this.#due.set(subject, at);
    this.#schedule();
  }

  /** Tells what is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    await this.#telling;
    this.#wake(Number.POSITIVE_INFINITY);
    await this.#tell([...this.#due]);
  }

  #schedule(): void {
    if (this.#cancel !== null || this.#isClosed) return;
    this.#cancel = this.#world.schedule(roundMs, () => {
      this.#telling = this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#round += 1;
    this.#wake(this.#round);
    const due = [...this.#due].slice(0, mostAtOnce);
    for (const [subject] of due) {
      this.#due.delete(subject);
      this.#resting.set(subject, { until: this.#round + restRounds, editedAt: null });
    }
    await this.#tell(due);
    this.#cancel = null;
    if (this.#due.size > 0 || this.#resting.size > 0) this.#schedule();
  }

  #wake(round: number): void {
    for (const [subject, { until, editedAt }] of this.#resting) {
      if (until > round) return;
      this.#resting.delete(subject);
      if (editedAt !== null) this.#due.set(subject, editedAt);
    }
  }

  async #tell(due: readonly (readonly [string, Date])[]): Promise<void> {
    for (const [kind, room] of this.#rooms) {
      const own = due.filter(([subject]) => kindOf(subject) === kind);
      if (own.length === 0) continue;
      try {
        await room.edited?.(new Map(own.map(([subject, at]) => [subject.slice(kind.length + 1), at])));
      } catch (error) {
        this.#world.log.error(
          { err: error, kind },
          'room could not take notices of edits; they are told again',
        );
        for (const [subject, at] of own) {
          const resting = this.#resting.get(subject);
          if (resting !== undefined) resting.editedAt ??= at;
        }
      }
    }
  }
}

function kindOf(subject: string): string {
  return subject.slice(0, subject.indexOf('/'));
}
