// Running a command's long write: in pieces, each with the records it needs to be repeated safely.
import { type Reply, StatementLog } from '../engine/retry-log.ts';
import { inTurns, type Pace, type Work } from '../engine/work.ts';
import type { WriteTarget } from '../engine/write-target.ts';
import { streamUnderOrder } from '../value/text-order.ts';
import type { Context } from './context.ts';

/** What a long write works with. */
export interface Writing {
  readonly target: WriteTarget;
  readonly pace: Pace;
  /** Set for a retryable write: what is noted in it is stored with the changes it tells of. */
  readonly log: StatementLog | null;
}

/** Runs a long write that lets others in between: in the open transaction, else in as many durable groups as it
 *  needs. What was done before a failure stays, except in a transaction.
 *  @throws 50 MaxTimeMSExpired, 11601 Interrupted at a cut */
export function work(context: Context, run: (writing: Writing) => Work<Reply>): Promise<Reply> {
  const { engine, transaction, retry, order } = context;
  if (transaction) {
    const pace = engine.newPace();
    const inner = streamUnderOrder(order, run({ target: transaction, pace, log: null }));
    return inTurns(watched(context, inner, null), pace);
  }
  return engine.writer.work(function* (target, pace): Work<Reply> {
    const log = retry && new StatementLog(engine.storage, retry);
    return yield* watched(context, streamUnderOrder(order, run({ target, pace, log })), log);
  });
}

/** Each part of a record is stored by the same commit as the statements it tells of. */
function* watched(context: Context, inner: Work<Reply>, log: StatementLog | null): Work<Reply> {
  for (;;) {
    const step = advance(context, inner, log);
    if (step.done) return step.value;
    yield step.value;
    context.deadline.check(performance.now());
  }
}

function advance({ engine }: Context, inner: Work<Reply>, log: StatementLog | null) {
  try {
    return inner.next();
  } finally {
    // After a failure of the file itself the commit, and what it would tell of, is taken back.
    if (engine.storage.canCommit) log?.save();
  }
}
