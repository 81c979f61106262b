/** What a list says of a plan without opening it; made in `summary.ts`. */
import { z } from 'zod';
import { isoDateShape } from '#shared/base/time.ts';

const countShape = z.int().nonnegative();
const dayShape = isoDateShape.nullable();

/** Rows that are work or a day to meet; headings and rows over others only add up what is below them. */
const summaryFacts = {
  tasks: countShape,
  milestones: countShape,
  /** Tasks and milestones at 100 %. */
  done: countShape,
  /** Whole percent, tasks weighted by their calendar days as in PL12. */
  progressPct: z.int().min(0).max(100),
  start: dayShape,
  finish: dayShape,
  /** The earliest milestone that is not done, whether its day is over or not; null without one that has a day. */
  nextMilestone: z.strictObject({ title: z.string(), day: isoDateShape }).nullable(),
};

/** The plan's derived record: nothing in it depends on the day it is read on. */
export const planFactsShape = z.strictObject({
  ...summaryFacts,
  /** How many rows of each side are to be finished on which day and are not; by day. */
  open: z.strictObject({
    buyer: z.array(z.tuple([isoDateShape, countShape])),
    supplier: z.array(z.tuple([isoDateShape, countShape])),
  }),
});
export type PlanFacts = z.infer<typeof planFactsShape>;

/** As lists know it. */
export const planSummaryShape = z.strictObject({
  ...summaryFacts,
  /** Rises with each new record: of two summaries the one with more is the later. */
  revision: countShape,
  /** Rows of each side that should have been finished before today, in UTC. */
  late: z.strictObject({ buyer: countShape, supplier: countShape }),
});
export type PlanSummary = z.infer<typeof planSummaryShape>;
