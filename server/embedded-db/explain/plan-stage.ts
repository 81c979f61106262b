// A plan as a tree of named stages, the form in which explain answers it.
import { int, type Outgoing } from '../bson/value.ts';

type Fields = Map<string, Outgoing>;

/** One stage with what feeds it. */
export interface PlanStage {
  readonly name: string;
  /** What it is. */
  readonly about: Fields;
  /** Documents or keys it has handed on. */
  readonly given: number;
  /** What else it has counted. */
  readonly counted: Fields;
  readonly inputs: readonly PlanStage[];
}

/** Fields from a literal; undefined ones are left out. */
export function fields(source: Record<string, Outgoing | undefined>): Fields {
  const out: Fields = new Map();
  for (const [name, value] of Object.entries(source)) if (value !== undefined) out.set(name, value);
  return out;
}

function withInputs(out: Fields, inputs: readonly PlanStage[], show: (stage: PlanStage) => Fields): Fields {
  const [only] = inputs;
  if (only && inputs.length === 1) out.set('inputStage', show(only));
  else if (inputs.length > 1) out.set('inputStages', inputs.map(show));
  return out;
}

/** The stage as `winningPlan` shows it. */
export function shownPlan(stage: PlanStage): Fields {
  return withInputs(new Map([['stage', stage.name], ...stage.about]), stage.inputs, shownPlan);
}

/** The stage as `executionStages` shows it. */
export function shownExecution(stage: PlanStage): Fields {
  const out: Fields = new Map<string, Outgoing>([
    ['stage', stage.name],
    ...stage.about,
    ['nReturned', int(stage.given)],
    ...stage.counted,
  ]);
  return withInputs(out, stage.inputs, shownExecution);
}
