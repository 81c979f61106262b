// Whole pipelines: what of them an index can answer, and the stages after that.
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { compileFilter } from '../query/filter.ts';
import type { SortField } from '../query/sort.ts';
import type { Stream } from '../store/row.ts';
import { asNumber } from '../value/arithmetic.ts';
import { bindInFilter } from './bound-filter.ts';
import { impliedByExpression } from './join-filter.ts';
import type { Environment, Maybe } from './scope.ts';
import type { CollectionPipeline, InnerPipeline, OpenCollection, Stage, StageContext } from './stage.ts';
import { limitOf, skipOf } from './stages/amounts.ts';
import { matchFilter } from './stages/match.ts';
import { sortFields, sortStage } from './stages/sort.ts';
import { compileStage } from './stages.ts';

/** The stages of a pipeline as documents.
 *  @throws 14 TypeMismatch for anything else */
export function stagesOf(pipeline: Value): Doc[] {
  if (Array.isArray(pipeline) && pipeline.every(isDoc)) return pipeline as Doc[];
  throw new DatabaseError(
    14,
    Array.isArray(pipeline)
      ? "Each element of the 'pipeline' array must be an object"
      : "'pipeline' option must be specified as an array",
  );
}

/** How a pipeline begins to read its collection. */
export interface Beginning {
  readonly filter: Doc;
  readonly sort: readonly SortField[];
  readonly skip: number;
  /** 0 for no limit. */
  readonly limit: number;
  /** Stages not covered by the above. */
  readonly rest: readonly Doc[];
}

function stageValue(stage: Doc | undefined, name: string): Value | undefined {
  return stage?.size === 1 ? stage.get(name) : undefined;
}

/** Leading `$match` stages, a `$sort`, a `$skip` and a `$limit`, in this order, are what a find can do. */
export function beginningOf(pipeline: readonly Doc[]): Beginning {
  let rest = pipeline;
  const take = <T>(name: string, read: (value: Value) => T): T | null => {
    const value = stageValue(rest[0], name);
    if (value === undefined) return null;
    rest = rest.slice(1);
    return read(value);
  };
  const filters: Doc[] = [];
  for (let next = take('$match', matchFilter); next; next = take('$match', matchFilter)) filters.push(next);
  const [only = new Map()] = filters;
  const filter: Doc = filters.length > 1 ? new Map([['$and', filters]]) : only;
  const sort = take('$sort', sortFields) ?? [];
  const skip = take('$skip', skipOf) ?? 0;
  const limit = take('$limit', limitOf) ?? 0;
  return { filter, sort, skip, limit, rest };
}

/** What stands behind a `$sort` may need only its first documents. */
function keptAfterSort(stages: readonly Doc[], at: number): number {
  let skipped = 0;
  for (const stage of stages.slice(at + 1)) {
    const limit = asNumber(stageValue(stage, '$limit'));
    if (limit !== null) return skipped + limit;
    const skip = asNumber(stageValue(stage, '$skip'));
    if (skip === null) break;
    skipped += skip;
  }
  return Number.POSITIVE_INFINITY;
}

/** Compiles the stages of a pipeline, one by one. */
export function compileStages(stages: readonly Doc[], context: StageContext): Stage[] {
  return stages.map((stage, i) => {
    const sort = stageValue(stage, '$sort');
    return sort === undefined ? compileStage(stage, context) : sortStage(sort, keptAfterSort(stages, i));
  });
}

function inARow(stages: readonly Stage[]): Stage {
  return (input) => stages.reduce<Stream<Doc>>((stream, stage) => stage(stream), input);
}

/** The value of a constant or a variable, as an equality in a filter may need it. */
function knownValue(source: Value, { variables }: Environment): Maybe {
  if (typeof source !== 'string' || !source.startsWith('$')) {
    return isDoc(source) || Array.isArray(source) ? undefined : source;
  }
  return source.startsWith('$$') ? variables.get(source.slice(2))?.value : undefined;
}

/** The filter with what follows from its `$expr` beside it, for the planner. */
function withImplied(filter: Doc, environment: Environment): Doc {
  const expression = filter.get('$expr');
  const bound = bindInFilter(filter, environment.variables);
  if (expression === undefined) return bound;
  const implied = impliedByExpression(expression, (source) => knownValue(source, environment));
  return implied.length === 0 ? bound : new Map([['$and', [bound, ...implied]]]);
}

/** The filter a pipeline begins with, as a collection is read by it now. */
export function readingFilter(beginning: Beginning, environment: Environment): Doc {
  const { filter } = beginning;
  const parts = filter.get('$and');
  if (filter.size !== 1 || !Array.isArray(parts)) return withImplied(filter, environment);
  return new Map([['$and', parts.map((part) => (isDoc(part) ? withImplied(part, environment) : part))]]);
}

function both(a: Doc, b: Doc): Doc {
  if (a.size === 0) return b;
  return b.size === 0 ? a : new Map([['$and', [a, b]]]);
}

/** The context of a command's pipeline. */
export function pipelineContext(environment: Environment, open: OpenCollection): StageContext {
  return contextAt('top', environment, open);
}

function contextAt(
  place: StageContext['place'],
  environment: Environment,
  open: OpenCollection,
): StageContext {
  const context: StageContext = {
    environment,
    place,
    open,
    compile: (pipeline, inner) => inARow(compileStages(stagesOf(pipeline), inside(context, inner))),
    compileOn: (collection, pipeline, inner) =>
      compileOn(collection, stagesOf(pipeline), inside(context, inner)),
  };
  return context;
}

function inside(outer: StageContext, inner: InnerPipeline): StageContext {
  return contextAt(inner.place, inner.environment ?? outer.environment, outer.open);
}

function compileOn(name: string, pipeline: readonly Doc[], context: StageContext): CollectionPipeline {
  const beginning = beginningOf(pipeline);
  const { filter: _, rest, ...asked } = beginning;
  // What is wrong in it is refused before anything is read.
  compileFilter(readingFilter(beginning, context.environment));
  const stages = inARow(compileStages(rest, context));
  return (filter) => {
    const own = readingFilter(beginning, context.environment);
    return stages(context.open({ ...asked, name, filter: both(filter, own) }));
  };
}
