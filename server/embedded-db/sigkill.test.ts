// Killed again and again under 16 writers: nothing acknowledged is lost, nothing is half done, nothing needs repair.
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDatabase } from './store/check.ts';
import { serveInChild } from './test-support/serving-child.ts';
import { seededRandom, temporaryDirectory } from './test-support/test-database.ts';

/** `KILL_ROUNDS=100` for the long run. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 10);
const SEED = Number(process.env['KILL_SEED'] ?? 1);

let dataDir: string;

beforeEach(() => {
  dataDir = temporaryDirectory();
});

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

interface Noted {
  _id: string;
}
interface Counter {
  _id: string;
  n: number;
}

/** What the clients were told, over all rounds. */
class Acknowledged {
  readonly notes = new Set<string>();
  readonly pairs = new Set<string>();
  readonly counts = new Map<string, number>();
  /** Increments that were sent and not answered; each may have happened once. */
  readonly open = new Map<string, number>();
  total = 0;
}

type Write = (client: MongoClient, name: string, told: Acknowledged) => Promise<void>;

const insertNote: Write = async (client, name, told) => {
  await client.db('kill').collection<Noted>('notes').insertOne({ _id: name });
  told.notes.add(name);
};

/** Retryable writes: one that the driver sends twice must count once. */
const increment: Write = async (client, name, told) => {
  const counter = name.split('.')[0] ?? '';
  told.open.set(counter, (told.open.get(counter) ?? 0) + 1);
  const counters = client.db('kill').collection<Counter>('counters');
  await counters.updateOne({ _id: counter }, { $inc: { n: 1 } }, { upsert: true });
  told.open.set(counter, (told.open.get(counter) ?? 0) - 1);
  told.counts.set(counter, (told.counts.get(counter) ?? 0) + 1);
};

/** A transaction over two collections. */
const insertPair: Write = async (client, name, told) => {
  const db = client.db('kill');
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await db.collection<Noted>('left').insertOne({ _id: name }, { session });
      await db.collection<Noted>('right').insertOne({ _id: name }, { session });
    }),
  );
  told.pairs.add(name);
};

const WRITERS: readonly Write[] = [
  ...Array.from({ length: 6 }, () => insertNote),
  ...Array.from({ length: 5 }, () => increment),
  ...Array.from({ length: 5 }, () => insertPair),
];

/** Starts the database, writes until enough is acknowledged, and kills it in the middle. */
async function round(number: number, enough: number, told: Acknowledged): Promise<void> {
  const { child, uri } = await serveInChild(dataDir);
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 300 });
  const wanted = told.total + enough;
  let isKilled = false;
  const work = WRITERS.map(async (write, writer) => {
    for (let i = 0; ; i++) {
      try {
        await write(client, `w${writer}.${number}.${i}`, told);
      } catch (error) {
        if (!isKilled) throw error;
        return;
      }
      if (++told.total >= wanted && !isKilled) {
        isKilled = true;
        child.kill('SIGKILL');
      }
    }
  });
  await Promise.all([once(child, 'exit'), ...work]);
  await client.close();
}

async function idsOf(client: MongoClient, name: string): Promise<Set<string>> {
  const found = await client.db('kill').collection<Noted>(name).find().toArray();
  return new Set(found.map((each) => each._id));
}

const missing = (wanted: Iterable<string>, found: Set<string>) => [...wanted].filter((id) => !found.has(id));

describe('SIGKILL', () => {
  test(
    '[DB2] under 16 writers loses no acknowledged write, halves no transaction and needs no repair',
    async () => {
      const random = seededRandom(SEED);
      const told = new Acknowledged();
      for (let number = 0; number < ROUNDS; number++) await round(number, 50 + random() * 300, told);

      const { child, uri } = await serveInChild(dataDir);
      const client = new MongoClient(uri);
      const [notes, left, right] = [
        await idsOf(client, 'notes'),
        await idsOf(client, 'left'),
        await idsOf(client, 'right'),
      ];
      expect(missing(told.notes, notes)).toEqual([]);
      expect(missing(told.pairs, left)).toEqual([]);
      expect([missing(left, right), missing(right, left)]).toEqual([[], []]);
      for (const { _id, n } of await client.db('kill').collection<Counter>('counters').find().toArray()) {
        const acknowledged = told.counts.get(_id) ?? 0;
        expect(n).toBeGreaterThanOrEqual(acknowledged);
        expect(n).toBeLessThanOrEqual(acknowledged + (told.open.get(_id) ?? 0));
      }
      expect(checkDatabase(dataDir, () => undefined).findings).toEqual([]);
      await client.close();
      child.kill('SIGTERM');
      await once(child, 'exit');
      process.stdout.write(`${ROUNDS} kills, ${told.total} acknowledged writes, none lost\n`);
    },
    20_000 + ROUNDS * 10_000,
  );
});
