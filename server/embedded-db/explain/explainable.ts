// What a command gives explain: its plan, its work without effects, and what that has counted.
import type { Doc, Outgoing } from '../bson/value.ts';
import type { Prepared, Selection } from '../engine/select.ts';
import { Tallies } from '../query/access.ts';
import { PAUSE, type Stream } from '../store/row.ts';
import type { Sliced } from '../store/slices.ts';
import { parsedQuery } from './parsed-query.ts';
import type { PlanStage } from './plan-stage.ts';
import { planTree, rejectedTrees } from './plan-tree.ts';

/** One command that can be explained. */
export interface Explainable {
  readonly namespace: string;
  readonly parsedQuery: Doc;
  /** Does all the work, but changes nothing. */
  readonly run: () => Sliced<void>;
  /** The plan with what it has counted until now. */
  readonly tree: () => PlanStage;
  readonly rejected: () => PlanStage[];
  readonly totals: () => { readonly returned: number; readonly keys: number; readonly docs: number };
  /** Stages of a pipeline after its cursor, as explain shows them; null for everything else. */
  readonly rest: ((isExecuted: boolean) => Map<string, Outgoing>[]) | null;
}

/** The parts that are the same for every command which selects documents. */
export function explainSelection(
  namespace: string,
  selection: Selection,
  prepared: Prepared,
): Omit<Explainable, 'run'> {
  const { progress } = prepared;
  return {
    namespace,
    parsedQuery: parsedQuery(selection.filter),
    tree: () => planTree(selection, prepared),
    rejected: () => rejectedTrees(selection, prepared, new Tallies()),
    totals: () => {
      const { keys, docs } = progress.tallies.total;
      return { returned: progress.returned, keys, docs };
    },
    rest: null,
  };
}

/** Reads rows to their end, showing each of them. */
export function* drain<T>(rows: Stream<T>, visit: (row: T) => void): Sliced<void> {
  for (const row of rows) {
    if (row === PAUSE) yield PAUSE;
    else visit(row as T);
  }
}
