/** A steady beat for many: each has a turn every so often, evenly spread. */

/**
 * Gives turns until the time is over, those that are late at once.
 * @param turn - called with whose turn it is; each of `people` once every `everyMs`
 */
export async function beat(
  { people, everyMs, forMs }: { people: number; everyMs: number; forMs: number },
  turn: (index: number) => void,
): Promise<void> {
  const begun = performance.now();
  const total = Math.round((forMs / everyMs) * people);
  const apartMs = everyMs / people;
  for (let given = 0; given < total; ) {
    const due = Math.min(Math.floor((performance.now() - begun) / apartMs) + 1, total);
    for (; given < due; given += 1) turn(given % people);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
