/** The revision of rights: one record raised by every write that takes or changes a right, in the same transaction. */
import mongoose, { type ClientSession, Schema } from 'mongoose';
import { withTransaction } from '#server/base/mongo.ts';
import type { RightsSignal, Signals } from '#server/base/signals.ts';
import { secondMs } from '#shared/base/units.ts';

/** The one record. */
interface RevisionRecord {
  _id: string;
  /** How many changes there have been. */
  revision: number;
  /** The last changes, the newest last. */
  recent: RightsSignal[];
}

/** What has changed since a revision. */
export interface RightsNews {
  revision: number;
  /** In order; null when that is not known any more, so that anything may have. */
  changes: RightsSignal[] | null;
}

/** A transaction that may take or change rights. */
export interface RightsChange {
  session: ClientSession;
  /** Says what changed; everybody in this process hears it after the commit, other processes when they look. */
  tell(change: RightsSignal): void;
}

/** Changes the record remembers one by one; whoever missed more judges everybody again. */
export const rememberedChanges = 128;

const theOne = 'rights';

const revisionSchema = new Schema<RevisionRecord>(
  {
    _id: { type: String, required: true },
    revision: { type: Number, required: true },
    recent: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'rightsrevisions', strict: 'throw', versionKey: false },
);

const RevisionModel = mongoose.model<RevisionRecord>('RightsRevision', revisionSchema);

/** A transaction under way: what was told in it, and a model it took rights from. */
interface RunningChange {
  changes: RightsSignal[];
  written: string | null;
}

const running = new WeakMap<ClientSession, RunningChange>();
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs writes that take or change rights in one transaction, raises the revision in it, and sends the signals after.
 * One at a time in a process: all of them write the same record, and would only meet in it and run again.
 */
export function changeRights<T>(
  hub: { signals: Signals },
  work: (change: RightsChange) => Promise<T>,
): Promise<T> {
  const turn = last.then(() => runChange(hub, work));
  last = turn.catch(() => undefined);
  return turn;
}

async function runChange<T>(
  { signals }: { signals: Signals },
  work: (change: RightsChange) => Promise<T>,
): Promise<T> {
  let told: RightsSignal[] = [];
  try {
    return await withTransaction(async (session) => {
      told = [];
      const change: RunningChange = { changes: [], written: null };
      const { changes } = change;
      running.set(session, change);
      const result = await work({ session, tell: (signal) => changes.push(signal) });
      running.delete(session);
      if (changes.length === 0 && change.written !== null) refuseUntold(change.written);
      if (changes.length > 0) await raise(changes, session);
      told = changes;
      return result;
    });
  } finally {
    // Also when nobody can say whether it was stored: being judged once more does no harm.
    for (const change of told) signals.send(change);
  }
}

async function raise(changes: readonly RightsSignal[], session: ClientSession): Promise<void> {
  await RevisionModel.updateOne(
    { _id: theOne },
    {
      $inc: { revision: changes.length },
      $push: { recent: { $each: [...changes], $slice: -rememberedChanges } },
    },
    { session, upsert: true },
  );
}

/**
 * Asks what has changed since a revision, in one read of one record. Rejects when the database does not answer
 * within a second.
 * @param known - null for the first time
 * @returns null when nothing has
 */
export async function readRightsNews(known: number | null): Promise<RightsNews | null> {
  const record = await RevisionModel.collection.findOne<RevisionRecord>(
    { _id: theOne as never, ...(known === null ? {} : { revision: { $ne: known } }) },
    { timeoutMS: secondMs },
  );
  if (record === null) return known === null ? { revision: 0, changes: [] } : null;
  const { revision, recent } = record;
  const missed = known === null ? 0 : revision - known;
  const isKnown = missed >= 0 && missed <= recent.length;
  return { revision, changes: isKnown ? recent.slice(recent.length - missed) : null };
}

/**
 * Makes a schema one that rights depend on: deleting its records, and updating these fields, only works inside
 * `changeRights`; anything else throws. New records take nothing from anybody.
 * @param fields - top-level fields that a judgement or an actor is made of
 */
export function guardRights<Record>(
  schema: Schema<Record>,
  fields: readonly (keyof Record & string)[],
): void {
  const guarded: ReadonlySet<string> = new Set(fields);
  schema.pre(['updateOne', 'updateMany', 'findOneAndUpdate'], function refuseLoneUpdate() {
    if (touches(this.getUpdate(), guarded)) requireChange(this.model.modelName, this.getOptions().session);
  });
  schema.pre(
    ['deleteOne', 'deleteMany', 'findOneAndDelete', 'replaceOne', 'findOneAndReplace'],
    { document: false, query: true },
    function refuseLoneDelete() {
      requireChange(this.model.modelName, this.getOptions().session);
    },
  );
  schema.pre('save', function refuseLoneSave() {
    if (!this.isNew) throw new Error('rights hang on these records: update them by a query in changeRights');
  });
  schema.pre('bulkWrite', () => {
    throw new Error('rights hang on these records: write them one by one in changeRights');
  });
  guardedSchemas.add(schema as never);
}

const guardedSchemas = new WeakSet<Schema>();

/** Whether rights depend on a model's records. */
export function isGuarded(model: { schema: object }): boolean {
  return guardedSchemas.has(model.schema as never);
}

function requireChange(model: string, session: ClientSession | null | undefined): void {
  const change = session ? running.get(session) : undefined;
  if (change === undefined) refuseUntold(model);
  change.written = model;
}

function refuseUntold(model: string): never {
  throw new Error(`rights hang on ${model}: write it inside changeRights, and tell what changed`);
}

function touches(update: unknown, fields: ReadonlySet<string>): boolean {
  // A pipeline may write anything.
  if (Array.isArray(update)) return true;
  return Object.entries(update ?? {}).some(([key, value]) => {
    if (key === '$setOnInsert') return false;
    const paths = key.startsWith('$') ? Object.keys(Object(value)) : [key];
    return paths.some((path) => fields.has(path.split('.')[0] ?? ''));
  });
}
