/** Stretches of a log, and a process that replaces them one by one until it is killed. */
import mongoose from 'mongoose';
import { createMongoStorage } from '#server/base/live/log/mongo-storage.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { startEmbeddedDatabase } from '#server/embedded-db/start.ts';

/** The document they are of. */
export const replacedDocument = 'test/replaced';
const count = 20;
const numbers = 6;

/** Entries one by one, and what takes their place; the same at each call. */
export function stretchesOf(): { single: LogEntry[]; merged: LogEntry[] }[] {
  return Array.from({ length: count }, (_, stretch) => {
    const first = stretch * numbers + 1;
    const single = Array.from({ length: numbers }, (__, index) =>
      entryOf(first + index, 'ada', first + index),
    );
    const merged = ['ada', 'bo'].map((memberId) => entryOf(first, memberId, first + numbers - 1));
    return { single, merged };
  });
}

function entryOf(first: number, memberId: string, seq: number): LogEntry {
  const update = Uint8Array.of(first % 256, seq % 256);
  const clocks = [{ client: 7, from: first, to: seq + 1 }];
  return { first, seq, update, memberId, side: 'buyer', at: new Date(seq), since: new Date(first), clocks };
}

/** Run as a process of its own: tells its parent before and after each stretch. */
async function replaceAll(dataDir: string): Promise<void> {
  const { uri } = await startEmbeddedDatabase({ dataDir });
  await mongoose.connect(uri, { dbName: 'tandem', autoIndex: false, autoCreate: false });
  const storage = createMongoStorage();
  process.send?.('begun');
  for (;;) {
    for (const { merged } of stretchesOf()) {
      await storage.replaceEntries(replacedDocument, merged);
      process.send?.('replaced');
    }
  }
}

const [, script, dataDir] = process.argv;
if (process.send !== undefined && dataDir !== undefined && script === import.meta.filename)
  await replaceAll(dataDir);
