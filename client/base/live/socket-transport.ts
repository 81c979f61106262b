/** The transport over Socket.IO: one WebSocket, one binary frame a message, large documents by HTTP. */
import { io, type Socket } from 'socket.io-client';
import type { LiveClock } from '#client/base/live/clock.ts';
import type {
  JoinAnswer,
  LinkEvents,
  LiveLink,
  LiveTransport,
  Lost,
  Refused,
} from '#client/base/live/link.ts';
import { type ErrorCode, isErrorCode } from '#shared/base/errors.ts';
import {
  type ClientMessages,
  isRefusal,
  type Join,
  type Joined,
  liveLoadHeaders,
  liveLoadPath,
  livePath,
  liveVersion,
  type Pushed,
  type ServerMessages,
} from '#shared/base/live.ts';
import { decodeLoad } from '#shared/base/live-frame.ts';
import { liveParser } from '#shared/base/live-parser.ts';

/** A connection that leaves a question open this long is taken for dead, once all of it can have arrived. */
const answerMs = 15_000;
/** The slowest line up that is waited for: 8 KB a second. */
const slowestBytesPerMs = 8;

const lost: Lost = { ok: false, code: 'lost' };

/** The part of a Socket.IO client that is used here; tests hand in another one. */
export type LiveSocket = Pick<
  Socket<ServerMessages, ClientMessages>,
  'on' | 'emit' | 'volatile' | 'disconnect'
>;

/** Connects to the hub that served this page, or to `address` (with its scheme). */
export function createSocketTransport(clock: LiveClock, address = ''): LiveTransport {
  return {
    connect(token, events) {
      const socket: LiveSocket = io(address, {
        path: livePath,
        auth: { token },
        transports: ['websocket'],
        parser: liveParser,
        reconnection: false,
        forceNew: true,
        timeout: 10_000,
      });
      return new SocketLink(socket, { token, events, clock, address });
    },
  };
}

/** What a link needs besides its socket. */
export interface LinkPorts {
  token: string;
  events: LinkEvents;
  clock: LiveClock;
  address: string;
}

/** A link over one socket; the socket must not call back before the constructor has returned. */
export class SocketLink implements LiveLink {
  private readonly socket: LiveSocket;
  private readonly ports: LinkPorts;
  private isClosed = false;
  /** Questions whose answers will not come once the link is closed. */
  private readonly open = new Set<(answer: Lost) => void>();
  /** Bytes of pushes not yet answered: whatever is asked next stands behind them. */
  private bytesAhead = 0;

  constructor(socket: LiveSocket, ports: LinkPorts) {
    this.socket = socket;
    this.ports = ports;
    const { events } = ports;
    socket.on('connect', () => events.opened());
    socket.on('connect_error', (error) => this.end(codeOf(error.message)));
    socket.on('disconnect', () => this.end());
    socket.on('updates', events.updates);
    socket.on('presence', events.presence);
    socket.on('closed', events.documentClosed);
    socket.on('rights', events.rights);
    socket.on('event', events.roomEvent);
  }

  async join(request: Omit<Join, 'version'>): Promise<JoinAnswer> {
    const answer = await this.ask<Joined>((reply) => {
      this.socket.emit('join', { ...request, version: liveVersion }, reply);
    });
    return answer.ok && answer.load === 'http' ? this.loadByHttp(request.document, answer) : answer;
  }

  async push(document: string, update: Uint8Array) {
    this.bytesAhead += update.length;
    const answer = await this.ask<Pushed>((reply) => {
      this.socket.emit('push', { document, update: update as Uint8Array<ArrayBuffer> }, reply);
    });
    this.bytesAhead -= update.length;
    return answer;
  }

  leave(leave: { document: string }): void {
    this.socket.emit('leave', leave, () => undefined);
  }

  presence(presence: Parameters<ClientMessages['presence']>[0]): void {
    this.socket.volatile.emit('presence', presence);
  }

  close(): void {
    this.isClosed = true;
    this.socket.disconnect();
    for (const settle of this.open) settle(lost);
    this.open.clear();
  }

  private ask<Answer extends { ok: true }>(
    send: (reply: (answer: unknown) => void) => void,
  ): Promise<Answer | Refused | Lost> {
    if (this.isClosed) return Promise.resolve(lost);
    return new Promise((resolve) => {
      const settle = (answer: Answer | Refused | Lost) => {
        cancel();
        this.open.delete(settle);
        resolve(answer);
      };
      const patienceMs = answerMs + this.bytesAhead / slowestBytesPerMs;
      const cancel = this.ports.clock.after(patienceMs, () => this.end());
      this.open.add(settle);
      send((answer) => settle(isAnswer<Answer>(answer) ? answer : refusalOf(answer)));
    });
  }

  private async loadByHttp(document: string, joined: Joined): Promise<JoinAnswer> {
    const { token, address } = this.ports;
    try {
      const response = await fetch(`${address}${liveLoadPath(document)}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(60_000),
      });
      if (!response.ok) {
        const body: unknown = await response.json();
        return { ok: false, code: codeOf(errorCodeIn(body)) ?? 'internal' };
      }
      const epoch = response.headers.get(liveLoadHeaders.epoch);
      const seq = Number(response.headers.get(liveLoadHeaders.seq));
      const updates = decodeLoad(new Uint8Array(await response.arrayBuffer()));
      // The history was replaced between the two answers: joining again gets both of one history.
      if (epoch !== joined.epoch || !Number.isSafeInteger(seq)) return { ok: false, code: 'hub.unreachable' };
      return { ...joined, seq, updates };
    } catch {
      return { ok: false, code: 'hub.unreachable' };
    }
  }

  private end(code?: ErrorCode): void {
    if (this.isClosed) return;
    this.close();
    this.ports.events.closed(code);
  }
}

function isAnswer<Answer extends { ok: true }>(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === true;
}

/** The hub did answer: with what this page cannot read, it is a fault, never silence over an open line. */
function refusalOf(answer: unknown): Refused {
  return isRefusal(answer) ? answer : { ok: false, code: 'internal' };
}

function codeOf(text: unknown): ErrorCode | undefined {
  return isErrorCode(text) ? text : undefined;
}

function errorCodeIn(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
}
