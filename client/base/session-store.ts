/** Who is signed in on this page, and a fresh access token for them; kept in memory only. No browser API inside. */
import { AppError } from '#shared/base/errors.ts';
import type { Me, SignedIn } from '#shared/people/shape.ts';

/**
 * `starting` until the first answer of the hub; `unreachable` when that answer could not be had yet.
 * `leaving`: signed out here, but the hub could not be told yet.
 */
export type SessionState =
  | { kind: 'starting' }
  | { kind: 'unreachable' }
  | { kind: 'leaving' }
  | { kind: 'out' }
  | { kind: 'in'; me: Me };

/** What the store needs from outside; `nowMs` is monotonic, so a wrong wall clock cannot age a token. */
export interface SessionPorts {
  /** Trades the refresh cookie; null when there is no session. Serialised across tabs by the caller. */
  refresh(): Promise<SignedIn | null>;
  nowMs(): number;
  /** Wall clock, used once per token to learn its life from `expiresAt`. */
  wallMs(): number;
}

const earlyMs = 60_000;
const shortestLifeMs = 2 * earlyMs;
const longestLifeMs = 600_000;

interface Token {
  text: string;
  /** On the monotonic clock. */
  goodUntilMs: number;
}

/** Holds the session of one tab. */
export class SessionStore {
  private readonly ports: SessionPorts;
  private readonly listeners = new Set<() => void>();
  private state: SessionState = { kind: 'starting' };
  private token: Token | null = null;
  private refreshing: Promise<string | null> | null = null;
  /** Rises with every change of who is signed in, so that a late answer for an earlier one is dropped. */
  private generation = 0;

  constructor(ports: SessionPorts) {
    this.ports = ports;
  }

  /** The state as of now; the same object until it changes. */
  read = (): SessionState => this.state;

  /** Calls back after every change. @returns how to stop */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes a fresh sign-in, of this tab or of an answer to a refresh. */
  enter(signedIn: SignedIn): void {
    this.generation += 1;
    this.keep(signedIn);
  }

  /** Forgets the person and the token. @param to - `leaving` while the hub does not know of it */
  leave(to: 'out' | 'leaving' = 'out'): void {
    this.generation += 1;
    this.token = null;
    this.change({ kind: to });
  }

  /** Replaces what is known of the signed-in person, for instance after a change of name. */
  updateMe(me: Me): void {
    if (this.state.kind === 'in' && this.state.me.member.id === me.member.id) {
      this.change({ kind: 'in', me });
    }
  }

  /** Milliseconds until the token wants renewing; null without a token. */
  untilRenewalMs(): number | null {
    return this.token === null ? null : Math.max(0, this.token.goodUntilMs - this.ports.nowMs());
  }

  /** A token good for at least a minute. @returns null when signed out @throws hub.unreachable */
  async accessToken(): Promise<string | null> {
    if (this.state.kind === 'out' || this.state.kind === 'leaving') {
      return null;
    }
    const rest = this.untilRenewalMs();
    return this.token !== null && rest !== null && rest > 0 ? this.token.text : this.renew();
  }

  /**
   * Asks for a new token; several callers share one request. `stale` names the token that was refused: when another
   * caller has already replaced it, the replacement is handed out instead. While leaving nothing is asked: the cookie
   * would still open the session that was left.
   */
  renew(stale?: string): Promise<string | null> {
    if (this.state.kind === 'leaving') {
      return Promise.resolve(null);
    }
    if (stale !== undefined && this.token !== null && this.token.text !== stale) {
      return Promise.resolve(this.token.text);
    }
    this.refreshing ??= this.askForToken().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async askForToken(): Promise<string | null> {
    const asked = this.generation;
    try {
      const signedIn = await this.ports.refresh();
      if (asked !== this.generation) {
        return this.token?.text ?? null;
      }
      if (signedIn === null) {
        this.leave();
        return null;
      }
      return this.keep(signedIn);
    } catch (error) {
      if (this.state.kind === 'starting') {
        this.change({ kind: 'unreachable' });
      }
      throw error instanceof AppError ? error : new AppError('hub.unreachable');
    }
  }

  private keep(signedIn: SignedIn): string {
    const life = Date.parse(signedIn.expiresAt) - this.ports.wallMs();
    const lifeMs = Math.min(longestLifeMs, Math.max(shortestLifeMs, life));
    this.token = { text: signedIn.accessToken, goodUntilMs: this.ports.nowMs() + lifeMs - earlyMs };
    if (this.state.kind !== 'in' || JSON.stringify(this.state.me) !== JSON.stringify(signedIn.me)) {
      this.change({ kind: 'in', me: signedIn.me });
    }
    return signedIn.accessToken;
  }

  private change(state: SessionState): void {
    this.state = state;
    for (const listener of this.listeners) {
      listener();
    }
  }
}
