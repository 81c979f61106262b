/** Keeps one connection to the hub alive: a fresh token at each attempt, backoff with jitter between them. */
import { backoffMs } from '#client/base/live/backoff.ts';
import type { Cancel, LiveClock } from '#client/base/live/clock.ts';
import type { LinkEvents, LiveLink, LiveTransport } from '#client/base/live/link.ts';

/** What a connection needs from outside. */
export interface ConnectionPorts {
  transport: LiveTransport;
  clock: LiveClock;
  /** @param refused - the token that the hub refused just now @returns null when signed out: no attempt is made until `wake` */
  getToken(refused: string | null): Promise<string | null>;
  /** A link is open: everything must be joined anew. */
  opened(link: LiveLink): void;
  /** The open link is gone. */
  lost(): void;
  hear: Omit<LinkEvents, 'opened' | 'closed'>;
}

/** Drives attempts until stopped; at most one link at a time. */
export class Connection {
  private readonly ports: ConnectionPorts;
  private link: LiveLink | null = null;
  private isOpen = false;
  private rest: Cancel | null = null;
  private failures = 0;
  private refusedToken: string | null = null;
  private stopped = false;
  private lostAtMs: number;
  /** Rises with every attempt and end; what belongs to an earlier one is ignored. */
  private attempt = 0;

  constructor(ports: ConnectionPorts) {
    this.ports = ports;
    this.lostAtMs = ports.clock.now();
  }

  /** The open link; null while there is none. */
  get openLink(): LiveLink | null {
    return this.isOpen ? this.link : null;
  }

  /** Milliseconds without an open link; 0 while open. */
  get lostForMs(): number {
    return this.isOpen ? 0 : this.ports.clock.now() - this.lostAtMs;
  }

  /** Tries now instead of later: the network is back, the tab is looked at, someone signed in. */
  wake(): void {
    if (this.stopped || this.link !== null) return;
    this.failures = 0;
    this.disarm();
    void this.try();
  }

  /** Ends the link at once and starts anew; for a link that no longer answers. */
  restart(): void {
    this.end();
    if (!this.stopped) this.tryLater();
  }

  /** Ends everything; nothing is called back afterwards. */
  stop(): void {
    this.stopped = true;
    this.end();
  }

  private async try(): Promise<void> {
    const attempt = ++this.attempt;
    const token = await this.ports.getToken(this.refusedToken).catch(() => undefined);
    if (attempt !== this.attempt || this.stopped || token === null) return;
    if (token === undefined) return this.tryLater();
    const isCurrent = () => attempt === this.attempt;
    const { hear, opened } = this.ports;
    const guarded = <Frame>(listener: (frame: Frame) => void) => {
      return (frame: Frame) => {
        if (isCurrent()) listener(frame);
      };
    };
    const link = this.ports.transport.connect(token, {
      opened: () => {
        if (!isCurrent() || this.link === null) return;
        this.isOpen = true;
        this.failures = 0;
        this.refusedToken = null;
        opened(this.link);
      },
      closed: (code) => {
        if (!isCurrent()) return;
        if (code === 'session.expired' || code === 'session.missing') this.refusedToken = token;
        this.restart();
      },
      updates: guarded(hear.updates),
      presence: guarded(hear.presence),
      documentClosed: guarded(hear.documentClosed),
      rights: guarded(hear.rights),
      roomEvent: guarded(hear.roomEvent),
    });
    this.link = link;
  }

  private end(): void {
    this.attempt++;
    this.disarm();
    const { link, isOpen } = this;
    this.link = null;
    this.isOpen = false;
    link?.close();
    if (!isOpen) return;
    this.lostAtMs = this.ports.clock.now();
    if (!this.stopped) this.ports.lost();
  }

  private tryLater(): void {
    const { clock } = this.ports;
    this.disarm();
    this.failures++;
    this.rest = clock.after(backoffMs(this.failures, clock.random()), () => void this.try());
  }

  private disarm(): void {
    this.rest?.();
    this.rest = null;
  }
}
