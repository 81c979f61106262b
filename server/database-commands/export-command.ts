/** `npm run db:export -- --to FOLDER [--db NAME]`: the hub's database as files, from wherever it is. */
import { parseArgs } from 'node:util';
import { connectTo, databaseName, runCommand } from '#server/database-commands/command-line.ts';
import { exportDatabase } from '#server/database-commands/export.ts';

await runCommand(async ({ place, signal, say, show }) => {
  const { values } = parseArgs({ options: { to: { type: 'string' }, db: { type: 'string' } } });
  if (values.to === undefined) throw new Error('Say where to: npm run db:export -- --to FOLDER [--db NAME]');
  const { client, close } = await connectTo(place, 'join');
  try {
    const contents = await exportDatabase(client.db(databaseName(place, values.db)), values.to, {
      signal,
      progress: (name, documents) => show(`${name}: ${documents}`),
      finished: (name, { documents, sha256 }) => say(`${name}: ${documents} documents, ${sha256}`),
    });
    say(`Exported ${contents.size} collections to ${values.to}`);
  } finally {
    await close();
  }
  return true;
});
