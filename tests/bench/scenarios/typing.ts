/** S1: people in one document, each typing five characters a second. */
import { beat } from '#tests/bench/load/beat.ts';
import { type Delays, delaysOf } from '#tests/bench/measure/histogram.ts';
import { cpuMsOf, rssMbOf } from '#tests/bench/measure/process-meter.ts';
import type { PeerId } from '#tests/bench/peers.ts';
import { Crowd } from '#tests/bench/scenarios/crowd.ts';
import { onStage } from '#tests/bench/scenarios/stage.ts';

const everyMs = 200;
const warmUpMs = 2_000;

/** How S1 is played. */
export interface TypingOrder {
  people: number;
  carets: boolean;
  seconds: number;
}

/** What S1 finds. */
export interface TypingFigures {
  /** From an edit to another's seeing it. */
  delays: Delays;
  /** From a push to the word that it is stored; null where nobody says so. */
  ackDelays: Delays | null;
  deliveries: number;
  cpuMs: number;
  cpuUsPerDelivery: number;
  /** Share of the server's core, percent. */
  cpuPct: number;
  framesPerDelivery: number;
  bytesPerDelivery: number;
  rssMb: number;
  wrong: string[];
}

/** Plays it once. */
export function playTyping(id: PeerId, order: TypingOrder): Promise<TypingFigures> {
  // One person more, who comes at the end and looks.
  const seed = { groups: 1, documentsPerGroup: 1, peoplePerDocument: order.people + 1 };
  return onStage(id, seed, async ({ peer, server, documents }) => {
    const [{ document, tokens } = { document: '', tokens: [] }] = documents;
    const crowd = new Crowd(peer.protocol, server.port, { document, tokens: tokens.slice(0, -1) });
    await crowd.gather();
    const turn = (index: number) => {
      crowd.type(index);
      if (order.carets) crowd.moveCaret(index);
    };
    await beat({ people: order.people, everyMs, forMs: warmUpMs }, turn);
    await crowd.settle(5_000);
    crowd.delays.clear();
    crowd.ackDelays.clear();
    const before = { deliveries: crowd.ledger.deliveries, ...crowd.traffic, cpuMs: cpuMsOf(server.pid) };
    const begun = performance.now();
    await beat({ people: order.people, everyMs, forMs: order.seconds * 1_000 }, turn);
    await crowd.settle(10_000);
    const tookMs = performance.now() - begun;
    const cpuMs = cpuMsOf(server.pid) - before.cpuMs;
    const deliveries = crowd.ledger.deliveries - before.deliveries;
    const { frames, bytes } = crowd.traffic;
    const rssMb = rssMbOf(server.pid);
    const newcomer = { document, token: tokens.at(-1) ?? '', localAddress: '127.0.0.1', clientId: 999 };
    const wrong = await crowd.verify(newcomer);
    crowd.leave();
    return {
      delays: delaysOf(crowd.delays),
      ackDelays: crowd.acknowledges ? delaysOf(crowd.ackDelays) : null,
      deliveries,
      cpuMs,
      cpuUsPerDelivery: (cpuMs * 1_000) / deliveries,
      cpuPct: (cpuMs / tookMs) * 100,
      framesPerDelivery: (frames - before.frames) / deliveries,
      bytesPerDelivery: (bytes - before.bytes) / deliveries,
      rssMb,
      wrong,
    };
  });
}
