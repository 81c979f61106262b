/** S2: fifty people in one document type faster and faster, until others see it too late. */
import { cpuMsOf } from '#tests/bench/measure/process-meter.ts';
import type { PeerId } from '#tests/bench/peers.ts';
import { Clocks, Crowd, pause } from '#tests/bench/scenarios/crowd.ts';
import { oneDocument, onStage } from '#tests/bench/scenarios/stage.ts';

/** Above this the 99th percentile is too late, ms. */
export const tooLateMs = 250;
/** A frame of the screen: our own client sends the edits of one together. */
const frameMs = 16;
/** Pushes our own client has on their way at once; what comes meanwhile goes with the next. */
const maxFlights = 8;
const firstEditsPerSecond = 1_500;
const stepPauseMs = 300;
/** Share of a core from which it counts as full. */
const full = 0.85;

/** How S2 is played. */
export interface SaturationOrder {
  people: number;
  /** Edits of a frame of the screen go as one push, as our own client does; else each goes alone. */
  merged: boolean;
  stepSeconds: number;
  /** Each step's rate over the one before. */
  factor: number;
}

/** What S2 finds: the last step that was still in time. */
export interface SaturationFigures {
  editsPerSecond: number;
  deliveriesPerSecond: number;
  p99: number;
  /** What ended it. */
  bound: 'server' | 'clients' | 'delay';
  wrong: string[];
}

/** One step, as it went. */
interface Step extends Omit<SaturationFigures, 'wrong'> {
  isSustained: boolean;
}

/** Plays it once. */
export function playSaturation(id: PeerId, order: SaturationOrder): Promise<SaturationFigures> {
  const merged = order.merged && id === 'hub';
  const options = id === 'hub' && !merged ? ['wide'] : [];
  const play = async (stage: Parameters<Parameters<typeof onStage<SaturationFigures>>[2]>[0]) => {
    const { peer, server } = stage;
    const clocks = new Clocks();
    const { document, newcomerToken } = stage.take(0);
    const crowd = new Crowd({ peer, port: server.port, document, clocks, firstClientId: 1_000_000 });
    await crowd.gather();
    let best: Step | null = null;
    let rate = firstEditsPerSecond;
    let misses = 0;
    for (;;) {
      const step = await playStep({
        crowd,
        clocks,
        pid: server.pid,
        rate,
        merged,
        seconds: order.stepSeconds,
      });
      if (!step.isSustained) {
        misses += 1;
        // Once more, because one hiccup of the machine is not the limit.
        if (misses === 1 && crowd.missing === 0) continue;
        best = { ...(best ?? step), bound: step.bound };
        break;
      }
      misses = 0;
      best = step;
      rate *= order.factor;
      await pause(stepPauseMs);
    }
    const wrong = await crowd.verify(newcomerToken);
    crowd.leave();
    const { editsPerSecond, deliveriesPerSecond, p99, bound } = best;
    return { editsPerSecond, deliveriesPerSecond, p99, bound, wrong };
  };
  return onStage(id, oneDocument(order.people), play, options);
}

interface StepOrder {
  crowd: Crowd;
  clocks: Clocks;
  pid: number;
  /** Edits a second of all together. */
  rate: number;
  merged: boolean;
  seconds: number;
}

async function playStep({ crowd, clocks, pid, rate, merged, seconds }: StepOrder): Promise<Step> {
  clocks.clear();
  const before = { deliveries: crowd.ledger.deliveries, serverMs: cpuMsOf(pid), load: process.cpuUsage() };
  const begun = performance.now();
  const typed = merged
    ? await typeByFrames(crowd, rate, seconds * 1_000)
    : await typeOneByOne(crowd, rate, seconds * 1_000);
  const typedMs = performance.now() - begun;
  const isSettled = await crowd.settle(15_000);
  const tookMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(before.load);
  const serverShare = (cpuMsOf(pid) - before.serverMs) / tookMs;
  const loadShare = (user + system) / 1_000 / tookMs;
  const p99 = clocks.delays.percentile(0.99);
  const hasKeptUp = typedMs < seconds * 1_000 * 1.1;
  return {
    editsPerSecond: typed / (tookMs / 1_000),
    deliveriesPerSecond: (crowd.ledger.deliveries - before.deliveries) / (tookMs / 1_000),
    p99,
    bound: serverShare >= full ? 'server' : loadShare >= full || !hasKeptUp ? 'clients' : 'delay',
    isSustained: isSettled && hasKeptUp && p99 <= tooLateMs,
  };
}

/** Each edit alone, as clients of Yjs send them. @returns how many were made */
async function typeOneByOne(crowd: Crowd, rate: number, forMs: number): Promise<number> {
  const begun = performance.now();
  const total = Math.round((rate * forMs) / 1_000);
  const apartMs = 1_000 / rate;
  for (let typed = 0; typed < total; ) {
    const due = Math.min(Math.floor((performance.now() - begun) / apartMs), total);
    for (; typed < due; typed += 1) crowd.type(typed % crowd.size, 1, begun + typed * apartMs);
    await pause(0);
  }
  return total;
}

/** Each person's edits of a frame together; while too much is on its way, they wait for the next. @returns how many */
async function typeByFrames(crowd: Crowd, rate: number, forMs: number): Promise<number> {
  const begunMs = performance.now();
  const apartMs = (1_000 / rate) * crowd.size;
  const each = Math.round(forMs / apartMs);
  const hands = Array.from({ length: crowd.size }, (_, index): Hand => {
    return { index, typed: 0, nextFrameMs: begunMs + (index / crowd.size) * frameMs };
  });
  const total = crowd.size * each;
  let typed = 0;
  while (typed < total && crowd.failures.length === 0) {
    const nowMs = performance.now();
    for (const hand of hands) {
      const due = Math.min(Math.floor((nowMs - begunMs) / apartMs), each) - hand.typed;
      if (due <= 0 || !mayPush(crowd, hand, nowMs)) continue;
      crowd.type(hand.index, due, begunMs + hand.typed * apartMs, apartMs);
      hand.typed += due;
      typed += due;
    }
    await pause(1);
  }
  return typed;
}

/** One person: what they have typed in this step, and when the next frame of their screen ends. */
interface Hand {
  index: number;
  typed: number;
  nextFrameMs: number;
}

function mayPush(crowd: Crowd, hand: Hand, nowMs: number): boolean {
  if (nowMs < hand.nextFrameMs) return false;
  hand.nextFrameMs = Math.max(hand.nextFrameMs + frameMs, nowMs);
  return crowd.inFlight(hand.index) < maxFlights;
}
