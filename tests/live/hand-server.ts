/** The real live engine without sockets and timers: wrapper, desk, rooms, admission and commits, restarted at will. */
import pino from 'pino';
import type { Actor } from '#server/base/actor.ts';
import { Desk } from '#server/base/live/connection/desk.ts';
import { MessageWrapper } from '#server/base/live/connection/message-wrapper.ts';
import { defaultPaces, People } from '#server/base/live/connection/person.ts';
import type { LiveKind } from '#server/base/live/kind.ts';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import type { LiveStorage } from '#server/base/live/log/storage.ts';
import { Rights } from '#server/base/live/rights/rights.ts';
import { Rooms } from '#server/base/live/room/rooms.ts';
import type { Side } from '#shared/base/audience.ts';
import { GatedStorage } from '#tests/live/gated-storage.ts';
import type { HandLine } from '#tests/live/hand-line.ts';
import { ManualClock } from '#tests/live/manual-clock.ts';
import { makeBenchRules } from '#tests/support/bench-grid.ts';
import { commitsAtOnce } from '#tests/support/commits-at-once.ts';

interface Process {
  people: People;
  rights: Rights;
  rooms: Rooms;
  desk: Desk;
  wrapper: MessageWrapper;
}

/** One server over one storage that outlives it. */
export class HandServer {
  readonly clock = new ManualClock();
  /** What is really stored. */
  readonly stored: LiveStorage = createMemoryStorage();
  readonly storage: GatedStorage;
  /** Members who may read but not write. */
  private readonly readers = new Set<string>();
  private lines: HandLine[] = [];
  private process: Process;

  /** @param spoil - puts a storage that fails between the server and what is stored */
  constructor(spoil: (stored: LiveStorage) => LiveStorage = (stored) => stored) {
    this.storage = new GatedStorage(spoil(this.stored));
    this.process = this.boot();
  }

  /** Lines the server believes in. */
  get open(): readonly HandLine[] {
    this.lines = this.lines.filter((line) => line.serverHas);
    return this.lines;
  }

  /** A client connects and is who it says; refused while the server is down. */
  accept(line: HandLine, actor: Actor): void {
    const { people, desk, wrapper } = this.process;
    const connection = people.connect(actor, line);
    if (connection === null) throw new Error('too many connections for one person');
    this.lines.push(line);
    line.attach({
      receive: (event, id) => void wrapper.receive(connection, event, id),
      closed: () => {
        people.disconnect(connection);
        desk.forget(connection);
      },
    });
  }

  /** `kill -9`, and another process over the same storage. */
  async kill(happened: () => boolean): Promise<void> {
    await this.storage.die(happened);
    const { open } = this;
    this.process = this.boot();
    for (const line of open) line.serverHas = false;
  }

  /** Gives or takes the right to write, and says so as the hub's signals do. */
  setMayWrite(memberId: string, mayWrite: boolean): void {
    if (mayWrite) this.readers.delete(memberId);
    else this.readers.add(memberId);
    const { rights, rooms } = this.process;
    rights.noteSignal();
    for (const [room, seat] of rooms.seatsWhere((other) => other.actor.memberId === memberId)) {
      seat.judgedAtMs = Number.NEGATIVE_INFINITY;
      room.judgeAgain(seat).catch(() => undefined);
    }
  }

  private boot(): Process {
    const now = () => new Date(this.clock.now());
    const plans: LiveKind = {
      kind: 'plan',
      judge: ({ memberId }) => {
        const mayWrite = !this.readers.has(memberId);
        return Promise.resolve({ mayWrite, side: 'buyer', relationshipId: '00000000000000000000' });
      },
    };
    const grids: LiveKind = {
      kind: 'grid',
      judge: ({ memberId }) => {
        const mayWrite = !this.readers.has(memberId);
        return Promise.resolve({ mayWrite, side: sideOf(memberId), relationshipId: '00000000000000000000' });
      },
      grid: makeBenchRules(),
    };
    const log = pino({ enabled: false });
    const storage = this.storage.open();
    const rights = new Rights([plans, grids], now);
    const schedule = (delayMs: number, work: () => void) => this.clock.after(delayMs, work);
    const rooms = new Rooms({
      storage,
      commits: commitsAtOnce(storage, { now }),
      rights,
      log,
      now,
      schedule,
    });
    const desk = new Desk({ rooms, rights, now });
    const wrapper = new MessageWrapper({ desk, paces: defaultPaces, log, now });
    return { people: new People(defaultPaces, now), rights, rooms, desk, wrapper };
  }
}

/** In grids: members whose id ends with an odd digit are the supplier's. */
export function sideOf(memberId: string): Side {
  return Number(memberId.at(-1)) % 2 === 1 ? 'supplier' : 'buyer';
}
