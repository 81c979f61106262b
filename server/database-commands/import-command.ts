/** `npm run db:import -- --from FOLDER [--db NAME] [--drop]`: an export into the hub's database, wherever that is. */
import { connectTo, databaseName, runCommand } from '#server/database-commands/command-line.ts';
import { importDatabase } from '#server/database-commands/import.ts';
import { documentCount } from '#server/database-commands/words.ts';

const call = {
  usage: 'npm run db:import -- --from FOLDER [--db NAME] [--source-db NAME] [--drop]',
  options: {
    from: { type: 'string' },
    db: { type: 'string' },
    'source-db': { type: 'string' },
    drop: { type: 'boolean' },
  },
  whenStopped: 'Stopped; what was imported until now stays. Run it again with --drop.',
} as const;

await runCommand(call, async ({ place, signal, say, show }, values) => {
  const { from, db, drop = false, 'source-db': sourceName } = values;
  if (!from) throw new Error(`Say from where: ${call.usage}`);
  const { client, close } = await connectTo(place, 'fill', signal);
  try {
    const source = { from, drop, ...(sourceName === undefined ? {} : { sourceName }) };
    const contents = await importDatabase(client.db(databaseName(place, db)), source, {
      signal,
      progress: (name, documents) => show(`${name}: ${documents}`),
      finished: (name, { documents, sha256 }) =>
        say(`${name}: ${documentCount(documents)}, ${sha256}, as exported`),
    });
    say(`Imported and compared ${contents.size} collections`);
  } finally {
    await close();
  }
  return true;
});
