/** Who changed a subject when, in React: read page by page, the older ones without being asked for up to a limit. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { callHub } from '#client/base/http.ts';
import { type ChangePages, withNewest, withOlder } from '#client/history/change-pages.ts';
import { listChanges } from '#shared/history/calls.ts';
import type { Change, Subject } from '#shared/history/shape.ts';

/** Changes that are read ahead; what is older is read when it is asked for. */
const readAhead = 1_000;

/** The list and how to go on. */
export interface KnownChanges {
  /** Newest first; null until the first page is there. */
  changes: readonly Change[] | null;
  /** Anything thrown by the last reading; null when it went well. */
  error: unknown;
  hasOlder: boolean;
  isReading: boolean;
  readOlder(): void;
  /** Reads the newest page again; what is shown stays meanwhile. */
  refresh(): void;
}

/** Reads when mounted. */
export function useChanges({ kind, id }: Subject): KnownChanges {
  const [pages, setPages] = useState<ChangePages | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isReading, setReading] = useState(false);
  const turn = useRef(0);

  const read = useCallback(
    async (before: string | null) => {
      turn.current += 1;
      const own = turn.current;
      setReading(true);
      try {
        const page = await callHub(listChanges, { kind, id, ...(before === null ? {} : { before }) });
        // Of two readings only the later one counts.
        if (own !== turn.current) return;
        setPages((known) =>
          before === null || known === null ? withNewest(known, page) : withOlder(known, page),
        );
        setError(null);
      } catch (thrown) {
        if (own === turn.current) setError(thrown);
      }
      if (own === turn.current) setReading(false);
    },
    [kind, id],
  );

  useEffect(() => {
    void read(null);
    return () => {
      turn.current += 1;
    };
  }, [read]);

  const before = pages?.before ?? null;
  const count = pages?.changes.length ?? 0;
  useEffect(() => {
    if (before !== null && count < readAhead && error === null && !isReading) void read(before);
  }, [before, count, error, isReading, read]);

  return {
    changes: pages?.changes ?? null,
    error,
    hasOlder: before !== null,
    isReading,
    readOlder: () => void read(before),
    refresh: useCallback(() => void read(null), [read]),
  };
}
