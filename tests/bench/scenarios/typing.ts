/** S1: people in one document, each typing five characters a second. */
import { beat } from '#tests/bench/load/beat.ts';
import { type Delays, delaysOf } from '#tests/bench/measure/histogram.ts';
import { cpuMsOf, rssMbOf } from '#tests/bench/measure/process-meter.ts';
import type { PeerId } from '#tests/bench/peers.ts';
import { Clocks, Crowd } from '#tests/bench/scenarios/crowd.ts';
import { oneDocument, onStage } from '#tests/bench/scenarios/stage.ts';

/** Five characters a second. */
export const keystrokeMs = 200;
const warmUpSeconds = 2;

/** How S1 is played. */
export interface TypingOrder {
  people: number;
  carets: boolean;
  seconds: number;
  /** Typing before anything is counted; 2 s unless said otherwise. */
  warmUp?: number;
}

/** What S1 finds. */
export interface TypingFigures {
  /** From an edit to another's seeing it. */
  delays: Delays;
  /** From a push to the word that it is stored; null where nobody says so. */
  ackDelays: Delays | null;
  deliveries: number;
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
  return onStage(id, oneDocument(order.people), async (stage) => {
    const { peer, server } = stage;
    const clocks = new Clocks();
    const { document, newcomerToken } = stage.take(0);
    const crowd = new Crowd({ peer, port: server.port, document, clocks, firstClientId: 1_000_000 });
    await crowd.gather();
    const turn = (index: number) => {
      crowd.type(index);
      if (order.carets) crowd.moveCaret(index);
    };
    await beat(
      { people: order.people, everyMs: keystrokeMs, forMs: (order.warmUp ?? warmUpSeconds) * 1_000 },
      turn,
    );
    await crowd.settle(5_000);
    clocks.clear();
    const before = { deliveries: crowd.ledger.deliveries, ...crowd.traffic, cpuMs: cpuMsOf(server.pid) };
    const begun = performance.now();
    await beat({ people: order.people, everyMs: keystrokeMs, forMs: order.seconds * 1_000 }, turn);
    await crowd.settle(10_000);
    const tookMs = performance.now() - begun;
    const cpuMs = cpuMsOf(server.pid) - before.cpuMs;
    const deliveries = crowd.ledger.deliveries - before.deliveries;
    const { frames, bytes } = crowd.traffic;
    const rssMb = rssMbOf(server.pid);
    const wrong = await crowd.verify(newcomerToken);
    crowd.leave();
    return {
      delays: delaysOf(clocks.delays),
      ackDelays: clocks.ackDelays.count > 0 ? delaysOf(clocks.ackDelays) : null,
      deliveries,
      cpuUsPerDelivery: (cpuMs * 1_000) / deliveries,
      cpuPct: (cpuMs / tookMs) * 100,
      framesPerDelivery: (frames - before.frames) / deliveries,
      bytesPerDelivery: (bytes - before.bytes) / deliveries,
      rssMb,
      wrong,
    };
  });
}
