/** S4: opening a document with a long past, from storage and from memory. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Y from 'yjs';
import { decodeLoad, encodeLoad } from '#shared/base/live-frame.ts';
import { readUpdate } from '#tests/bench/load/peer-client.ts';
import { readTrace, traceClientId, traceUpdates } from '#tests/bench/load/trace.ts';
import { cpuMsOf } from '#tests/bench/measure/process-meter.ts';
import { median } from '#tests/bench/measure/statistics.ts';
import { type Peer, type PeerId, peers } from '#tests/bench/peers.ts';
import { pause, placeOf } from '#tests/bench/scenarios/crowd.ts';
import type { SeededDocument } from '#tests/bench/servers/seed-order.ts';
import { type ServerProcess, seedDocuments, startServer } from '#tests/bench/servers/server-process.ts';

const people = 12;
const warmOpens = 8;
/** Edits that are sent as one update, and how long apart: under the pace of a person. */
const editsAtOnce = 250;
const pushMs = 11;
/** Our own hub keeps an idle document for 30 s; some peers never let one go. */
const unloadLimitMs = 45_000;

/** How S4 is played; `folder` holds what `prepareOpening` made. */
export interface OpeningOrder {
  folder: string;
  /** Cold openings, each by a server just started. */
  opens: number;
}

/** What S4 finds; medians of its openings. */
export interface OpeningFigures {
  coldMs: number;
  warmMs: number;
  coldCpuMs: number;
  bytes: number;
  wrong: string[];
}

/** What `prepareOpening` leaves beside the server's data. */
interface Prepared {
  /** The long one, and an empty one to warm up with. */
  documents: SeededDocument[];
  /** Clock up to which the long one goes. */
  clock: number;
}

/** Turns a trace into a file of updates. @returns how many edits it has */
export async function prepareTrace(tracePath: string, folder: string): Promise<number> {
  const patches = readTrace(tracePath);
  await mkdir(folder, { recursive: true });
  await writeFile(updatesPath(folder), encodeLoad(traceUpdates(patches)));
  return patches.length;
}

/** Fills a peer's storage with the document, as it lies there when it was closed for a while. */
export async function prepareOpening(
  id: PeerId,
  { folder }: { folder: string },
): Promise<Record<string, never>> {
  const updates = decodeLoad(await readFile(updatesPath(folder)));
  const dataDir = join(folder, id);
  await mkdir(dataDir, { recursive: true });
  const documents = await seedDocuments(id, dataDir, {
    groups: 1,
    documentsPerGroup: 2,
    peoplePerDocument: people,
  });
  const peer: Peer = peers[id];
  const clock = updates.reduce((most, update) => Math.max(most, clockIn([update])), 0);
  const [long] = documents;
  if (id === 'relay') {
    await writeFile(join(dataDir, `${long?.document}.update`), stateOf(updates));
  } else if (long !== undefined) {
    await withServer(peer, dataDir, (server) => write(peer, server, long, updates, clock));
    // Opened and closed once more: what a peer with LevelDB tidies up at an opening, it has tidied up.
    if (id !== 'hub')
      await withServer(peer, dataDir, async (server) => {
        (await open(peer, server, long, 1, clock)).cut();
        await unloaded(server);
      });
  }
  await writeFile(preparedPath(folder, id), JSON.stringify({ documents, clock } satisfies Prepared));
  return {};
}

/** Plays it once. */
export async function playOpening(id: PeerId, { folder, opens }: OpeningOrder): Promise<OpeningFigures> {
  const { documents, clock } = JSON.parse(await readFile(preparedPath(folder, id), 'utf8')) as Prepared;
  const [long, empty] = documents;
  if (long === undefined || empty === undefined) throw new Error('nothing was prepared');
  const peer: Peer = peers[id];
  const found: { coldMs: number; warmMs: number; cpuMs: number; bytes: number }[] = [];
  for (let round = 0; round < opens; round += 1) {
    const dataDir = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
    await cp(join(folder, id), dataDir, { recursive: true });
    await withServer(peer, dataDir, async (server) => {
      // The way is warm, the document is not.
      for (let index = 0; index < people; index += 1) (await open(peer, server, empty, index, 0)).cut();
      await pause(200);
      const cpuMs = cpuMsOf(server.pid);
      const cold = await open(peer, server, long, 0, clock);
      const coldCpuMs = cpuMsOf(server.pid) - cpuMs;
      const warm: number[] = [];
      for (let index = 1; index <= warmOpens; index += 1) {
        const again = await open(peer, server, long, index, clock);
        warm.push(again.tookMs);
        again.cut();
      }
      found.push({ coldMs: cold.tookMs, warmMs: median(warm), cpuMs: coldCpuMs, bytes: cold.bytes });
      cold.cut();
    }).finally(() => rm(dataDir, { recursive: true, force: true, maxRetries: 3 }));
  }
  return {
    coldMs: median(found.map(({ coldMs }) => coldMs)),
    warmMs: median(found.map(({ warmMs }) => warmMs)),
    coldCpuMs: median(found.map(({ cpuMs }) => cpuMs)),
    bytes: median(found.map(({ bytes }) => bytes)),
    wrong: [],
  };
}

/** All of it as one update. */
function stateOf(updates: readonly Uint8Array[]): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return Y.encodeStateAsUpdate(doc);
}

/** One person's opening: in sync once everything up to the clock is there. @throws Error when that takes a minute */
async function open(peer: Peer, server: ServerProcess, of: SeededDocument, person: number, clock: number) {
  // The first is the writer, under the writer's own Yjs client.
  const clientId = person === 0 ? traceClientId : 2_000_000 + person;
  const place = placeOf(of.document, of.tokens[person] ?? '', clientId);
  const begun = performance.now();
  const had: Uint8Array[] = [];
  let tookMs = 0;
  let has = 0;
  const take = (updates: readonly Uint8Array[]) => {
    const nowMs = performance.now();
    for (const update of updates) had.push(update);
    const before = has;
    has = Math.max(has, clockIn(updates));
    if (has > before) tookMs = nowMs - begun;
  };
  const listener = {
    updates: (found: readonly { bytes: Uint8Array }[]) => take(found.map(({ bytes }) => bytes)),
    carets: () => undefined,
    stored: () => undefined,
    failed: () => undefined,
    closed: () => undefined,
  };
  const { client, updates } = await peer.protocol.join(server.port, place, listener);
  tookMs = performance.now() - begun;
  take(updates);
  while (has < clock) {
    if (performance.now() - begun > 60_000)
      throw new Error(`${peer.name} gives the document up to ${has} of ${clock}`);
    await pause(1);
  }
  const bytes = had.reduce((sum, update) => sum + update.length, 0);
  return { tookMs, bytes, clock: has, client, cut: () => client.cut() };
}

/** The clock the one writer's edits go up to in some updates. */
function clockIn(updates: readonly Uint8Array[]): number {
  const ranges = updates.flatMap((update) => readUpdate(update).ranges);
  return ranges.reduce((most, { client, to }) => (client === traceClientId ? Math.max(most, to) : most), 0);
}

async function write(
  peer: Peer,
  server: ServerProcess,
  of: SeededDocument,
  updates: readonly Uint8Array[],
  clock: number,
): Promise<void> {
  const writer = await open(peer, server, of, 0, 0);
  for (let first = 0; first < updates.length; first += editsAtOnce) {
    writer.client.push(Y.mergeUpdates(updates.slice(first, first + editsAtOnce)));
    await pause(pushMs);
  }
  for (;;) {
    const again = await open(peer, server, of, 2, 0);
    again.cut();
    if (again.clock >= clock) break;
    await pause(500);
  }
  writer.cut();
  await unloaded(server);
}

/** Waits until no document is in memory; a peer that keeps them for ever is given ten seconds to store. */
async function unloaded(server: ServerProcess): Promise<void> {
  const begun = performance.now();
  let least = Number.POSITIVE_INFINITY;
  while (performance.now() - begun < unloadLimitMs) {
    await pause(250);
    least = Math.min(least, (await server.ask('documents')) ?? 0);
    if (least === 0) break;
  }
  // Written behind the answer, with Hocuspocus up to ten seconds later.
  await pause(3_000);
}

async function withServer<Result>(
  peer: Peer,
  dataDir: string,
  work: (server: ServerProcess) => Promise<Result>,
): Promise<Result> {
  const server = await startServer(peer, dataDir);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

const updatesPath = (folder: string) => join(folder, 'trace.updates');
const preparedPath = (folder: string, id: PeerId) => join(folder, `${id}.json`);
