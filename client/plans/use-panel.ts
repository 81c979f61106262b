/** Which row stands open in the panel, and what becomes of one that was added there. */
import { useEffect, useRef, useState } from 'react';
import { focusPlan } from '#client/plans/focus-plan.ts';
import type { OpenPlan } from '#client/plans/plan-context.ts';
import { addBelow, forgetBlank } from '#client/plans/plan-deeds.ts';

/** The panel's row; null while there is no panel. */
export interface PanelOpening {
  openId: string | null;
  /** True for a row added by `add`, until it is left. */
  isNew: boolean;
  open(taskId: string | null): void;
  /** Opens a row that was just added, with its title in edit. */
  openNew(taskId: string): void;
  /** Adds a row below the open one, or at the end, and opens it: on a phone there is no cell to type in. */
  add(): void;
  /** Gives the focus back to the table, or to the card the row has. */
  close(): void;
}

/** However a new row is left (closed, another one opened, the page gone), it goes again when it is blank. */
export function usePanel(plan: OpenPlan): PanelOpening {
  const [opened, setOpened] = useState<{ id: string; isNew: boolean } | null>(null);
  const latest = useRef(plan);
  latest.current = plan;
  useEffect(() => {
    if (opened?.isNew !== true) return undefined;
    return () => forgetBlank(latest.current, opened.id);
  }, [opened]);
  const openId = opened?.id ?? null;
  return {
    openId,
    isNew: opened?.isNew ?? false,
    open: (taskId) => setOpened(taskId === null ? null : { id: taskId, isNew: false }),
    openNew: (taskId) => setOpened({ id: taskId, isNew: true }),
    add() {
      const id = addBelow(plan, openId);
      if (id !== null) setOpened({ id, isNew: true });
    },
    close() {
      setOpened(null);
      focusPlan(openId);
    },
  };
}
