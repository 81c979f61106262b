/** `npm run db:check`: checks every page, document and index entry of the embedded database, also while the hub runs. */
import { embeddedFolder, runCommand } from '#server/database-commands/command-line.ts';
import { checkDatabase } from '#server/embedded-db/store/check.ts';

await runCommand(
  { usage: 'npm run db:check', options: {}, whenStopped: null },
  async ({ place, say, show }) => {
    const report = checkDatabase(embeddedFolder(place), (documents) => show(`${documents} documents`));
    for (const finding of report.findings) say(finding);
    const { collections, documents, entries, findings } = report;
    const seen = `${collections} collections, ${documents} documents, ${entries} index entries`;
    say(findings.length === 0 ? `Sound: ${seen}` : `${findings.length} findings in ${seen}`);
    return findings.length === 0;
  },
);
