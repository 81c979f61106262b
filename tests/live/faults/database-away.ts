/** The database stops answering while people type: nothing is acknowledged meanwhile, and everything arrives after. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Crowd } from '#tests/live/faults/crowd.ts';
import { startFaultProcess } from '#tests/live/faults/fault-process.ts';
import { SeededRandom } from '#tests/live/seeded-random.ts';
import { projectRoot } from '#tests/support/project-files.ts';
import { freePort, startNetwork } from '#tests/support/proxy.ts';
import { until } from '#tests/support/until.ts';

/** What a run saw; milliseconds. */
export interface AwayFigures {
  /** Acknowledgements that came while the database could not be reached. */
  acknowledgedMeanwhile: number;
  editsMeanwhile: number;
  exits: number;
  unreadyAfterMs: number;
  caughtUpAfterMs: number;
}

/** How the database is not there: connections are refused, or stay open and silent. */
export type Absence = 'cut' | 'stall';

const document = 'test/away';
const people = 5;
/** What was under way when the line went may have been answered already. */
const inFlightMs = 50;

export async function loseDatabase(absence: Absence, awayMs: number): Promise<AwayFigures> {
  const database = await startDatabase();
  const network = await startNetwork(database.port);
  const hub = await startFaultProcess({
    MONGODB_URI: `mongodb://127.0.0.1:${network.port}/tandem?directConnection=true`,
  });
  const crowd = new Crowd(hub.address, new SeededRandom(1));
  try {
    for (let person = 0; person < people; person += 1) await crowd.enter(document);
    for (let edit = 0; edit < 50; edit += 1) crowd.edit();
    await crowd.settled();

    if (absence === 'cut') network.cut();
    else network.stall();
    const gone = performance.now();
    await pause(inFlightMs);
    const [acknowledgedBefore, editsBefore] = [crowd.acknowledged.length, crowd.edits];
    let unreadyAfterMs = Number.POSITIVE_INFINITY;
    while (performance.now() < gone + awayMs) {
      crowd.edit();
      if (unreadyAfterMs === Number.POSITIVE_INFINITY && !(await hub.isReady())) {
        unreadyAfterMs = performance.now() - gone;
      }
      await pause(100);
    }
    const acknowledgedMeanwhile = crowd.acknowledged.length - acknowledgedBefore;
    const editsMeanwhile = crowd.edits - editsBefore;
    network.heal();
    const back = performance.now();
    await until('the hub to be ready again', hub.isReady);
    await crowd.settled();
    const caughtUpAfterMs = performance.now() - back;
    assert.equal(hub.exits(), 0, hub.printed());
    return { acknowledgedMeanwhile, editsMeanwhile, exits: hub.exits(), unreadyAfterMs, caughtUpAfterMs };
  } finally {
    crowd.stop();
    await hub.remove();
    await network.close();
    await database.stop();
  }
}

/** The embedded database served to others, as `npm run db` does. */
async function startDatabase(): Promise<{ port: number; stop: () => Promise<void> }> {
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-database-'));
  const child = spawn(
    process.execPath,
    ['server/embedded-db/serve.ts', '--data', dataDir, '--port', String(port)],
    { cwd: projectRoot, env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await until('the database to say where it is', () => printed.includes('mongodb://'));
  return {
    port,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
