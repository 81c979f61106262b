// aggregate: the beginning of a pipeline is planned as a find, the rest runs as stages.
import { truthy } from '../aggregate/truth.ts';
import { int, type Outgoing } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { DEFAULT_BATCH, nextBatch, type Source } from '../engine/cursors.ts';
import type { Reply } from '../engine/retry-log.ts';
import { drain, type Explainable, explainSelection } from '../explain/explainable.ts';
import { countedTree } from '../explain/plan-tree.ts';
import type { Stream } from '../store/row.ts';
import { streamUnderOrder, underOrder } from '../value/text-order.ts';
import { writeOutput } from './aggregate-output.ts';
import { type Command, type Context, collectionName, countOption, docOption } from './context.ts';
import { explanation } from './explain.ts';
import { cursorReply } from './find.ts';
import { preparePipeline } from './pipeline-plan.ts';
import { pipelineNamespace, serverPipeline } from './server-pipeline.ts';

function refuseDatabase({ body }: Context): void {
  if (typeof body.get('aggregate') !== 'string') throw notSupported('aggregate on a whole database');
}

function* nothing(): Stream<Buffer> {}

/** What goes wrong while a pipeline runs is told as the server tells it. */
function* told(documents: Stream<Buffer>): Stream<Buffer> {
  try {
    yield* documents;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw error.within('PlanExecutor error during aggregation');
  }
}

async function firstBatch(context: Context, stream: Stream<Buffer>): Promise<Reply> {
  const source: Source = { stream, held: null };
  const size = countOption(docOption(context.body, 'cursor'), 'batchSize') ?? DEFAULT_BATCH;
  const batch = await nextBatch(source, size, context.deadline);
  return cursorReply(context, pipelineNamespace(context), source, batch);
}

async function aggregate(context: Context): Promise<Reply> {
  const { body } = context;
  const ofServer = await serverPipeline(context);
  if (ofServer) return firstBatch(context, told(ofServer));
  if (truthy(body.get('explain'))) return explanation(context, explainAggregate(context), 'queryPlanner');
  // Behind an await the order of strings has to be said again.
  const { documents, output } = underOrder(context.order, () => preparePipeline(context));
  const stream = streamUnderOrder(context.order, told(documents));
  if (output) await writeOutput(context, output, stream);
  return firstBatch(context, output ? nothing() : stream);
}

function explainAggregate(context: Context): Explainable {
  refuseDatabase(context);
  const { selection, start, stages, documents, output } = preparePipeline(context);
  const namespace = `${context.db}.${collectionName(context)}`;
  return {
    ...explainSelection(namespace, selection, start.prepared),
    run: () => drain(documents, () => undefined),
    tree: () => countedTree(selection, start),
    rest: (isExecuted) => {
      const shown = stages.map(({ source, given }) => {
        const out: Map<string, Outgoing> = new Map(source);
        return isExecuted ? out.set('nReturned', int(given)) : out;
      });
      // It is named, but nothing is written.
      return output ? [...shown, new Map(output)] : shown;
    },
  };
}

/** The aggregate command. */
export const AGGREGATE: Readonly<Record<string, Command>> = {
  aggregate: {
    run: aggregate,
    explain: explainAggregate,
    inTransaction: true,
    options: [
      ...['aggregate', 'pipeline', 'cursor', 'hint', 'let', 'allowDiskUse', 'bypassDocumentValidation'],
      ...['explain', 'collation'],
    ],
  },
};
