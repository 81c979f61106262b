/** Floods a hub with malformed frames of every layer while two people go on typing. */
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';
import * as Y from 'yjs';
import { snapshotBytes } from '#server/base/live/room/snapshots.ts';
import { isRefusal, liveLimits, livePath, liveVersion } from '#shared/base/live.ts';
import { liveParser } from '#shared/base/live-parser.ts';
import { Crowd } from '#tests/live/faults/crowd.ts';
import type { Figures } from '#tests/live/faults/fault-hub.ts';
import { type FaultProcess, startFaultProcess } from '#tests/live/faults/fault-process.ts';
import {
  HostileWriter,
  wrongFrame,
  wrongMessage,
  wrongSocketBytes,
} from '#tests/live/faults/hostile-bytes.ts';
import { SeededRandom } from '#tests/live/seeded-random.ts';
import type { LiveSocket } from '#tests/support/live-hub.ts';
import { connected } from '#tests/support/live-tab.ts';
import { greetRaw, openRaw } from '#tests/support/raw-socket.ts';
import { until } from '#tests/support/until.ts';

/** What a run saw. */
export interface MalformedFigures {
  frames: number;
  /** Messages answered; the others were frames that end their connection. */
  answered: number;
  /** How often each answer was given; `ok` for what was taken. */
  codes: Readonly<Record<string, number>>;
  exits: number;
  /** Longest time the hub's thread worked without turning, in ms. */
  longestTurnMs: number;
  /** Memory of the hub after the flood beyond that before it, all threads included. */
  grownBytes: number;
  /** Of these, what the hub's own objects and buffers hold: the edits that were taken, at the least. */
  grownHeldBytes: number;
}

const attacked = 'test/attacked';
const honest = 'test/honest';
const framesOfRound = 5_000;
const rawConnectionsOfRound = 30;
const writersOfRound = 60;
const lanes = liveLimits.pendingPushes - 4;
const framesOfConnection = 10;
const answerMs = 30_000;
const largeTextBytes = 100_000;

export async function floodWithMalformed(frames: number, seed: number): Promise<MalformedFigures> {
  const random = new SeededRandom(seed);
  const hub = await startFaultProcess({ PACES: 'attacked' });
  const crowd = new Crowd(hub.address, random);
  const flood = new Flood(hub, random);
  try {
    await crowd.enter(honest);
    await crowd.enter(honest);
    // Code is compiled, pools are filled and the merging thread is started before; what counts is what comes on top.
    await flood.round();
    await startMerging(hub);
    const before = await restedFigures(hub);
    let figures = before;
    let longestTurnMs = 0;
    while (flood.sent < frames) {
      await flood.round();
      for (let edit = 0; edit < 10; edit += 1) crowd.edit();
      await crowd.settled();
      figures = await hub.figures();
      longestTurnMs = Math.max(longestTurnMs, figures.longestTurnMs);
    }
    flood.stop();
    const after = await restedFigures(hub);
    const grownBytes = after.residentBytes - before.residentBytes;
    const grownHeldBytes = after.heldBytes - before.heldBytes;
    const { sent, answered, codes } = flood;
    return { frames: sent, answered, codes, exits: hub.exits(), longestTurnMs, grownBytes, grownHeldBytes };
  } finally {
    flood.stop();
    crowd.stop();
    await hub.remove();
  }
}

/** The smallest of a few looks: memory is given back when the collector comes round. */
async function restedFigures(hub: FaultProcess): Promise<Figures> {
  let least = await hub.figures();
  for (let look = 0; look < 5; look += 1) {
    const figures = await hub.figures();
    if (figures.residentBytes < least.residentBytes) least = figures;
  }
  return least;
}

/**
 * Writes one document until a snapshot of it is stored. The thread that merges takes some 60 MB for its code and heap,
 * once, when the first document is large enough: in the middle of a flood it would look like a leak.
 */
async function startMerging(hub: FaultProcess): Promise<void> {
  const socket = socketOf(hub, 'person-902');
  const doc = new Y.Doc();
  const document = 'test/large';
  await connected(socket);
  await ask(socket, 'join', { version: liveVersion, document, clientId: doc.clientID });
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  while (updates.length * largeTextBytes <= 2 * snapshotBytes) {
    doc.getText('text').insert(0, 'x'.repeat(largeTextBytes));
    await ask(socket, 'push', { document, update: updates.at(-1) });
  }
  await until('a snapshot', async () => (await hub.figures()).snapshots > 0);
  socket.disconnect();
}

function socketOf(hub: FaultProcess, token: string): LiveSocket {
  return io(hub.address, {
    path: livePath,
    parser: liveParser,
    transports: ['websocket'],
    forceNew: true,
    autoConnect: false,
    reconnection: false,
    auth: { token },
  });
}

/** One attacker. */
class Flood {
  sent = 0;
  answered = 0;
  readonly codes: Record<string, number> = {};
  readonly #hub: FaultProcess;
  readonly #random: SeededRandom;
  #writers: HostileWriter[] = [];
  #socket: LiveSocket | null = null;

  constructor(hub: FaultProcess, random: SeededRandom) {
    this.#hub = hub;
    this.#random = random;
  }

  /** A few thousand frames, all answered or cut when it returns. */
  async round(): Promise<void> {
    const socket = await this.#joined();
    let left = framesOfRound - rawConnectionsOfRound * framesOfConnection;
    const lane = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        this.#count(await this.#say(socket));
      }
    };
    // As many as may wait of one person: with more, nearly all would be told only that they are too many.
    await Promise.all(Array.from({ length: lanes }, lane));
    for (let at = 0; at < rawConnectionsOfRound; at += 1) await this.#sayRaw();
    await this.#poll();
  }

  #count(answer: unknown): void {
    this.sent += 1;
    this.answered += 1;
    const code = isRefusal(answer) ? answer.code : 'ok';
    this.codes[code] = (this.codes[code] ?? 0) + 1;
  }

  stop(): void {
    this.#socket?.disconnect();
    this.#socket = null;
  }

  /** A connection of its own for each round, since a wrong leave or join may have ended the seat of the last. */
  async #joined(): Promise<LiveSocket> {
    this.stop();
    const socket = socketOf(this.#hub, 'person-900');
    this.#socket = socket;
    await connected(socket);
    // Many, because a wrong update that was taken makes every later one of its writer a mere gap.
    this.#writers = Array.from({ length: writersOfRound }, () => new HostileWriter(this.#random));
    const [clientId, ...earlierClientIds] = this.#writers.map(({ doc }) => doc.clientID);
    await ask(socket, 'join', { version: liveVersion, document: attacked, clientId, earlierClientIds });
    return socket;
  }

  #say(socket: LiveSocket): Promise<unknown> {
    if (this.#random.chance(0.6)) {
      return ask(socket, 'push', { document: attacked, update: this.#random.pick(this.#writers).update() });
    }
    const { name, message } = wrongMessage(attacked, this.#random);
    // Leaving rightly would make every later push a mere `live.notJoined`.
    return ask(socket, name === 'leave' ? 'leaves' : name, message);
  }

  async #sayRaw(): Promise<void> {
    const isGreeted = this.#random.chance(0.8);
    const { socket, send } = isGreeted
      ? await greetRaw(this.#hub.port, 'person-901')
      : await openRaw(this.#hub.port);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    for (let at = 0; at < framesOfConnection; at += 1) {
      if (this.#random.chance(0.1)) socket.write(wrongSocketBytes(this.#random));
      else send(wrongFrame(attacked, this.#random));
      this.sent += 1;
    }
    socket.end();
    socket.destroySoon();
    await closed;
  }

  /** Other transports and other addresses of Engine.IO. */
  async #poll(): Promise<void> {
    const address = `${this.#hub.address}${livePath}/?EIO=${this.#random.below(6)}&transport=polling`;
    for (const body of [null, 'x'.repeat(1_000), '42["join",null]']) {
      const method = body === null ? 'GET' : 'POST';
      const response = await fetch(address, { method, body });
      await response.arrayBuffer();
      this.sent += 1;
      // No transport but ours, and that is said before anything is read.
      assert.equal(response.status, 400);
    }
  }
}

function ask(socket: LiveSocket, name: string, message: unknown): Promise<unknown> {
  const asking = socket as unknown as {
    timeout(ms: number): { emitWithAck(name: string, message: unknown): Promise<unknown> };
  };
  return asking.timeout(answerMs).emitWithAck(name, message);
}
