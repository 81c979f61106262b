/** S2b: more and more people type five characters a second in one document, until others see it too late. */
import { beat } from '#tests/bench/load/beat.ts';
import { cpuMsOf } from '#tests/bench/measure/process-meter.ts';
import type { PeerId } from '#tests/bench/peers.ts';
import { Clocks, Crowd } from '#tests/bench/scenarios/crowd.ts';
import { tooLateMs } from '#tests/bench/scenarios/saturation.ts';
import { oneDocument, onStage } from '#tests/bench/scenarios/stage.ts';
import { keystrokeMs } from '#tests/bench/scenarios/typing.ts';

const warmUpMs = 1_000;

/** How S2b is played. */
export interface CrowdingOrder {
  /** How many people there are at each step. */
  steps: readonly number[];
  seconds: number;
}

/** What S2b finds: the last step that was still in time. */
export interface CrowdingFigures {
  people: number;
  /** Share of the server's core, percent. */
  cpuPct: number;
  /** Share of the load's core: near 100 it is the clients that could do no more. */
  loadPct: number;
  p99: number;
  wrong: string[];
}

/** Plays it once. */
export function playCrowding(id: PeerId, { steps, seconds }: CrowdingOrder): Promise<CrowdingFigures> {
  return onStage(id, oneDocument(Math.max(...steps)), async (stage) => {
    const { peer, server } = stage;
    const clocks = new Clocks();
    const { document, newcomerToken } = stage.take(0);
    const crowd = new Crowd({ peer, port: server.port, document, clocks, firstClientId: 1_000_000 });
    let best = { people: 0, cpuPct: 0, loadPct: 0, p99: 0 };
    for (const people of steps) {
      if (!(await crowd.gather(people))) break;
      const type = (forMs: number) =>
        beat({ people, everyMs: keystrokeMs, forMs }, (index) => crowd.type(index));
      await type(warmUpMs);
      await crowd.settle(10_000);
      clocks.clear();
      const before = { serverMs: cpuMsOf(server.pid), load: process.cpuUsage() };
      const begun = performance.now();
      await type(seconds * 1_000);
      const isSettled = await crowd.settle(15_000);
      const tookMs = performance.now() - begun;
      const { user, system } = process.cpuUsage(before.load);
      const p99 = clocks.delays.percentile(0.99);
      if (!isSettled || p99 > tooLateMs) break;
      const cpuPct = ((cpuMsOf(server.pid) - before.serverMs) / tookMs) * 100;
      best = { people, cpuPct, loadPct: (user + system) / 10 / tookMs, p99 };
    }
    const wrong = await crowd.verify(newcomerToken);
    crowd.leave();
    return { ...best, wrong };
  });
}
