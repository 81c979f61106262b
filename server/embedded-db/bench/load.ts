// Another client: repeats one kind of heavy read until it is ended. `node load.ts URI scan|group|sort`
import { type Collection, MongoClient } from 'mongodb';
import { GROUP } from './workload.ts';

const [uri = '', kind = ''] = process.argv.slice(2);
const client = await new MongoClient(uri).connect();
const orders = client.db('bench').collection('orders');

const WORK: Readonly<Record<string, (from: Collection) => Promise<unknown>>> = {
  // No index helps, and nothing matches: the whole collection is read and no document sent.
  scan: (from) => from.countDocuments({ note: 'no such note' }),
  group: (from) => from.aggregate(GROUP).toArray(),
  // Everything is sorted before the first document can be sent; the rest is not asked for.
  sort: async (from) => {
    const cursor = from.find({}, { sort: { price: 1, company: -1 }, batchSize: 1 });
    await cursor.next();
    await cursor.close();
  },
};

const work = WORK[kind];
if (!work) throw new Error(`no load called '${kind}'`);
await work(orders);
process.stdout.write('running\n');
process.once('SIGTERM', () => process.exit(0));
for (;;) await work(orders);
