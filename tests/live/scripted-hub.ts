/** A hub that answers as a test says: for what the real one does only under load, attack or failure. */
import * as Y from 'yjs';
import type { JoinAnswer, LinkEvents, LiveLink, LiveTransport, PushAnswer } from '#client/base/live/link.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { Join, Joined, Place } from '#shared/base/live.ts';

/** A push as the hub got it; answered by hand unless `autoAck`. */
export interface HeldPush {
  document: string;
  update: Uint8Array;
  answer(answer: PushAnswer): void;
}

/** One Y.Doc stands for what is stored; `seq` counts what was pushed or said to it. */
export class ScriptedHub implements LiveTransport {
  readonly doc = new Y.Doc();
  epoch = 'first-life';
  seq = 0;
  mayWrite = true;
  autoAck = true;
  isReachable = true;
  joinRefusals: ErrorCode[] = [];
  readonly tokens: string[] = [];
  readonly joins: Omit<Join, 'version'>[] = [];
  readonly left: string[] = [];
  readonly places: (Place | null)[] = [];
  readonly pushes: HeldPush[] = [];
  /** The current connection's ears; null without one. */
  events: LinkEvents | null = null;

  connect(token: string, events: LinkEvents): LiveLink {
    this.tokens.push(token);
    queueMicrotask(() => {
      if (!this.isReachable) return events.closed();
      this.events = events;
      events.opened();
    });
    return {
      join: (request) => Promise.resolve(this.join(request)),
      push: (document, update) => this.push(document, update),
      leave: ({ document }) => this.left.push(document),
      presence: ({ place }) => this.places.push(place),
      close: () => {
        if (this.events === events) this.events = null;
      },
    };
  }

  /** The line is cut; pushes held back are never answered. */
  cut(): void {
    const { events } = this;
    this.events = null;
    this.pushes.length = 0;
    events?.closed();
  }

  /** Somebody else's edit becomes durable and is told. */
  edit(document: string, edit: (doc: Y.Doc) => void): void {
    const updates: Uint8Array[] = [];
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(this.doc));
    other.on('update', (update: Uint8Array) => updates.push(update));
    edit(other);
    for (const update of updates) Y.applyUpdate(this.doc, update);
    this.seq += updates.length;
    this.events?.updates({ document, seq: this.seq, updates });
  }

  /** Makes a held push durable. */
  store(push: HeldPush): void {
    Y.applyUpdate(this.doc, push.update);
    this.seq++;
    push.answer({ ok: true, seq: this.seq });
  }

  private join(request: Omit<Join, 'version'>): JoinAnswer {
    this.joins.push(request);
    const code = this.joinRefusals.shift();
    if (code !== undefined) return { ok: false, code };
    const joined: Joined = {
      ok: true,
      version: 1,
      epoch: this.epoch,
      seq: this.seq,
      stateVector: Y.encodeStateVector(this.doc),
      updates: [Y.encodeStateAsUpdate(this.doc)],
      load: 'here',
      mayWrite: this.mayWrite,
      side: 'buyer',
      people: [],
      foreignClientIds: [],
    };
    return joined;
  }

  private push(document: string, update: Uint8Array): Promise<PushAnswer> {
    return new Promise((resolve) => {
      const push = { document, update, answer: resolve };
      if (this.autoAck) this.store(push);
      else this.pushes.push(push);
    });
  }
}
