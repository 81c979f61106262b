// The power goes at any moment: what was acknowledged is on the disk, and nothing is half there.
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answer } from './commands/dispatch.ts';
import { openEngine } from './engine/open.ts';
import { checkDatabase } from './store/check.ts';
import { CAN_WATCH_DISK, DiskModel, WatchedDisk } from './test-support/disk.ts';
import { serveInChild } from './test-support/serving-child.ts';
import { docOf, localClient, seededRandom, temporaryDirectory } from './test-support/test-database.ts';

/** `POWER_CUTS=2000` for the long run. */
const CUTS = Number(process.env['POWER_CUTS'] ?? 24);
const SEED = Number(process.env['POWER_SEED'] ?? 1);
/** More than the log holds before it is taken into the file, so that this happens, too. */
const ENOUGH_BYTES = 11_000_000;

let root: string;
let disk: WatchedDisk;

beforeEach(() => {
  root = temporaryDirectory();
  if (CAN_WATCH_DISK) disk = new WatchedDisk(root);
}, 120_000);

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A write that was answered, and where the log of the disk stood then. */
interface Told {
  readonly id: string;
  readonly isPair: boolean;
  readonly position: number;
}

interface Stored {
  _id: string;
  body: string;
}

/** Eight writers, half of them with transactions, until the disk has seen enough; then a clean end. */
async function writeOnDisk(enoughBytes: number): Promise<Told[]> {
  const { child, uri } = await serveInChild(disk.dataDir, disk.env);
  const client = new MongoClient(uri);
  const db = client.db('cut');
  for (const name of ['notes', 'left', 'right']) await db.collection(name).createIndex({ body: 1 });
  const told: Told[] = [];
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    const isPair = writer % 2 === 1;
    for (let i = 0; disk.position < enoughBytes; i++) {
      const id = `${writer}.${i}`;
      const stored: Stored = { _id: id, body: id.padEnd(i % 5 === 0 ? 900 : 200, 'x') };
      if (!isPair) await db.collection<Stored>('notes').insertOne(stored);
      else {
        await client.withSession((session) =>
          session.withTransaction(async () => {
            await db.collection<Stored>('left').insertOne(stored, { session });
            await db.collection<Stored>('right').insertOne(stored, { session });
          }),
        );
      }
      told.push({ id, isPair, position: disk.position });
    }
  });
  await Promise.all(writers);
  await client.close();
  child.kill('SIGTERM');
  await once(child, 'exit');
  return told;
}

/** Ids by collection in a database opened by the engine. */
async function idsIn(dataDir: string): Promise<Record<string, Set<string>>> {
  const open = openEngine(dataDir, () => undefined);
  try {
    const ids: Record<string, Set<string>> = {};
    for (const name of ['notes', 'left', 'right']) {
      const body = docOf({ distinct: name, key: '_id', $db: 'cut' });
      const reply = await answer({ engine: open.engine, body, connection: localClient() });
      ids[name] = new Set(reply.get('values') as string[]);
    }
    return ids;
  } finally {
    open.close();
  }
}

/** What is wrong after a cut; [] when all is well. */
async function faultsOf(dataDir: string, told: readonly Told[], position: number): Promise<string[]> {
  try {
    const { notes = new Set(), left = new Set(), right = new Set() } = await idsIn(dataDir);
    const lost = told.filter((each) => {
      const isThere = each.isPair ? left.has(each.id) && right.has(each.id) : notes.has(each.id);
      return each.position <= position && !isThere;
    });
    const half = [...left].filter((id) => !right.has(id)).concat([...right].filter((id) => !left.has(id)));
    return [
      ...lost.map(({ id }) => `${id} is lost`),
      ...half.map((id) => `${id} is half there`),
      ...checkDatabase(dataDir, () => undefined).findings,
    ];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Cuts the power at many moments of one run. @returns faults by moment; [] when all is well */
async function cutOften(told: readonly Told[], cuts: number): Promise<string[]> {
  const random = seededRandom(SEED);
  const end = disk.position;
  const marks = told.map((each) => each.position);
  // Half of the moments are just after an answer, where most can be lost.
  const moments = Array.from({ length: cuts }, (_, i) =>
    i % 2 === 0 ? random() * end : (marks[Math.floor(random() * marks.length)] ?? 0),
  ).sort((a, b) => a - b);
  const model = new DiskModel();
  const faults: string[] = [];
  let moment = 0;
  for (const change of [...disk.changes(), { kind: 'end', end: Number.POSITIVE_INFINITY }]) {
    for (; moment < moments.length && change.end > (moments[moment] ?? 0); moment++) {
      const position = moments[moment] ?? 0;
      const dataDir = join(root, 'after');
      mkdirSync(dataDir);
      const share = [0, 0.5, 0.9, 1][moment % 4] ?? 0;
      for (const [name, bytes] of model.afterCut(random, share)) writeFileSync(join(dataDir, name), bytes);
      const found = await faultsOf(dataDir, told, position);
      faults.push(...found.map((fault) => `at ${Math.floor(position)} (share ${share}): ${fault}`));
      rmSync(dataDir, { recursive: true });
    }
    if ('path' in change) model.take(change);
  }
  return faults;
}

describe.skipIf(!CAN_WATCH_DISK)('a power cut', () => {
  test(
    '[DB69] at any moment loses nothing acknowledged and halves nothing, whatever unsynced sectors survive',
    async () => {
      const told = await writeOnDisk(ENOUGH_BYTES);
      const kinds = new Set(
        disk.changes().map(({ kind, path }) => `${kind} ${path.replace(/.*database/, '')}`),
      );
      expect([...kinds]).toEqual(
        expect.arrayContaining(['S .sqlite-wal', 'S .sqlite', 'W .sqlite', 'U .sqlite-wal']),
      );
      expect(await cutOften(told, CUTS)).toEqual([]);
      process.stdout.write(`${CUTS} power cuts over ${told.length} acknowledged writes, none lost\n`);
    },
    30_000 + CUTS * 1_000,
  );

  test('[DB69] the simulation finds the losses of a disk that only says it has synced', async () => {
    disk.begin('no-sync');
    const told = await writeOnDisk(1_500_000);
    expect((await cutOften(told, 12)).join('\n')).toMatch(/is lost/);
  }, 60_000);
});
