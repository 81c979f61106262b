/** One task of a plan as everybody reads it, whatever stands in the documents. */
import { z } from 'zod';
import type { Side } from '#shared/base/audience.ts';
import { createId } from '#shared/base/ids.ts';
import { type IsoDate, isoDateShape } from '#shared/base/time.ts';

/** A task's id: `b` or `s` for the side it was made on, then 20 characters; the first letter can never be changed. */
export const taskIdShape = z.string().regex(/^[bs][0-9a-hjkmnp-tv-z]{20}$/);
export type TaskId = string;

/** Characters of a task's id; keys of facts begin with one. */
export const taskIdLength = 21;

/** What a row is: a heading over other rows, a piece of work, or one day both must meet. */
export const taskKindShape = z.enum(['phase', 'task', 'milestone']);
export type TaskKind = z.infer<typeof taskKindShape>;

/** Limits of what is shown; a document may hold more, the reader stops there. */
export const planLimits = {
  tasks: 5_000,
  /** Levels below the top. */
  depth: 8,
  /** Times one side may give one task to the other; above it a task stays where it is. */
  handOvers: 200,
} as const;

/** Where a task stands: under which task (null = top level), and its order key; null when the document has none. */
export interface TaskPlace {
  parentId: TaskId | null;
  key: string | null;
}

/** First and last day, both included; null = not yet set. Start is never after finish. */
export interface TaskDates {
  start: IsoDate | null;
  finish: IsoDate | null;
}

/** One task. Equal objects mean nothing changed, so views may compare by identity. */
export interface PlanTask {
  id: TaskId;
  /** '' when nobody wrote one yet. */
  title: string;
  kind: TaskKind;
  place: TaskPlace;
  /** Side whose people alone write the facts below. */
  owner: Side;
  dates: TaskDates;
  /** Whole percent, 0–100. */
  progressPct: number;
  /** Member of the owner's side; null = nobody yet. */
  personId: string | null;
  removed: boolean;
  /** Whether its note holds text. */
  noted: boolean;
}

/** A fresh id of a task made on a side. */
export function createTaskId(side: Side): TaskId {
  return `${side === 'buyer' ? 'b' : 's'}${createId()}`;
}

/** True for a text that can be a task's id. */
export function isTaskId(value: unknown): value is TaskId {
  return taskIdShape.safeParse(value).success;
}

/** Side a task was made on, told by its id alone. @param id - a valid task id */
export function homeOf(id: TaskId): Side {
  return id.startsWith('b') ? 'buyer' : 'supplier';
}

/** True for a real calendar day between the years 1900 and 2200. */
export function isPlanDate(value: unknown): value is IsoDate {
  return (
    typeof value === 'string' && isoDateShape.safeParse(value).success && value >= '1900' && value < '2200'
  );
}
