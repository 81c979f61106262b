/** How `npm start` runs Node, so that a hub in a test or a benchmark is the hub that users run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#tests/support/project-files.ts';

/** Flags of Node in the `start` script, for instance `--max-semi-space-size=8`. */
export function startFlags(): string[] {
  const { scripts }: { scripts: { start: string } } = JSON.parse(
    readFileSync(join(projectRoot, 'package.json'), 'utf8'),
  );
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}
