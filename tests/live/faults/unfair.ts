/** Fifty people of one company send all they are allowed to and more, while ten of another type: what those notice. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import * as Y from 'yjs';
import { livePath, liveVersion } from '#shared/base/live.ts';
import { liveParser } from '#shared/base/live-parser.ts';
import { startFaultProcess } from '#tests/live/faults/fault-process.ts';
import type { LiveSocket } from '#tests/support/live-hub.ts';
import { connected } from '#tests/support/live-tab.ts';

/** What those of the other company waited for the word that an edit is stored, in ms. */
export interface Waits {
  edits: number;
  p50: number;
  p95: number;
  worst: number;
}

/** What a run saw. */
export interface UnfairFigures {
  before: Waits;
  during: Waits;
  /** Of p95; the goal is 2. */
  ratio: number;
  exits: number;
}

const honestPeople = 10;
const abusers = 50;
const abusePushes = 60;
const editEveryMs = 200;
const warmUpMs = 2_000;

/** @param ms - of each of the two measurements */
export async function floodFromOneCompany(ms: number): Promise<UnfairFigures> {
  const hub = await startFaultProcess({});
  const people = await Promise.all(
    // Odd numbers are of one company, even ones of the other.
    Array.from({ length: honestPeople }, (_, at) => enter(hub.address, 2 * at + 1, 'test/honest')),
  );
  try {
    await typeFor(people, warmUpMs);
    const before = await typeFor(people, ms);
    const flood = fork(import.meta.filename, [hub.address]);
    await once(flood, 'message');
    await typeFor(people, warmUpMs);
    const during = await typeFor(people, ms);
    flood.kill('SIGKILL');
    return { before, during, ratio: during.p95 / before.p95, exits: hub.exits() };
  } finally {
    for (const { socket } of people) socket.disconnect();
    await hub.remove();
  }
}

/** One tab. */
interface Person {
  socket: LiveSocket;
  doc: Y.Doc;
  document: string;
}

async function enter(address: string, number: number, document: string): Promise<Person> {
  const socket: LiveSocket = io(address, {
    path: livePath,
    parser: liveParser,
    transports: ['websocket'],
    forceNew: true,
    autoConnect: false,
    auth: { token: `person-${number}` },
  });
  await connected(socket);
  const doc = new Y.Doc();
  await ask(socket, 'join', { version: liveVersion, document, clientId: doc.clientID });
  return { socket, doc, document };
}

async function typeFor(people: readonly Person[], ms: number): Promise<Waits> {
  const waits: number[] = [];
  const endMs = performance.now() + ms;
  const typing = people.map(async (person, at) => {
    await pause((at * editEveryMs) / people.length);
    const answers: Promise<unknown>[] = [];
    while (performance.now() < endMs) {
      const begun = performance.now();
      answers.push(push(person, 'a').then(() => waits.push(performance.now() - begun)));
      await pause(editEveryMs);
    }
    await Promise.all(answers);
  });
  await Promise.all(typing);
  waits.sort((one, other) => one - other);
  const at = (part: number) => Math.round((waits[Math.floor(waits.length * part)] ?? 0) * 10) / 10;
  return { edits: waits.length, p50: at(0.5), p95: at(0.95), worst: at(0.999) };
}

/** Pushes one edit; says whether it was taken. */
async function push({ socket, doc, document }: Person, text: string): Promise<boolean> {
  let update: Uint8Array = new Uint8Array();
  doc.once('update', (made: Uint8Array) => {
    update = made;
  });
  doc.getText('t').insert(doc.getText('t').length, text);
  const answer = await ask(socket, 'push', { document, update });
  return (answer as { ok: boolean }).ok;
}

function ask(socket: LiveSocket, name: string, message: unknown): Promise<unknown> {
  return (socket as unknown as { emitWithAck(name: string, message: unknown): Promise<unknown> }).emitWithAck(
    name,
    message,
  );
}

/** Everybody sends as fast as they are answered, and begins anew when they are cut. */
async function abuse(address: string): Promise<void> {
  const text = 'x'.repeat(1_000);
  const people = await Promise.all(
    Array.from({ length: abusers }, (_, at) => enter(address, 2 * at, `test/abused-${at % 5}`)),
  );
  for (const person of people) {
    for (let lane = 0; lane < abusePushes; lane += 1) {
      void (async () => {
        for (;;) await push(person, text).catch(() => pause(100));
      })();
    }
  }
  process.send?.('flooding');
}

const [address] = process.argv.slice(2);
if (process.send !== undefined && address?.startsWith('http') === true) await abuse(address);
