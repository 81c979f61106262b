// explain: the plan of a command, and with executionStats what running it has counted.
import { hostname } from 'node:os';
import { type Doc, int, type Outgoing } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { finish } from '../engine/cursors.ts';
import type { Reply } from '../engine/retry-log.ts';
import type { Explainable } from '../explain/explainable.ts';
import { shownExecution, shownPlan } from '../explain/plan-stage.ts';
import { streamUnderOrder, underOrder } from '../value/text-order.ts';
import { type Command, type Context, docOption, docsOption, refuseUnknownOptions, reply } from './context.ts';
import { VERSION } from './hello.ts';
import { orderOf } from './order-of-strings.ts';

type Verbosity = 'queryPlanner' | 'executionStats' | 'allPlansExecution';

function verbosityOf(body: Doc): Verbosity {
  const asked = body.get('verbosity') ?? 'allPlansExecution';
  if (asked === 'queryPlanner' || asked === 'executionStats' || asked === 'allPlansExecution') return asked;
  throw new DatabaseError(
    2,
    `Enumeration value '${String(asked)}' for field 'explain.verbosity' is not a valid value.`,
  );
}

function queryPlanner(explained: Explainable): Reply {
  return reply({
    namespace: explained.namespace,
    parsedQuery: explained.parsedQuery,
    indexFilterSet: false,
    winningPlan: shownPlan(explained.tree()),
    rejectedPlans: explained.rejected().map(shownPlan),
  });
}

async function execute(context: Context, explained: Explainable): Promise<number> {
  const startedAt = performance.now();
  await finish(streamUnderOrder(context.order, explained.run()), context.deadline);
  return performance.now() - startedAt;
}

function executionStats(explained: Explainable, tookMs: number, verbosity: Verbosity): Reply {
  const { returned, keys, docs } = explained.totals();
  return reply({
    executionSuccess: true,
    nReturned: int(returned),
    executionTimeMillis: int(Math.round(tookMs)),
    totalKeysExamined: int(keys),
    totalDocsExamined: int(docs),
    executionStages: shownExecution(explained.tree()),
    // No plan is tried out before it is chosen.
    allPlansExecution: verbosity === 'allPlansExecution' ? [] : undefined,
  });
}

/** The reply about one command.
 *  @param context - of the command explained, not of explain itself */
export async function explanation(
  context: Context,
  explained: Explainable,
  verbosity: Verbosity,
): Promise<Reply> {
  const isExecuted = verbosity !== 'queryPlanner';
  const tookMs = isExecuted ? await execute(context, explained) : 0;
  const planned: Record<string, Outgoing | undefined> = {
    queryPlanner: queryPlanner(explained),
    executionStats: isExecuted ? executionStats(explained, tookMs, verbosity) : undefined,
  };
  const rest = explained.rest?.(isExecuted) ?? [];
  const stages = [reply({ $cursor: reply(planned) }), ...rest];
  return reply({
    explainVersion: '1',
    ...(rest.length > 0 ? { stages } : planned),
    command: context.body,
    serverInfo: reply({ host: hostname(), port: int(0), version: VERSION, gitVersion: '' }),
  });
}

async function explain(context: Context, find: (name: string) => Command | undefined): Promise<Reply> {
  const body = new Map(docOption(context.body, 'explain'));
  body.set('$db', context.db);
  const verbosity = verbosityOf(context.body);
  const name = body.keys().next().value ?? '';
  const command = find(name);
  if (!command) throw new DatabaseError(59, `Explain failed due to unknown command: ${name}`);
  if (!command.explain) throw new DatabaseError(20, `Cannot explain cmd: ${name}`);
  if (command.options !== 'any') refuseUnknownOptions(name, body, command.options);
  const collection = body.get(name);
  const known = typeof collection === 'string' && context.engine.storage.catalog.find(context.db, collection);
  const [statement] = docsOption(body, name === 'update' ? 'updates' : 'deletes');
  const order = orderOf(statement ?? body, known || undefined);
  const inner: Context = { ...context, name, body, order };
  const { explain: prepare } = command;
  return explanation(
    inner,
    underOrder(order, () => prepare(inner)),
    verbosity,
  );
}

/** The explain command; `find` gives the commands it may be asked about. */
export function explainCommand(find: (name: string) => Command | undefined): Command {
  return { run: (context) => explain(context, find), options: ['explain', 'verbosity'] };
}
