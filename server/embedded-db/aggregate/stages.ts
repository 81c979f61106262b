// All stages by name, and those that are refused.
import type { Doc } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { type Stage, type StageBuild, type StageContext, specification } from './stage.ts';
import { countStage, limitStage, sampleStage, skipStage } from './stages/amounts.ts';
import { bucketAutoStage } from './stages/bucket-auto.ts';
import { bucketStage, sortByCountStage } from './stages/buckets.ts';
import { graphLookupStage } from './stages/graph-lookup.ts';
import { groupStage } from './stages/group.ts';
import { lookupStage } from './stages/lookup.ts';
import { matchStage, redactStage } from './stages/match.ts';
import { setWindowFieldsStage } from './stages/set-window-fields.ts';
import { facetStage, unionWithStage } from './stages/several-pipelines.ts';
import {
  addFieldsStage,
  projectStage,
  replaceRootStage,
  replaceWithStage,
  unsetStage,
} from './stages/shape.ts';
import { sortStage } from './stages/sort.ts';
import { unwindStage } from './stages/unwind.ts';

const addFields: StageBuild = (value, { environment }) =>
  addFieldsStage(specification('$addFields', value, 40272), environment);

const STAGES: ReadonlyMap<string, StageBuild> = new Map<string, StageBuild>([
  ['$addFields', addFields],
  ['$bucket', bucketStage],
  ['$bucketAuto', bucketAutoStage],
  ['$count', countStage],
  ['$facet', facetStage],
  ['$graphLookup', graphLookupStage],
  ['$group', (value, { environment }) => groupStage(value, environment)],
  ['$limit', limitStage],
  ['$lookup', lookupStage],
  ['$match', matchStage],
  ['$project', (value, { environment }) => projectStage(specification('$project', value), environment)],
  ['$redact', redactStage],
  ['$replaceRoot', replaceRootStage],
  ['$replaceWith', replaceWithStage],
  ['$sample', sampleStage],
  ['$set', addFields],
  ['$setWindowFields', setWindowFieldsStage],
  ['$skip', skipStage],
  ['$sort', (value) => sortStage(value)],
  ['$sortByCount', sortByCountStage],
  ['$unionWith', unionWithStage],
  ['$unset', unsetStage],
  ['$unwind', unwindStage],
]);

/** Stages a server has and this engine leaves out. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['$changeStream', '$changeStreamSplitLargeEvent', '$collStats', '$currentOp', '$densify', '$documents'],
  ...['$fill', '$geoNear', '$indexStats', '$listLocalSessions', '$listSampledQueries', '$listSearchIndexes'],
  ...['$listSessions', '$planCacheStats', '$querySettings', '$queryStats', '$rankFusion', '$search'],
  ...['$searchMeta', '$shardedDataDistribution', '$vectorSearch'],
]);

/** Stages that write; `aggregate` takes them off the end before anything is compiled. */
const WRITING: ReadonlySet<string> = new Set(['$merge', '$out']);

function refusePlace(name: string, { place }: StageContext): void {
  if (WRITING.has(name)) {
    if (place === 'top')
      throw new DatabaseError(40601, `${name} can only be the final stage in the pipeline`);
    throw new DatabaseError(
      place === '$facet' ? 40600 : 51047,
      `${name} is not allowed to be used within a ${place} stage`,
    );
  }
  if (name === '$facet' && place === '$facet') {
    throw new DatabaseError(40600, '$facet is not allowed to be used within a $facet stage');
  }
}

/** Compiles one stage.
 *  @throws 40323, 40324 for anything that is no stage, 115 for stages the engine leaves out */
export function compileStage(source: Doc, context: StageContext): Stage {
  const [name, value] = [...source][0] ?? ['', null];
  if (source.size !== 1) {
    throw new DatabaseError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  refusePlace(name, context);
  const build = STAGES.get(name);
  if (build) return build(value, context);
  if (LEFT_OUT.has(name)) throw notSupported(`the stage ${name}`);
  throw new DatabaseError(40324, `Unrecognized pipeline stage name: '${name}'`);
}
