/** What every part of an open plan needs, given once by the plan's page. */
import { createContext, useContext } from 'react';
import type { DateReading } from '#client/plans/date-text.ts';
import type { Notice } from '#client/plans/notices/use-notices.ts';
import type { Side } from '#shared/base/audience.ts';
import type { PlanDesk } from '#shared/plans/edit.ts';
import type { PlanView } from '#shared/plans/read.ts';

/** A person of the relationship as the plan shows them. */
export interface PlanPerson {
  id: string;
  name: string;
  side: Side;
}

/** Undo of one's own edits over all documents of the plan. */
export interface PlanUndo {
  undo(): unknown;
  redo(): unknown;
}

/** An open plan. */
export interface OpenPlan {
  planId: string;
  /** Edits go through it; its standing says what one may do. */
  desk: PlanDesk;
  /** The view as of now, for handlers that run later than they were made. */
  latest(): PlanView;
  companies: Record<Side, string>;
  people: ReadonlyMap<string, PlanPerson>;
  reading: DateReading;
  undo: PlanUndo;
  /** Says something in words, visibly and to readers of the screen, for some seconds. */
  say(words: string): void;
  /** Says something that stays until it is dismissed. */
  notify(notice: Notice): void;
  /** Who changed a title, or a fact of one's own side, last and elsewhere: a person's or company's name, by task. */
  lastHands: Map<string, string>;
  /** Asks to confirm giving a task to the other company. */
  askHandOver(taskId: string): void;
  /** Removes a row with all of one's own below it, and says so. */
  remove(taskId: string): void;
}

const planContext = createContext<OpenPlan | null>(null);

/** Given by the plan's page. */
export const OpenPlanProvider = planContext.Provider;

/** The open plan. @throws Error outside of a plan's page */
export function useOpenPlan(): OpenPlan {
  const plan = useContext(planContext);
  if (plan === null) throw new Error('useOpenPlan stands outside a plan');
  return plan;
}
