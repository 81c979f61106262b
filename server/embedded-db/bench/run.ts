// Measures the embedded database against its bars: `npm run bench:db -- --scenario read --scale 0.1`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Figure, isReached, table } from './bars.ts';
import { SCENARIOS } from './scenarios.ts';
import { sizeOf } from './stage.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true, default: Object.keys(SCENARIOS) },
    scale: { type: 'string', default: '1' },
    dir: { type: 'string', default: tmpdir() },
  },
});
const place = mkdtempSync(join(values.dir, 'bench-db-'));
try {
  const figures: Figure[] = [];
  for (const name of values.scenario) {
    const scenario = SCENARIOS[name];
    if (!scenario) throw new Error(`no scenario '${name}'; there are ${Object.keys(SCENARIOS).join(', ')}`);
    const found = await scenario({
      size: sizeOf(Number(values.scale)),
      dataDir: (each) => join(place, each),
    });
    process.stdout.write(table(found));
    figures.push(...found);
  }
  const missed = figures.filter((each) => !isReached(each)).length;
  process.stdout.write(`${figures.length - missed} of ${figures.length} bars reached\n`);
  process.exitCode = missed === 0 ? 0 : 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}
