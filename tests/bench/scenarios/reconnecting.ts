/** S5: everybody in one document loses the line at once and is back at once. */

import { cpuMsOf } from '#tests/bench/measure/process-meter.ts';
import { median } from '#tests/bench/measure/statistics.ts';
import type { PeerId } from '#tests/bench/peers.ts';
import { Clocks, Crowd, pause } from '#tests/bench/scenarios/crowd.ts';
import { oneDocument, onStage } from '#tests/bench/scenarios/stage.ts';

/** Between two rounds, so that each begins on a quiet server. */
const restMs = 1_500;
const charactersEach = 20;

/** How S5 is played. */
export interface ReconnectingOrder {
  people: number;
  rounds: number;
}

/** What S5 finds; medians of its rounds. */
export interface ReconnectingFigures {
  /** From the cut to the last one's being in sync. */
  allSyncedMs: number;
  cpuMsPerPerson: number;
  bytesPerPerson: number;
  wrong: string[];
}

/** Plays it once. */
export function playReconnecting(id: PeerId, order: ReconnectingOrder): Promise<ReconnectingFigures> {
  return onStage(id, oneDocument(order.people), async (stage) => {
    const { peer, server } = stage;
    const { document, newcomerToken } = stage.take(0);
    const clocks = new Clocks();
    const crowd = new Crowd({ peer, port: server.port, document, clocks, firstClientId: 1_000_000 });
    await crowd.gather();
    for (let index = 0; index < order.people; index += 1) crowd.type(index, charactersEach);
    await crowd.settle(20_000);
    const rounds: { tookMs: number; cpuMs: number; bytes: number }[] = [];
    for (let round = 0; round < order.rounds; round += 1) {
      await pause(restMs);
      const cpuMs = cpuMsOf(server.pid);
      const tookMs = await crowd.reconnect();
      // What follows the answers, presence for instance, is part of the price.
      await pause(restMs / 3);
      rounds.push({ tookMs, cpuMs: cpuMsOf(server.pid) - cpuMs, bytes: crowd.traffic.bytes });
    }
    // Everybody still hears everybody.
    for (let index = 0; index < order.people; index += 25) crowd.type(index);
    await crowd.settle(20_000);
    const wrong = await crowd.verify(newcomerToken);
    crowd.leave();
    return {
      allSyncedMs: median(rounds.map(({ tookMs }) => tookMs)),
      cpuMsPerPerson: median(rounds.map(({ cpuMs }) => cpuMs)) / order.people,
      bytesPerPerson: median(rounds.map(({ bytes }) => bytes)) / order.people,
      wrong,
    };
  });
}
