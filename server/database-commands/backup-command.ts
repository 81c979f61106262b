/** `npm run backup -- --to FILE|FOLDER`: a backup of the embedded database, also while the hub runs. */
import { embeddedFolder, runCommand } from '#server/database-commands/command-line.ts';
import { backUp } from '#server/embedded-db/backup.ts';

const call = {
  usage: 'npm run backup -- --to FILE (or a folder)',
  options: { to: { type: 'string' } },
  whenStopped: 'Stopped; nothing was left half done.',
} as const;

await runCommand(call, async ({ place, signal, say, show }, values) => {
  if (!values.to) throw new Error(`Say where to: ${call.usage}`);
  const progress = (done: number, total: number) => {
    signal.throwIfAborted();
    show(`${Math.floor((100 * done) / Math.max(total, 1))} %`);
  };
  const made = await backUp(embeddedFolder(place), values.to, { progress });
  say(`Backed up and checked: ${made}`);
  return true;
});
