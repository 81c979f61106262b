/** Many updates into one, in a time that grows with their bytes: for snapshots, and for long work without a network. */
import { mergeUpdates } from 'yjs';

/** `mergeUpdates` looks at every update for every struct (source: yjs issue 710), so it is never handed more. */
const mergedAtOnce = 16;

/**
 * The same bytes as `Y.mergeUpdates` of all at once.
 * @param updates - V1, of one document, in the order they were made
 * @returns the only update itself, not a copy; an empty update for none
 */
export function mergeAsTree(updates: readonly Uint8Array[]): Uint8Array {
  const steps = mergeInSteps(updates);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * As `mergeAsTree`, for a thread that has more to do: each step is short, and between two anything may happen.
 * The merged update is what the generator returns.
 */
export function* mergeInSteps(updates: readonly Uint8Array[]): Generator<undefined, Uint8Array> {
  let level = updates;
  while (level.length > mergedAtOnce) {
    const next: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += mergedAtOnce) {
      next.push(merge(level.slice(at, at + mergedAtOnce)));
      yield;
    }
    level = next;
  }
  return merge(level);
}

function merge(updates: readonly Uint8Array[]): Uint8Array {
  const [first] = updates;
  return updates.length === 1 && first !== undefined ? first : mergeUpdates([...updates]);
}
