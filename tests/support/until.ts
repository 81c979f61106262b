/** Waits for a condition by asking again at once whenever the loop is free, with a last moment; never for a time. */
import { setTimeout as pause } from 'node:timers/promises';

const askAgainMs = 20;

/** What is left of an answer once it is no longer 'not yet'. */
type Answer<T> = Exclude<T, false | 0 | '' | null | undefined>;

/**
 * Asks until the answer is truthy and returns it.
 * @param what - names the condition in the error of a wait that ran out
 * @throws after `limitMs`, with the last answer or error
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T> | T,
  limitMs = 15_000,
): Promise<Answer<T>> {
  const lastMoment = performance.now() + limitMs;
  let last: unknown;
  while (performance.now() < lastMoment) {
    try {
      const answer = await ask();
      if (answer) return answer as Answer<T>;
      last = answer;
    } catch (error) {
      last = error;
    }
    await pause(askAgainMs);
  }
  throw new Error(`Waited ${limitMs} ms for ${what}; the last answer was ${String(last)}`);
}
