/** `npm run backup -- --to FILE|FOLDER`: a backup of the embedded database, also while the hub runs. */
import { parseArgs } from 'node:util';
import { embeddedFolder, runCommand } from '#server/database-commands/command-line.ts';
import { backUp } from '#server/embedded-db/backup.ts';

await runCommand(async ({ place, signal, say, show }) => {
  const { values } = parseArgs({ options: { to: { type: 'string' } } });
  if (values.to === undefined) throw new Error('Say where to: npm run backup -- --to FILE (or a folder)');
  const progress = (done: number, total: number) => {
    signal.throwIfAborted();
    show(`${Math.floor((100 * done) / Math.max(total, 1))} %`);
  };
  const made = await backUp(embeddedFolder(place), values.to, { progress });
  say(`Backed up and checked: ${made}`);
  return true;
});
