// How much memory the engine's process takes while a large file is read in every expensive way.
import type { Figure } from './bars.ts';
import { fill } from './documents.ts';
import { takePeakMemory } from './processes.ts';
import { type Bench, withDatabase } from './stage.ts';
import { GROUP } from './workload.ts';

const PADDING = 1_500;
/** Documents of about 2 KB in one MB of the file. */
const DOCUMENTS_PER_MB = 510;

/** Fills a file, serves it afresh, and takes the peak of each kind of read. */
export async function measureMemory(bench: Bench): Promise<Figure[]> {
  const { fileMb } = bench.size;
  const detail = `a file of ${fileMb} MB`;
  const filled = await withDatabase(bench, 'memory', async ({ orders, server }) => {
    await orders.createIndex({ number: 1 });
    await fill(orders, fileMb * DOCUMENTS_PER_MB, PADDING);
    return takePeakMemory(server.pid);
  });
  return withDatabase(bench, 'memory', async ({ orders, server }) => {
    const peakOf = async (bar: Figure['bar'], work: () => Promise<unknown>): Promise<Figure> => {
      await work();
      return { bar, value: takePeakMemory(server.pid), detail };
    };
    return [
      { bar: 'memoryFill', value: filled, detail },
      await peakOf('memoryOpen', () => orders.findOne({ number: 1 })),
      await peakOf('memoryScan', () => orders.countDocuments({ note: 'no such note' })),
      await peakOf('memorySort', () => orders.find({}, { sort: { price: -1 }, limit: 100 }).toArray()),
      await peakOf('memoryGroup', () => orders.aggregate(GROUP).toArray()),
    ];
  });
}
