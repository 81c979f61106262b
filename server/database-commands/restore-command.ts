/** `npm run restore -- --from FILE [--force]`: puts a backup in the place of the embedded database. */
import { embeddedFolder, runCommand } from '#server/database-commands/command-line.ts';
import { restoreBackup } from '#server/embedded-db/backup.ts';

const call = {
  usage: 'npm run restore -- --from FILE [--force]',
  options: { from: { type: 'string' }, force: { type: 'boolean' } },
  whenStopped: 'Stopped; the database is as it was.',
} as const;

await runCommand(call, async ({ place, signal, say, show }, values) => {
  if (!values.from) throw new Error(`Say from where: ${call.usage}`);
  const folder = embeddedFolder(place);
  const progress = (done: number, total: number) => {
    signal.throwIfAborted();
    show(`${Math.floor((100 * done) / Math.max(total, 1))} %`);
  };
  const aside = await restoreBackup(folder, values.from, { force: values.force === true, progress });
  say(`Restored and checked: ${folder}`);
  if (aside !== null) say(`The database before is kept as ${aside}`);
  return true;
});
