/** `npm run db:import -- --from FOLDER [--db NAME] [--drop]`: an export into the hub's database, wherever that is. */
import { parseArgs } from 'node:util';
import { connectTo, databaseName, runCommand } from '#server/database-commands/command-line.ts';
import { importDatabase } from '#server/database-commands/import.ts';

const options = {
  from: { type: 'string' },
  db: { type: 'string' },
  'source-db': { type: 'string' },
  drop: { type: 'boolean' },
} as const;

await runCommand(async ({ place, signal, say, show }) => {
  const { values } = parseArgs({ options });
  const { from, db, drop = false, 'source-db': sourceName } = values;
  if (from === undefined)
    throw new Error(
      'Say from where: npm run db:import -- --from FOLDER [--db NAME] [--source-db NAME] [--drop]',
    );
  const { client, close } = await connectTo(place, 'refuse');
  try {
    const source = { from, drop, ...(sourceName === undefined ? {} : { sourceName }) };
    const contents = await importDatabase(client.db(databaseName(place, db)), source, {
      signal,
      progress: (name, documents) => show(`${name}: ${documents}`),
      finished: (name, { documents, sha256 }) =>
        say(`${name}: ${documents} documents, ${sha256}, as exported`),
    });
    say(`Imported and compared ${contents.size} collections`);
  } finally {
    await close();
  }
  return true;
}, 'Stopped; what was imported until now stays. Run it again with --drop.');
