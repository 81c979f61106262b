/** Which two moments of a plan the screen needs for what one wants to see. */
import { momentOf, type Place } from '#client/history/place.ts';
import type { Change, Version } from '#shared/history/shape.ts';

/**
 * `alone`: one moment; `work`: what one stretch of work did; `compared`: two moments. A moment is in milliseconds since
 * 1970, null for the present; `earlierMs` is undefined where nothing is compared.
 */
export interface ShownFrame {
  kind: 'alone' | 'work' | 'compared';
  /** What one stands at, and would bring back. */
  atMs: number | null;
  laterMs: number | null;
  earlierMs: number | null | undefined;
}

/** @param work - the stretch of work that ended at the place; null for none */
export function frameOf(place: Place, versions: readonly Version[], work: Change | null): ShownFrame {
  const atMs = momentOf(place.point, versions) ?? null;
  const against = place.against === null ? undefined : momentOf(place.against, versions);
  if (against !== undefined && against !== atMs) {
    const isAgainstLater = (against ?? Infinity) > (atMs ?? Infinity);
    return {
      kind: 'compared',
      atMs,
      laterMs: isAgainstLater ? against : atMs,
      earlierMs: isAgainstLater ? atMs : against,
    };
  }
  if (work !== null) return { kind: 'work', atMs, laterMs: atMs, earlierMs: Date.parse(work.from) - 1 };
  return { kind: 'alone', atMs, laterMs: atMs, earlierMs: undefined };
}
