// Random work of one client among several, and a record of what was acknowledged, for the test that explains it.
import { type ClientSession, type Db, type MongoClient, MongoServerError } from 'mongodb';
import { chance, pick, type Random } from './random-documents.ts';

/** Accounts, counters and tasks there are. */
export const COUNT = 6;
/** What each account starts with. */
export const BALANCE = 100;
const KEYS = 8;

/** What the database has acknowledged. */
export class History {
  /** Increments of each counter. */
  readonly counted = new Map<number, number>();
  /** Rounds over all counters. */
  rounds = 0;
  /** Inserted less deleted documents of each unique key. */
  readonly keys = new Map<number, number>();
  /** Tasks by the clients that were told to have got them. */
  readonly claims: number[] = [];
  /** Ledger entries of committed transfers. */
  readonly transfers = new Set<string>();
  /** Entries of transfers that were given up. */
  readonly givenUp = new Set<string>();
  /** What went wrong in front of a client's eyes. */
  readonly surprises: string[] = [];
  conflicts = 0;
  duplicates = 0;

  add(tally: Map<number, number>, at: number, change: number): void {
    tally.set(at, (tally.get(at) ?? 0) + change);
  }
}

interface Numbered {
  readonly _id: number;
  readonly [name: string]: number;
}

/** The collections of a run. */
export function collections(db: Db) {
  return {
    accounts: db.collection<Numbered>('accounts'),
    counters: db.collection<Numbered>('counters'),
    ledger: db.collection<{ _id: string; from: number; to: number; amount: number }>('ledger'),
    tasks: db.collection<{ _id: number; owner: string | null }>('tasks'),
    unique: db.collection<{ _id: string; key: number }>('unique'),
  };
}

/** One client: `steps` random pieces of work, one after the other. */
export async function work(
  client: MongoClient,
  name: string,
  random: Random,
  steps: number,
  history: History,
): Promise<void> {
  const here = collections(client.db('history'));
  const number = () => Math.floor(random() * COUNT);
  const deeds = {
    count: async () => {
      const [_id, change] = [number(), 1 + number()];
      await here.counters.updateOne({ _id }, { $inc: { n: change } });
      history.add(history.counted, _id, change);
    },
    round: async () => {
      await here.counters.updateMany({}, { $inc: { all: 1 } });
      history.rounds++;
    },
    insert: async (step: number) => {
      const key = Math.floor(random() * KEYS);
      const refused = await here.unique
        .insertOne({ _id: `${name}-${step}`, key })
        .then(() => false, isDuplicate);
      if (refused) history.duplicates++;
      else history.add(history.keys, key, 1);
    },
    remove: async () => {
      const key = Math.floor(random() * KEYS);
      const { deletedCount } = await here.unique.deleteOne({ key });
      history.add(history.keys, key, -deletedCount);
    },
    claim: async () => {
      const task = await here.tasks.findOneAndUpdate({ owner: null }, { $set: { owner: name } });
      if (task) history.claims.push(task._id);
    },
    transfer: (step: number) => transfer(client, `${name}-${step}`, random, history),
    look: () => look(client, history),
  };
  const kinds = [
    'count',
    'count',
    'round',
    'insert',
    'insert',
    'remove',
    'claim',
    'transfer',
    'transfer',
    'look',
  ] as const;
  for (let step = 0; step < steps; step++) await deeds[pick(random, kinds)](step);
}

function isDuplicate(error: unknown): boolean {
  if (error instanceof MongoServerError && error.code === 11000) return true;
  throw error;
}

/** Moves money and writes it down, or gives up in the middle. */
async function transfer(client: MongoClient, _id: string, random: Random, history: History): Promise<void> {
  const from = Math.floor(random() * COUNT);
  const to = (from + 1 + Math.floor(random() * (COUNT - 1))) % COUNT;
  const amount = 1 + Math.floor(random() * 20);
  const givesUp = chance(random, 0.25);
  let attempts = 0;
  await client.withSession(async (session) => {
    await session.withTransaction(async () => {
      attempts++;
      await move(client, session, { _id, from, to, amount });
      if (givesUp) await session.abortTransaction();
    });
  });
  history.conflicts += attempts - 1;
  (givesUp ? history.givenUp : history.transfers).add(_id);
}

async function move(
  client: MongoClient,
  session: ClientSession,
  entry: { _id: string; from: number; to: number; amount: number },
): Promise<void> {
  const { accounts, ledger } = collections(client.db('history'));
  const source = await accounts.findOne({ _id: entry.from }, { session });
  // Written as a sum of what was read, so that an update in between would be lost and noticed.
  await accounts.updateOne(
    { _id: entry.from },
    { $set: { balance: (source?.['balance'] ?? 0) - entry.amount } },
    { session },
  );
  await ledger.insertOne(entry, { session });
  await accounts.updateOne({ _id: entry.to }, { $inc: { balance: entry.amount } }, { session });
}

/** Reads all accounts twice in one transaction: nothing is ever on its way, and nothing changes in between. */
async function look(client: MongoClient, history: History): Promise<void> {
  const { accounts, ledger } = collections(client.db('history'));
  await client.withSession(async (session) => {
    await session.withTransaction(async () => {
      const first = await accounts.find({}, { session, sort: { _id: 1 } }).toArray();
      const entries = await ledger.countDocuments({}, { session });
      const second = await accounts.find({}, { session, sort: { _id: 1 } }).toArray();
      const again = await ledger.countDocuments({}, { session });
      const total = first.reduce((sum, account) => sum + (account['balance'] ?? 0), 0);
      if (total !== COUNT * BALANCE) history.surprises.push(`the accounts held ${total}`);
      if (JSON.stringify(first) !== JSON.stringify(second))
        history.surprises.push('an account changed in a snapshot');
      if (entries !== again) history.surprises.push('the ledger changed in a snapshot');
    });
  });
}
