/** The recorded life of a subject in React: read onto the device once, grown when something new was written. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { growRecord } from '#client/history/load-record.ts';
import { HistoryRecord } from '#client/history/record.ts';
import type { Subject } from '#shared/history/shape.ts';

/** How far it is. */
export interface RecordState {
  record: HistoryRecord;
  /** Rises each time the record has grown, so that what was made of it is made anew. */
  times: number;
  /** `tooLarge`: more than a device should hold, or taken back in between, so the hub is asked for single moments. */
  state: 'reading' | 'ready' | 'tooLarge' | 'failed' | 'stopped';
  error: unknown;
  /** Moment up to which it is complete, milliseconds since 1970. */
  untilMs: number;
  /** Reads what is new, or tries again. */
  refresh(): void;
  /** Ends a reading that takes too long. */
  stop(): void;
}

interface Known {
  state: RecordState['state'];
  times: number;
  untilMs: number;
  error: unknown;
}

/** Reads when mounted; one reading at a time, and one more when something new came meanwhile. */
export function useRecord(subject: Subject): RecordState {
  const { kind, id } = subject;
  const [record] = useState(() => new HistoryRecord());
  const [known, setKnown] = useState<Known>({ state: 'reading', times: 0, untilMs: 0, error: null });
  const running = useRef<AbortController | null>(null);
  const isAsked = useRef(false);

  const read = useCallback(async () => {
    if (running.current !== null) {
      isAsked.current = true;
      return;
    }
    const own = new AbortController();
    running.current = own;
    const end = (part: Partial<Known>) => {
      if (own.signal.aborted) return;
      running.current = null;
      setKnown((before) => ({ ...before, error: null, ...part, times: before.times + 1 }));
      if (!isAsked.current) return;
      isAsked.current = false;
      void read();
    };
    try {
      const isWhole = await growRecord(record, {
        subject: { kind, id },
        signal: own.signal,
        progress: (untilMs) => !own.signal.aborted && setKnown((before) => ({ ...before, untilMs })),
      });
      end({ state: isWhole ? 'ready' : 'tooLarge' });
    } catch (error) {
      end({ state: record.untilMs > 0 ? 'ready' : 'failed', error });
    }
  }, [record, kind, id]);

  useEffect(() => {
    void read();
    return () => {
      running.current?.abort();
      running.current = null;
    };
  }, [read]);

  const stop = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setKnown((before) => ({ ...before, state: 'stopped' }));
  }, []);
  const { state, times, untilMs, error } = known;
  const refresh = useCallback(() => {
    setKnown((before) =>
      before.state === 'failed' || before.state === 'stopped' ? { ...before, state: 'reading' } : before,
    );
    void read();
  }, [read]);
  return { record, times, state, error, untilMs, refresh, stop };
}
