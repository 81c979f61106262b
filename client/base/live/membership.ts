/** Being joined in one document: asked for at each connection, lost, taken away, asked for again. */
import { backoffMs } from '#client/base/live/backoff.ts';
import type { Cancel, LiveClock } from '#client/base/live/clock.ts';
import type { LiveLink } from '#client/base/live/link.ts';
import { isShut } from '#client/base/live/refusals.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { Join, Joined, UpdatesFrame } from '#shared/base/live.ts';

/** What membership needs from its document. */
export interface MembershipPorts {
  document: string;
  clock: LiveClock;
  /** What to join with, as of now. */
  request(): Omit<Join, 'version'>;
  /** The document draws another client id; the hub has bound the old one to someone else. */
  renewClientId(): void;
  /** @returns false when the answer could not be taken: the document holds, and releases when it can join anew */
  joined(answer: Joined): boolean;
  /** A frame heard while joined. */
  take(frame: UpdatesFrame): void;
  /** Pushing and presence end until the next `joined`. */
  parted(): void;
  /** The hub does not show the document; asked again at the next connection. */
  shut(code: ErrorCode): void;
}

/** `held`: the document is not ready to join. `apart`: no connection, or waiting to ask again. */
type Phase =
  | { kind: 'held' }
  | { kind: 'apart' }
  | { kind: 'joining'; heard: UpdatesFrame[] }
  | { kind: 'joined' }
  | { kind: 'shut'; code: ErrorCode };

/** A document that the hub keeps closing is not joined again more often than this. */
const closedTooOftenMs = 5_000;

/** See the file's first line. */
export class Membership {
  private readonly ports: MembershipPorts;
  private phase: Phase = { kind: 'held' };
  private connection: LiveLink | null = null;
  private rest: Cancel | null = null;
  private tries = 0;
  private closedAtMs = Number.NEGATIVE_INFINITY;

  constructor(ports: MembershipPorts) {
    this.ports = ports;
  }

  /** The connection to speak over; null without one. */
  get link(): LiveLink | null {
    return this.connection;
  }

  get isJoined(): boolean {
    return this.phase.kind === 'joined';
  }

  /** False while the document may not join, or was refused. */
  get mayJoin(): boolean {
    return this.phase.kind !== 'held' && this.phase.kind !== 'shut';
  }

  /** Why the hub does not show the document; undefined when it does or was not asked yet. */
  get shutBy(): ErrorCode | undefined {
    return this.phase.kind === 'shut' ? this.phase.code : undefined;
  }

  /** There is a connection, or a reason to ask again over the same one. */
  connect(link: LiveLink): void {
    const isAsked = this.connection === link && this.isIn;
    this.connection = link;
    if (isAsked || this.phase.kind === 'held') return;
    this.tries = 0;
    void this.join();
  }

  /** The connection is gone. */
  disconnect(): void {
    this.connection = null;
    this.part(this.phase.kind === 'held' ? 'held' : 'apart');
  }

  /** Out of the document until `release`. */
  hold(): void {
    if (this.isIn) this.connection?.leave({ document: this.ports.document });
    this.part('held');
  }

  /** Ready to join. */
  release(): void {
    this.phase = { kind: 'apart' };
    if (this.connection !== null) void this.join();
  }

  /** The hub is asked again what it has; without effect when it is not being spoken to. */
  resync(): void {
    if (this.isIn) void this.join();
  }

  /** The hub took this connection out of the document: asked again, for rights are judged at join. */
  closed(code: ErrorCode): void {
    if (!this.isIn) return;
    // Another connection uses our client id: two writers under one would diverge.
    if (code === 'live.superseded') this.ports.renewClientId();
    const now = this.ports.clock.now();
    const isAgain = now - this.closedAtMs < closedTooOftenMs;
    this.closedAtMs = now;
    if (isAgain) this.joinLater();
    else void this.join();
  }

  /** Frames heard while the join is under way wait for its answer. */
  hear(frame: UpdatesFrame): void {
    if (this.phase.kind === 'joining') this.phase.heard.push(frame);
    else if (this.phase.kind === 'joined') this.ports.take(frame);
  }

  private get isIn(): boolean {
    return this.phase.kind === 'joining' || this.phase.kind === 'joined';
  }

  private async join(): Promise<void> {
    const link = this.connection;
    if (link === null) return;
    this.part('apart');
    const phase: Phase = { kind: 'joining', heard: [] };
    this.phase = phase;
    const answer = await link.join(this.ports.request());
    // Another phase object means: asked again, parted or held meanwhile.
    if (this.phase !== phase) return;
    if (answer.ok) this.takeAnswer(answer, phase.heard);
    else if (answer.code !== 'lost') this.takeRefusal(answer.code);
  }

  private takeAnswer(answer: Joined, heard: readonly UpdatesFrame[]): void {
    this.tries = 0;
    this.phase = { kind: 'joined' };
    if (!this.ports.joined(answer)) return;
    for (const frame of heard) this.hear(frame);
  }

  private takeRefusal(code: ErrorCode): void {
    this.tries++;
    if (code === 'live.foreignClient' && this.tries < 3) {
      this.ports.renewClientId();
      void this.join();
    } else if (isShut(code)) {
      this.part('apart');
      this.phase = { kind: 'shut', code };
      this.ports.shut(code);
    } else {
      this.joinLater();
    }
  }

  private joinLater(): void {
    const { clock } = this.ports;
    this.part('apart');
    this.rest = clock.after(backoffMs(Math.max(1, this.tries), clock.random()), () => void this.join());
  }

  private part(kind: 'apart' | 'held'): void {
    this.rest?.();
    this.rest = null;
    if (this.phase.kind === 'joined') this.ports.parted();
    this.phase = { kind };
  }
}
