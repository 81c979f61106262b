/** S3: a thousand documents of two people, each with an edit every two seconds; then everybody leaves. */
import { beat } from '#tests/bench/load/beat.ts';
import { type Delays, delaysOf } from '#tests/bench/measure/histogram.ts';
import { cpuMsOf, rssMbOf } from '#tests/bench/measure/process-meter.ts';
import type { PeerId } from '#tests/bench/peers.ts';
import { Clocks, Crowd, pause } from '#tests/bench/scenarios/crowd.ts';
import { onStage } from '#tests/bench/scenarios/stage.ts';

const everyMs = 2_000;
const peoplePerDocument = 2;
const documentsPerGroup = 10;
const joinedAtOnce = 25;

/** How S3 is played. */
export interface ManyDocumentsOrder {
  documents: number;
  seconds: number;
  /** How long after the last one left the documents in memory are counted; 0 = not at all. */
  afterMs: number;
}

/** What S3 finds. */
export interface ManyDocumentsFigures {
  /** Resident memory after the edits over what an idle server had. */
  growthMb: number;
  /** The same of heap and buffers with the garbage collected. */
  liveGrowthMb: number;
  cpuUsPerDelivery: number;
  cpuPct: number;
  delays: Delays;
  /** Documents in memory at the end; null where none are kept, or nobody waited. */
  left: number | null;
  wrong: string[];
}

/** Plays it once. */
export function playManyDocuments(id: PeerId, order: ManyDocumentsOrder): Promise<ManyDocumentsFigures> {
  const groups = Math.ceil(order.documents / documentsPerGroup);
  // One of the people of each document only looks at the end whether all is well.
  const seed = { groups, documentsPerGroup, peoplePerDocument: peoplePerDocument + 1 };
  return onStage(id, seed, async (stage) => {
    const { peer, server } = stage;
    const clocks = new Clocks();
    const heapMb = (await server.ask('collect')) ?? 0;
    const rssMb = rssMbOf(server.pid);
    const taken = Array.from({ length: order.documents }, (_, index) => stage.take(index));
    const crowds = taken.map(({ document }, index) => {
      const firstClientId = 1_000_000 + index * (peoplePerDocument + 1);
      return new Crowd({ peer, port: server.port, document, clocks, firstClientId });
    });
    for (let first = 0; first < crowds.length; first += joinedAtOnce) {
      await Promise.all(crowds.slice(first, first + joinedAtOnce).map((crowd) => crowd.gather()));
    }
    const people = order.documents * peoplePerDocument;
    const turn = (index: number) => crowds[index % crowds.length]?.type(Math.floor(index / crowds.length));
    await beat({ people, everyMs, forMs: everyMs }, turn);
    clocks.clear();
    const delivered = () => crowds.reduce((sum, { ledger }) => sum + ledger.deliveries, 0);
    const before = { deliveries: delivered(), cpuMs: cpuMsOf(server.pid) };
    const begun = performance.now();
    await beat({ people, everyMs, forMs: order.seconds * 1_000 }, turn);
    await Promise.all(crowds.map((crowd) => crowd.settle(10_000)));
    const tookMs = performance.now() - begun;
    const cpuMs = cpuMsOf(server.pid) - before.cpuMs;
    const deliveries = delivered() - before.deliveries;
    const growthMb = rssMbOf(server.pid) - rssMb;
    const liveGrowthMb = ((await server.ask('collect')) ?? 0) - heapMb;
    const unseen = crowds.flatMap((crowd) => [
      ...crowd.failures,
      ...(crowd.missing > 0 ? ['edits unseen'] : []),
    ]);
    const checked = await crowds[0]?.verify(taken[0]?.newcomerToken ?? '');
    for (const crowd of crowds) crowd.leave();
    if (order.afterMs > 0) await pause(order.afterMs);
    return {
      growthMb,
      liveGrowthMb,
      cpuUsPerDelivery: (cpuMs * 1_000) / deliveries,
      cpuPct: (cpuMs / tookMs) * 100,
      delays: delaysOf(clocks.delays),
      left: order.afterMs > 0 ? await server.ask('documents') : null,
      wrong: [...new Set([...unseen, ...(checked ?? [])])],
    };
  });
}
