/** How long to wait before the next attempt: exponential with full jitter, so that 500 people do not return at once. */

const firstMs = 400;
/** Unsent edits reach the hub within 5 s of its return. */
const ceilingMs = 4_000;
/** Of a hub that is away for long less is asked. */
const patientFailures = 100;
const patientCeilingMs = 15_000;

/**
 * @param failures - attempts failed in a row, 1 after the first
 * @param random - 0 ≤ random < 1
 * @returns milliseconds, between 50 and 15,050
 * @see source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter)
 */
export function backoffMs(failures: number, random: number): number {
  const ceiling = failures < patientFailures ? ceilingMs : patientCeilingMs;
  const window = Math.min(ceiling, firstMs * 2 ** Math.min(failures - 1, 10));
  return 50 + Math.floor(random * window);
}
