// Pipelines over collections in memory, for tests of stages without a server.
import { BSON, serialize } from 'bson';
import {
  beginningOf,
  compileStages,
  pipelineContext,
  readingFilter,
  stagesOf,
} from '../aggregate/pipeline.ts';
import { type Cell, newEnvironment } from '../aggregate/scope.ts';
import type { OpenCollection } from '../aggregate/stage.ts';
import { encodeDoc } from '../bson/encode.ts';
import type { Doc } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { compileFilter } from '../query/filter.ts';
import { sortComparator } from '../query/sort.ts';
import { PAUSE, type Stream } from '../store/row.ts';
import { docOf } from './test-database.ts';

/** Documents by collection. */
export type Collections = Readonly<Record<string, readonly object[]>>;

function* stream(documents: readonly Doc[]): Stream<Doc> {
  // A pause before and after each, as a scan may make them anywhere.
  for (const each of documents) {
    yield PAUSE;
    yield each;
  }
  yield PAUSE;
}

function opener(collections: Collections): OpenCollection {
  return ({ name, filter, sort = [], skip = 0, limit = 0 }) => {
    const found = (collections[name] ?? []).map(docOf).filter(compileFilter(filter));
    if (sort.length > 0) found.sort(sortComparator(sort));
    return stream(found.slice(skip, limit > 0 ? skip + limit : undefined));
  };
}

/** What a pipeline gives over the collection `c`, with exact types as extended JSON values. */
export function aggregated(pipeline: readonly object[], collections: Collections, variables: object = {}) {
  const cells = new Map<string, Cell>([...docOf(variables)].map(([name, value]) => [name, { value }]));
  const environment = newEnvironment(cells);
  const open = opener(collections);
  const start = beginningOf(stagesOf(docOf({ pipeline }).get('pipeline') ?? null));
  const stages = compileStages(start.rest, pipelineContext(environment, open));
  const { rest: _, ...asked } = start;
  const read = open({ ...asked, name: 'c', filter: readingFilter(start, environment) });
  const out: unknown[] = [];
  for (const each of stages.reduce<Stream<Doc>>((input, stage) => stage(input), read)) {
    if (each !== PAUSE) out.push(exact(encodeDoc(each)));
  }
  return out;
}

function exact(bytes: Buffer): unknown {
  return BSON.EJSON.serialize(BSON.deserialize(bytes, { promoteValues: false }), { relaxed: false });
}

/** Expected documents in the form `aggregated` gives. */
export function documents(...all: readonly object[]): unknown[] {
  return all.map((each) => exact(Buffer.from(serialize(each))));
}

/** The code a pipeline is refused with, 0 when it runs. */
export function pipelineCode(
  pipeline: readonly object[],
  collections: Collections = { c: [{ _id: 1 }] },
): number {
  try {
    aggregated(pipeline, collections);
  } catch (error) {
    if (error instanceof DatabaseError) return error.code;
    throw error;
  }
  return 0;
}
