// Serves the database of one directory alone, for tools and tests: `node server/embedded-db/serve.ts --data DIR`.
import { parseArgs } from 'node:util';
import { startEmbeddedDatabase } from './start.ts';

const { values } = parseArgs({ options: { data: { type: 'string', default: 'data/db' } } });

function stop(error: Error): never {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

const database = await startEmbeddedDatabase({ dataDir: values.data, onFatal: stop }).catch(stop);
process.stdout.write(`${database.uri}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void database.close().then(() => process.exit(0)));
}
