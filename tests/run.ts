/** What `npm test` runs: finds a browser, builds the client once, runs the kinds of tests asked for, and counts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium, NoChromium, thisMachine } from '#tests/support/chromium.ts';
import { projectRoot } from '#tests/support/project-files.ts';
import { closingLine, tallyOf } from '#tests/support/tally.ts';

const kinds = ['unit', 'api', 'live', 'e2e'];
const report = join(projectRoot, 'test-results', 'vitest.json');

/** Runs a program of node_modules on this Node with the terminal of this process. @returns its exit code */
function run(program: string, args: readonly string[]): number {
  const path = join(projectRoot, 'node_modules', program);
  const done = spawnSync(process.execPath, [path, ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return done.status ?? 1;
}

/** What the browser tests need before they start. @returns the exit code of the build */
function prepareBrowsers(): number {
  process.env['CHROMIUM_PATH'] = ensureChromium(thisMachine());
  return run('vite/bin/vite.js', ['build', '--logLevel', 'warn']);
}

/** Runs Vitest over some kinds; `filters` are its own arguments. @returns its exit code, after the closing line */
function runTests(wanted: readonly string[], filters: readonly string[]): number {
  mkdirSync(join(projectRoot, 'test-results'), { recursive: true });
  rmSync(report, { force: true });
  const projects = wanted.flatMap((kind) => ['--project', kind]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = run('vitest/vitest.mjs', ['run', ...projects, ...reporters, ...filters]);
  const tally = tallyOf(JSON.parse(readFileSync(report, 'utf8')));
  const missing = tally.passed + tally.failed === 0;
  process.stdout.write(`\n${closingLine(tally)}\n`);
  return missing || tally.failed > 0 ? 1 : code;
}

/** Sorts the arguments into kinds and filters; no kind means all of them. */
function main(args: readonly string[]): number {
  const named = args.filter((each) => kinds.includes(each));
  const wanted = named.length === 0 ? kinds : named;
  const filters = args.filter((each) => !kinds.includes(each));
  try {
    const ready = wanted.includes('e2e') ? prepareBrowsers() : 0;
    return ready === 0 ? runTests(wanted, filters) : ready;
  } catch (error) {
    if (!(error instanceof NoChromium)) throw error;
    process.stderr.write(`${error.message}`);
    return 1;
  }
}

process.exitCode = main(process.argv.slice(2));
