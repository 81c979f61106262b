/** A moment of a subject in React: made on the device, or asked from the hub; the last one stays until the next is there. */
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { fetchMoment } from '#client/history/hub-moment.ts';
import type { ReadMoment } from '#client/history/record.ts';
import type { RecordState } from '#client/history/use-record.ts';
import type { Subject } from '#shared/history/shape.ts';

/** While the slider is dragged the hub is asked for what it rests on, not for what it passes. */
const restMs = 150;

/** `moment` is that of an earlier `atMs` while `isBehind`; null before the first one. */
export interface ShownMoment {
  moment: ReadMoment | null;
  isBehind: boolean;
  error: unknown;
}

/** @param atMs - null for the present, which needs no history */
export function useMoment(subject: Subject, known: RecordState, atMs: number | null): ShownMoment {
  const { record, times, state } = known;
  // Behind the slider when making a moment takes long: the newest wins, those between are left out.
  const shownMs = useDeferredValue(atMs);
  const isHere = state === 'ready';
  // The record is one object that grows; `times` tells, and is asked for so that it counts.
  const made = useMemo(
    () => (isHere && shownMs !== null && times > 0 ? record.moment(shownMs) : null),
    [isHere, shownMs, record, times],
  );
  const fetched = useFetched(subject, state === 'tooLarge' ? atMs : null);
  if (state === 'tooLarge') return fetched;
  return { moment: made, isBehind: shownMs !== atMs, error: null };
}

function useFetched({ kind, id }: Subject, atMs: number | null): ShownMoment {
  const [shown, setShown] = useState<{ moment: ReadMoment | null; atMs: number | null; error: unknown }>({
    moment: null,
    atMs: null,
    error: null,
  });
  useEffect(() => {
    if (atMs === null) return undefined;
    const asking = new AbortController();
    const { signal } = asking;
    const timer = setTimeout(() => {
      fetchMoment({ kind, id }, atMs, signal).then(
        (moment) => signal.aborted || setShown({ moment, atMs, error: null }),
        (error: unknown) => signal.aborted || setShown((before) => ({ ...before, atMs, error })),
      );
    }, restMs);
    return () => {
      asking.abort();
      clearTimeout(timer);
    };
  }, [kind, id, atMs]);
  return { moment: shown.moment, isBehind: shown.atMs !== atMs, error: shown.error };
}
