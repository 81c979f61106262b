/** Questions about Yjs state vectors: what one end has that the other lacks. */
import * as Y from 'yjs';

/**
 * True when every edit of the update is known already. An update that only deletes is never covered:
 * a state vector does not tell deletions, and deleting twice changes nothing.
 */
export function isCovered(update: Uint8Array, known: ReadonlyMap<number, number>): boolean {
  const { to } = Y.parseUpdateMeta(update);
  if (to.size === 0) return false;
  for (const [client, clock] of to) if ((known.get(client) ?? 0) < clock) return false;
  return true;
}
