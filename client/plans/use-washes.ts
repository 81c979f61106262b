/** Cells changed by somebody else: washed for a moment, then marked by a dot until one has been there. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Doc, Transaction } from 'yjs';
import { changedCells, type RemoteChange } from '#client/plans/remote-changes.ts';
import type { ColumnId } from '#client/plans/table/columns.ts';
import type { Side } from '#shared/base/audience.ts';
import type { PlanDocs } from '#shared/plans/doc.ts';
import type { PlanReader, PlanView } from '#shared/plans/read.ts';

/** One washed cell. */
export interface Wash {
  /** Rises with each change, so that a second change washes again. */
  at: number;
  /** null where it is not known whose hand it was. */
  side: Side | null;
}

/** Washes by task and column. */
export type Washes = ReadonlyMap<string, ReadonlyMap<ColumnId, Wash>>;

/** What the table needs. */
export interface WashesInReact {
  washes: Washes;
  /** The dots of a row have been seen. */
  see: (taskId: string) => void;
}

/** Begins with the first complete view: what was there already is not news. */
export function useWashes(
  docs: PlanDocs,
  reader: PlanReader,
  isReady: boolean,
  whoseHand: (taskId: string) => Side | null,
): WashesInReact {
  const [washes, setWashes] = useState<Washes>(new Map());
  const hand = useRef(whoseHand);
  hand.current = whoseHand;
  const { shared, buyer, supplier } = docs;

  useEffect(() => {
    if (!isReady) return undefined;
    let before: PlanView = reader.view();
    let count = 0;
    const follow = (_update: Uint8Array, _origin: unknown, _doc: Doc, change: Transaction) => {
      // One's own edits are no news; looking at them later, with everybody else, makes the view only once.
      if (change.local) {
        queueMicrotask(() => {
          before = reader.view();
        });
        return;
      }
      const after = reader.view();
      const changes = changedCells(before, after);
      before = after;
      if (changes.length === 0) return;
      count += 1;
      setWashes((old) => withChanges(old, changes, count, hand.current));
    };
    const all = [shared, buyer, supplier];
    for (const doc of all) doc.on('update', follow);
    return () => {
      for (const doc of all) doc.off('update', follow);
    };
  }, [shared, buyer, supplier, reader, isReady]);

  const see = useCallback((taskId: string) => {
    setWashes((old) => {
      if (!old.has(taskId)) return old;
      const next = new Map(old);
      next.delete(taskId);
      return next;
    });
  }, []);
  return { washes, see };
}

function withChanges(
  old: Washes,
  changes: readonly RemoteChange[],
  at: number,
  whoseHand: (taskId: string) => Side | null,
): Washes {
  const next = new Map(old);
  for (const { taskId, column, side } of changes) {
    next.set(taskId, new Map(next.get(taskId)).set(column, { at, side: side ?? whoseHand(taskId) }));
  }
  return next;
}
