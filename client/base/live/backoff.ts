/** How long to wait before the next attempt: exponential with full jitter, so that 500 people do not return at once. */

const firstMs = 400;
const ceilingMs = 15_000;

/**
 * @param failures - attempts failed in a row, 1 after the first
 * @param random - 0 ≤ random < 1
 * @returns milliseconds, between 50 and 15,050
 * @see source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter)
 */
export function backoffMs(failures: number, random: number): number {
  const window = Math.min(ceilingMs, firstMs * 2 ** Math.min(failures - 1, 10));
  return 50 + Math.floor(random * window);
}
