/** S6: from nothing running to the first person in sync. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rssMbOf } from '#tests/bench/measure/process-meter.ts';
import { median } from '#tests/bench/measure/statistics.ts';
import { type Peer, type PeerId, peers } from '#tests/bench/peers.ts';
import { placeOf } from '#tests/bench/scenarios/crowd.ts';
import { oneDocument } from '#tests/bench/scenarios/stage.ts';
import { seedDocuments, startServer } from '#tests/bench/servers/server-process.ts';

const silent = { updates() {}, carets() {}, stored() {}, failed() {}, closed() {} };

/** How S6 is played. */
export interface StartingOrder {
  starts: number;
}

/** What S6 finds; medians of its starts. */
export interface StartingFigures {
  firstSyncedMs: number;
  rssMb: number;
  wrong: string[];
}

/** Plays it once, on data that is there already. */
export async function playStarting(id: PeerId, { starts }: StartingOrder): Promise<StartingFigures> {
  const peer: Peer = peers[id];
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  try {
    const [document] = await seedDocuments(id, dataDir, oneDocument(2));
    const found: { ms: number; rssMb: number }[] = [];
    for (let start = 0; start < starts; start += 1) {
      const server = await startServer(peer, dataDir);
      const begun = performance.now();
      const place = placeOf(document?.document ?? '', document?.tokens[0] ?? '', 1_000_000 + start);
      const { client } = await peer.protocol.join(server.port, place, silent);
      found.push({ ms: server.startMs + performance.now() - begun, rssMb: rssMbOf(server.pid) });
      client.cut();
      await server.stop();
    }
    return {
      firstSyncedMs: median(found.map(({ ms }) => ms)),
      rssMb: median(found.map(({ rssMb }) => rssMb)),
      wrong: [],
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
}
