/** `npm run db:export -- --to FOLDER [--db NAME]`: the hub's database as files, from wherever it is. */
import { connectTo, databaseName, runCommand } from '#server/database-commands/command-line.ts';
import { exportDatabase } from '#server/database-commands/export.ts';
import { documentCount } from '#server/database-commands/words.ts';

const call = {
  usage: 'npm run db:export -- --to FOLDER [--db NAME]',
  options: { to: { type: 'string' }, db: { type: 'string' } },
  whenStopped: 'Stopped; nothing was left half done.',
} as const;

await runCommand(call, async ({ place, signal, say, show }, values) => {
  if (!values.to) throw new Error(`Say where to: ${call.usage}`);
  const { client, close } = await connectTo(place, 'read', signal);
  try {
    const contents = await exportDatabase(client.db(databaseName(place, values.db)), values.to, {
      signal,
      progress: (name, documents) => show(`${name}: ${documents}`),
      finished: (name, { documents, sha256 }) => say(`${name}: ${documentCount(documents)}, ${sha256}`),
    });
    say(`Exported ${contents.size} collections to ${values.to}`);
  } finally {
    await close();
  }
  return true;
});
