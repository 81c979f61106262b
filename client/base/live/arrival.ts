/** The one rule by which every device store decides what an arrival from the server changes. */
import type { Arrival, KeptFacts } from '#client/base/live/device-store.ts';

/** What to do with the received updates, and which facts to keep afterwards. */
export interface ArrivalDecision {
  /** All received before belongs to another history and goes. */
  replace: boolean;
  append: boolean;
  facts: KeptFacts;
}

/**
 * Another tab may have kept the same updates already, or may have wiped what this one believes kept;
 * so `seq` moves only over an unbroken row.
 * @param kept - null when the server was never heard
 */
export function decideArrival(kept: KeptFacts | null, arrival: Arrival): ArrivalDecision {
  const { facts, fromSeq, updates } = arrival;
  const replace = kept !== null && kept.epoch !== facts.epoch;
  const keptSeq = kept === null || replace ? 0 : kept.seq;
  const unbroken = fromSeq <= keptSeq;
  const seq = unbroken ? Math.max(keptSeq, facts.seq) : keptSeq;
  const isNews = facts.seq > keptSeq || !unbroken;
  return { replace, append: isNews && updates.length > 0, facts: { ...facts, seq } };
}
