/** Live storage at its largest: nothing reaches the 16 MB of one database record. And killed in the middle of merging. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LiveBatchModel, LiveDocumentModel, LiveSnapshotModel } from '#server/base/live/log/model.ts';
import { createMongoStorage } from '#server/base/live/log/mongo-storage.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '#server/embedded-db/start.ts';
import { liveLimits } from '#shared/base/live.ts';
import { replacedDocument, stretchesOf } from '#tests/support/stretches-to-replace.ts';

const document = 'test/large';
const mib = 1024 * 1024;
let dataDir: string;
let embedded: EmbeddedDatabase;

async function open(): Promise<void> {
  embedded = await startEmbeddedDatabase({ dataDir });
  await mongoose.connect(embedded.uri, { dbName: 'tandem', autoIndex: false, autoCreate: false });
  for (const model of [LiveDocumentModel, LiveSnapshotModel, LiveBatchModel]) {
    await model.createCollection();
    await model.createIndexes();
  }
}

async function close(): Promise<void> {
  await mongoose.disconnect();
  await embedded.close();
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tandem-limits-'));
  await open();
});
afterEach(async () => {
  await close();
  await rm(dataDir, { recursive: true, force: true });
});

function entryOf(seq: number, bytes: number, ranges = 1): LogEntry {
  const at = new Date(seq);
  const update = new Uint8Array(bytes).fill(seq % 251);
  const clocks = Array.from({ length: ranges }, (_, index) => ({
    client: 0xffffffff - index,
    from: seq,
    to: seq + 1,
  }));
  return { seq, first: seq, update, memberId: 'm'.repeat(20), side: 'buyer', at, since: at, clocks };
}

test('[LV87] the largest batch, of the most clients each, is one record', async () => {
  const storage = createMongoStorage();
  await storage.open(document);
  const full = 4 * mib + liveLimits.updateBytes;
  const entries = Array.from({ length: 17 }, (_, at) => entryOf(at + 1, Math.floor(full / 17), 64));
  expect(await storage.append([{ document, entries }])).toEqual(new Set());
  const many = Array.from({ length: 4_096 }, (_, at) => entryOf(at + 18, 1_024, at % 64));
  expect(await storage.append([{ document, entries: many }])).toEqual(new Set());
  const found = await storage.entriesAfter(document, 0, 10_000);
  expect(found).toHaveLength(17 + 4_096);
  expect(found[3]).toEqual(entries[3]);
  expect(found.at(-1)).toEqual(many.at(-1));
});

test('[LV87] a full document with 100,000 client ids is one snapshot, read back whole', async () => {
  const storage = createMongoStorage();
  await storage.open(document);
  await storage.append([{ document, entries: [entryOf(1, 10)] }]);
  const ids = Array.from({ length: 100_000 }, (_, at) => 0xffffffff - at * 7);
  const update = Buffer.alloc(liveLimits.documentBytes, 'a document that is full ');
  const snapshot = {
    seq: 1,
    at: new Date(1),
    update: new Uint8Array(update),
    clocks: new Map(ids.map((id, at) => [id, at])),
    owners: new Map(ids.map((id, at) => [id, `member-${at % 300}`])),
    details: new Uint8Array(mib).fill(3),
  };
  await storage.saveSnapshot(document, snapshot);
  const read = (await storage.open(document)).snapshot;
  expect(Buffer.compare(read?.update ?? Buffer.alloc(0), update)).toBe(0);
  expect([read?.clocks.size, read?.owners.size, read?.details?.length]).toEqual([
    ids.length,
    ids.length,
    mib,
  ]);
  expect(read?.owners.get(ids[777] ?? 0)).toBe('member-177');
});

test('[LV84] killed in the middle of merging, each stretch is whole or as it was', async () => {
  const storage = createMongoStorage();
  await storage.open(replacedDocument);
  const stretches = stretchesOf();
  for (const { single } of stretches) {
    for (const entry of single) await storage.append([{ document: replacedDocument, entries: [entry] }]);
  }
  const replaced: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    await close();
    const child: ChildProcess = fork(new URL('../support/stretches-to-replace.ts', import.meta.url), [
      dataDir,
    ]);
    // As many stretches as the round says, and then in the middle of whatever it does.
    for (let told = 0; told <= round * 3; told += 1) await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await open();
    const found = await createMongoStorage().entriesAfter(replacedDocument, 0, 100_000);
    const count = countMerged(found, stretches);
    expect(count).toBeGreaterThanOrEqual(replaced.at(-1) ?? 0);
    replaced.push(count);
  }
  expect(replaced.at(-1)).toBeGreaterThan(0);
  expect(replaced[0]).toBeLessThan(stretches.length);
});

/** How many stretches are merged. Fails when one is neither merged nor as it was. */
function countMerged(found: readonly LogEntry[], stretches: ReturnType<typeof stretchesOf>): number {
  let count = 0;
  for (const { single, merged } of stretches) {
    const [first, seq] = [single[0]?.seq ?? 0, single.at(-1)?.seq ?? 0];
    const there = found.filter((entry) => entry.first >= first && entry.seq <= seq);
    const isMerged = there.length === merged.length;
    expect(there).toEqual(isMerged ? merged : single);
    if (isMerged) count += 1;
  }
  return count;
}
