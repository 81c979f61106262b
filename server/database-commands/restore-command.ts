/** `npm run restore -- --from FILE [--force]`: puts a backup in the place of the embedded database. */
import { parseArgs } from 'node:util';
import { embeddedFolder, runCommand } from '#server/database-commands/command-line.ts';
import { restoreBackup } from '#server/embedded-db/backup.ts';

await runCommand(async ({ place, signal, say, show }) => {
  const { values } = parseArgs({ options: { from: { type: 'string' }, force: { type: 'boolean' } } });
  if (values.from === undefined) throw new Error('Say from where: npm run restore -- --from FILE [--force]');
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
