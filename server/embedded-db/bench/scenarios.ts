// What is measured: each scenario fills what it needs and gives its figures.
import { calculateObjectSize } from 'bson';
import type { Collection } from 'mongodb';
import type { Figure } from './bars.ts';
import { fill, sampleDocument } from './documents.ts';
import type { Exchange, Floor } from './floor.ts';
import { measureMemory } from './memory.ts';
import { serveDatabase, startLoad, startProcess } from './processes.ts';
import { type Paired, quantile, spread, timed, timedOverFloor } from './samples.ts';
import { type Bench, withDatabase } from './stage.ts';
import { GROUP } from './workload.ts';

/** Writers at once; each has a connection of the driver's pool. */
const CONNECTIONS = 64;

/** Bytes of a stored document, and of what the driver and the engine send besides, about. */
const DOCUMENT = calculateObjectSize(sampleDocument(0)) + 17;
const REQUEST = 280;
const REPLY = 220;
const ONE: Exchange = { request: REQUEST, reply: REPLY + DOCUMENT };
const TWENTY: Exchange = { request: REQUEST, reply: REPLY + 20 * DOCUMENT };
const STORED: Exchange = { request: REQUEST + DOCUMENT, reply: REPLY, isDurable: true };

function figure(bar: Figure['bar'], samples: readonly number[], share: number): Figure {
  return { bar, value: quantile(samples, share), detail: spread(samples) };
}

function overFloor(bar: Figure['bar'], { samples, floors }: Paired, share: number): Figure {
  return { ...figure(bar, samples, share), floor: quantile(floors, share) };
}

async function start({ dataDir, size }: Bench): Promise<Figure[]> {
  // One start makes the file, and the pages of the sources are in memory afterwards.
  const served = await serveDatabase(dataDir('start'));
  await served.stop();
  const samples: number[] = [];
  for (let i = 0; i < size.starts; i++) {
    const run = await startProcess('./start-time.ts', [dataDir('start')]);
    samples.push(Number(run.line));
    await run.stop();
  }
  return [figure('start', samples, 0.5)];
}

async function filled(orders: Collection, count: number): Promise<unknown[]> {
  await orders.createIndexes([{ key: { number: 1 }, unique: true }, { key: { state: 1, due: -1 } }]);
  await fill(orders, count);
  const some = await orders.find({}, { projection: { _id: 1 }, limit: 1_000 }).toArray();
  return some.map((each) => each._id);
}

type Read = (i: number) => Promise<unknown>;

async function beside({ size }: Bench, uri: string, floor: Floor, kind: string, read: Read): Promise<Paired> {
  const load = await startLoad(uri, kind);
  const paired = await timedOverFloor(size.besideReads, read, () => floor.run(ONE));
  await load.stop();
  return paired;
}

function read(bench: Bench): Promise<Figure[]> {
  return withDatabase(bench, 'read', async ({ orders, uri, floor }) => {
    const { documents, reads, groups } = bench.size;
    const ids = await filled(orders, documents);
    const byId = (i: number) => orders.findOne({ _id: ids[i % ids.length] as never });
    const byNumber = (i: number) => orders.findOne({ number: (i * 7_919) % documents });
    const open = () => orders.find({ state: 'open' }, { sort: { due: -1 }, limit: 20 }).toArray();
    for (const each of [byId, byNumber, open]) await timed(reads / 4, each);
    const over = (count: number, each: Read, kind: Exchange) =>
      timedOverFloor(count, each, () => floor.run(kind));
    return [
      overFloor('findById', await over(reads, byId, ONE), 0.5),
      overFloor('findByIndex', await over(reads, byNumber, ONE), 0.5),
      overFloor('findSorted', await over(reads / 4, open, TWENTY), 0.5),
      overFloor('besideScan', await beside(bench, uri, floor, 'scan', byId), 0.99),
      overFloor('besideGroup', await beside(bench, uri, floor, 'group', byId), 0.99),
      overFloor('besideSort', await beside(bench, uri, floor, 'sort', byId), 0.99),
      figure('group', await timed(groups, () => orders.aggregate(GROUP).toArray()), 0.5),
    ];
  });
}

function write(bench: Bench): Promise<Figure[]> {
  return withDatabase(bench, 'write', async ({ orders, floor }) => {
    const { inserts } = bench.size;
    let next = 0;
    const insert = (into: Collection) => () => into.insertOne(sampleDocument(next++));
    await timed(inserts / 10, insert(orders));
    const alone = await timedOverFloor(inserts / 10, insert(orders), () => floor.run(STORED));
    const each = Math.ceil(inserts / CONNECTIONS);
    const together = () =>
      Promise.all(Array.from({ length: CONNECTIONS }, () => timed(each, insert(orders))));
    // The pool opens its connections now.
    await together();
    const before = performance.now();
    const samples = (await together()).flat();
    const rate = (samples.length * 1_000) / (performance.now() - before);
    return [
      overFloor('insertAlone', alone, 0.5),
      { bar: 'insertTogether', value: rate, detail: spread(samples) },
    ];
  });
}

/** The scenarios by the name they are chosen with. */
export const SCENARIOS: Readonly<Record<string, (bench: Bench) => Promise<Figure[]>>> = {
  start,
  read,
  write,
  memory: measureMemory,
};
