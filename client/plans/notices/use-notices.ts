/** Sentences that stay until they are dismissed: what became of a text that somebody else's edit took the place of. */
import { useCallback, useState } from 'react';

/** One sentence, with what can be done about it. */
export interface Notice {
  words: string;
  /** A text of one's own that stands nowhere else any more. */
  copy?: string;
  /** A way back; doing it dismisses the sentence. */
  action?: { words: string; run: () => void };
}

/** A sentence in the list. */
export interface StandingNotice extends Notice {
  id: number;
}

/** Older ones go when more than this stand: each was in view as long as twenty later ones took. */
const most = 20;

/** The newest is the first. */
export interface Notices {
  list: readonly StandingNotice[];
  notify(notice: Notice): void;
  dismiss(id: number): void;
}

/** @returns an object whose functions stay the same */
export function useNotices(): Notices {
  const [list, setList] = useState<readonly StandingNotice[]>([]);
  const notify = useCallback((notice: Notice) => {
    setList((before) => [{ ...notice, id: (before[0]?.id ?? 0) + 1 }, ...before].slice(0, most));
  }, []);
  const dismiss = useCallback((id: number) => {
    setList((before) => before.filter((notice) => notice.id !== id));
  }, []);
  return { list, notify, dismiss };
}
