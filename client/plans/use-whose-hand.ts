/** Guesses whose hand changed what both may write: the side last seen in the row, or the only other side here. */
import { useCallback, useEffect, useRef } from 'react';
import type { Other } from '#client/plans/others.ts';
import type { Side } from '#shared/base/audience.ts';
import type { PresentPerson } from '#shared/base/live.ts';

/** @returns a function from a task to a side; null where it cannot be told, and then no side is named */
export function useWhoseHand(
  people: readonly PresentPerson[],
  others: ReadonlyMap<string, readonly Other[]>,
): (taskId: string) => Side | null {
  const lastSeen = useRef(new Map<string, Side>());
  const here = useRef(people);
  here.current = people;
  useEffect(() => {
    for (const [taskId, list] of others) {
      const [first] = list;
      if (first !== undefined) lastSeen.current.set(taskId, first.side);
    }
  }, [others]);
  return useCallback((taskId) => {
    const seen = lastSeen.current.get(taskId);
    const [first, ...rest] = here.current;
    const isOneSide = rest.every((person) => person.side === first?.side);
    return seen ?? (isOneSide ? (first?.side ?? null) : null);
  }, []);
}
