/** One browser tab in a test: a Y.Doc, a socket, and what came over it. It sends nothing by itself. */
import * as Y from 'yjs';
import { isRefusal, type Joined, liveVersion, type Pushed, type Refusal } from '#shared/base/live.ts';
import type { LiveHub, LiveSocket } from '#tests/support/live-hub.ts';

/** How long an answer that never comes is waited for before the test fails; never waited for otherwise. */
const patienceMs = 10_000;

/** A tab, connected. */
export interface LiveTab {
  socket: LiveSocket;
  doc: Y.Doc;
  /** Own edits not pushed yet, in order. */
  edits: Uint8Array[];
  join(document: string, more?: Record<string, unknown>): Promise<Joined | Refusal>;
  /** Joins, applies what is missing, and fails the test when refused. */
  enter(document: string): Promise<Joined>;
  push(document: string, update: unknown): Promise<Pushed | Refusal>;
  /** Pushes all own edits; fails the test when one is refused. @returns the last number */
  pushEdits(document: string): Promise<number>;
  /** Any message as it is, also a wrong one; waits for the acknowledgement. */
  ask(name: string, message: unknown): Promise<unknown>;
  /** Resolves with the first message of this name, seen already or to come, that fits. */
  seen(name: string, fits?: (message: never) => boolean): Promise<unknown>;
  /** Everything received, in order. */
  received: { name: string; message: unknown }[];
}

/** Connects a tab for a token; rejects with the code when refused. */
export async function openTab(hub: Pick<LiveHub, 'socket'>, token: string): Promise<LiveTab> {
  const socket = hub.socket(token);
  const doc = new Y.Doc();
  const edits: Uint8Array[] = [];
  const received: LiveTab['received'] = [];
  const watchers = new Set<() => void>();
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'hub') edits.push(update);
  });
  socket.onAny((name: string, message: unknown) => {
    received.push({ name, message });
    if (name === 'updates') applyAll(doc, (message as { updates: Uint8Array[] }).updates);
    for (const watcher of [...watchers]) watcher();
  });
  await connected(socket);

  async function ask(name: string, message: unknown): Promise<unknown> {
    return await (socket as unknown as Asking).timeout(patienceMs).emitWithAck(name, message);
  }

  const tab: LiveTab = {
    socket,
    doc,
    edits,
    received,
    ask,
    join: (document, more = {}) =>
      ask('join', { version: liveVersion, document, clientId: doc.clientID, ...more }) as Promise<
        Joined | Refusal
      >,
    async enter(document) {
      const joined = await tab.join(document);
      if (isRefusal(joined)) throw new Error(`join refused: ${joined.code}`);
      applyAll(doc, joined.updates);
      return joined;
    },
    push: (document, update) => ask('push', { document, update }) as Promise<Pushed | Refusal>,
    async pushEdits(document) {
      const answers = await Promise.all(edits.splice(0).map((update) => tab.push(document, update)));
      const refusal = answers.find(isRefusal);
      if (refusal !== undefined) throw new Error(`push refused: ${refusal.code}`);
      return Math.max(0, ...answers.map((answer) => (answer.ok ? answer.seq : 0)));
    },
    seen(name, fits = () => true) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`never seen: ${name}`)), patienceMs);
        const look = (): void => {
          const found = received.find((one) => one.name === name && fits(one.message as never));
          if (found === undefined) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve(found.message);
        };
        watchers.add(look);
        look();
      });
    },
  };
  return tab;
}

interface Asking {
  timeout(ms: number): { emitWithAck(name: string, message: unknown): Promise<unknown> };
}

function applyAll(doc: Y.Doc, updates: readonly Uint8Array[]): void {
  for (const update of updates) Y.applyUpdate(doc, update, 'hub');
}

/** Resolves when connected; rejects with the refusal's code. */
export function connected(socket: LiveSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => reject(error));
    socket.connect();
  });
}
