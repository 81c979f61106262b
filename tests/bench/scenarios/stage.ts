/** Where a scenario plays: a peer's server, started on documents and people that were made before. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Peer, type PeerId, peers } from '#tests/bench/peers.ts';
import type { SeededDocument, SeedOrder } from '#tests/bench/servers/seed-order.ts';
import { type ServerProcess, seedDocuments, startServer } from '#tests/bench/servers/server-process.ts';

/** A running server and what it was filled with. */
export interface Stage {
  peer: Peer;
  server: ServerProcess;
  /** A document with its people but one, and that one's token, who comes at the end to look. */
  take(index: number): { document: SeededDocument; newcomerToken: string };
}

/** Plays on a fresh server in a fresh folder, and removes both. @param args - further arguments of the server */
export async function onStage<Result>(
  id: PeerId,
  order: SeedOrder,
  play: (stage: Stage) => Promise<Result>,
  args: readonly string[] = [],
): Promise<Result> {
  const peer: Peer = peers[id];
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  try {
    const documents = await seedDocuments(id, folder, order);
    const stage: Stage = {
      peer,
      take: (index) => takeFrom(documents, index),
      server: await startServer(peer, folder, args),
    };
    try {
      return await play(stage);
    } finally {
      await stage.server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The order for one document with so many people, and one more who looks. */
export function oneDocument(people: number): SeedOrder {
  return { groups: 1, documentsPerGroup: 1, peoplePerDocument: people + 1 };
}

function takeFrom(documents: readonly SeededDocument[], index: number) {
  const { document, tokens } = documents[index] ?? { document: '', tokens: [] };
  return { document: { document, tokens: tokens.slice(0, -1) }, newcomerToken: tokens.at(-1) ?? '' };
}
