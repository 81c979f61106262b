// Pipelines that begin with what the server knows of itself: $collStats, $currentOp, $listLocalSessions.
import { hostname } from 'node:os';
import { compileStages, pipelineContext, stagesOf } from '../aggregate/pipeline.ts';
import { encodeDoc } from '../bson/encode.ts';
import { Binary, type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { PAUSE, type Stream } from '../store/row.ts';
import { type Context, countValue, reply } from './context.ts';
import { environmentOf } from './let-option.ts';
import { runningOperations } from './operations.ts';
import { collectionStats, measure } from './statistics.ts';

type Begin = (context: Context, options: Doc, name: string | null) => Promise<Doc[]> | Doc[];

async function collStats(context: Context, options: Doc, name: string | null): Promise<Doc[]> {
  const collection = name === null ? undefined : context.engine.storage.catalog.find(context.db, name);
  if (name === null || !collection) {
    throw new DatabaseError(
      26,
      `Unable to retrieve storageStats in $collStats stage :: Collection [${context.db}.${name}] not found.`,
    );
  }
  const storage = options.get('storageStats');
  const stats = isDoc(storage) ? await collectionStats(context, name, storage) : undefined;
  const count = options.has('count') ? countValue((await measure(context, collection)).count) : undefined;
  const out = reply({
    ns: collection.namespace,
    host: hostname(),
    localTime: new Date(),
    storageStats: stats,
    count,
  });
  return [out as Doc];
}

function localSessions({ engine }: Context): Doc[] {
  return engine.sessions
    .list()
    .map(
      ({ key, usedAt }) =>
        reply({ _id: reply({ id: new Binary(4, key) }), lastUse: new Date(usedAt) }) as Doc,
    );
}

const BEGINNINGS: Readonly<Record<string, Begin>> = {
  $collStats: collStats,
  $currentOp: (context) => runningOperations(context),
  $listLocalSessions: localSessions,
};

function* encoded(documents: Stream<Doc>): Stream<Buffer> {
  for (const each of documents) yield each === PAUSE ? PAUSE : encodeDoc(each);
}

/** The results of such a pipeline; null for all others.
 *  @throws 26 NamespaceNotFound, 115 for a whole database with another beginning */
export async function serverPipeline(context: Context): Promise<Stream<Buffer> | null> {
  const target = context.body.get('aggregate');
  const stages = stagesOf(context.body.get('pipeline') ?? null);
  const [name, options] = stages[0]?.entries().next().value ?? [];
  const begin = name === undefined ? undefined : BEGINNINGS[name];
  if (!begin) {
    if (typeof target === 'string') return null;
    throw notSupported('this aggregate on a whole database');
  }
  if (!isDoc(options)) throw new DatabaseError(2, `${name} must take a nested object`);
  const rows = await begin(context, options, typeof target === 'string' ? target : null);
  const refuse = (): never => {
    throw notSupported(`reading other collections after ${name}`);
  };
  const rest = compileStages(stages.slice(1), pipelineContext(environmentOf(context.body), refuse));
  const first: Stream<Doc> = (function* () {
    yield* rows;
  })();
  return encoded(rest.reduce<Stream<Doc>>((input, stage) => stage(input), first));
}

/** The namespace a pipeline's cursor has. */
export function pipelineNamespace({ body, db }: Context): string {
  const target: Value = body.get('aggregate') ?? null;
  return `${db}.${typeof target === 'string' ? target : '$cmd.aggregate'}`;
}
