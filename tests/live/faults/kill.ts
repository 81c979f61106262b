/** `kill -9` of the hub at random moments while twenty people type: what was acknowledged is there, once. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';
import { Crowd } from '#tests/live/faults/crowd.ts';
import { startFaultProcess } from '#tests/live/faults/fault-process.ts';
import { contentOf } from '#tests/live/random-session.ts';
import { SeededRandom } from '#tests/live/seeded-random.ts';

/** What a run saw. */
export interface KillFigures {
  kills: number;
  edits: number;
  acknowledged: number;
  /** Acknowledged updates that were under way or lately answered at a kill would be the first to be missing. */
  lost: number;
  twice: number;
  longestRestartMs: number;
  longestSettleMs: number;
}

const people = 20;
const documents = ['test/first', 'test/second', 'test/third'];
/** The crowd types about 200 edits a second. */
const editPauseMs = 5;

/** @param seed - decides edits and moments, as far as processes let themselves be decided over */
export async function killManyTimes(times: number, seed: number): Promise<KillFigures> {
  const random = new SeededRandom(seed);
  const hub = await startFaultProcess();
  const crowd = new Crowd(hub.address, random);
  const figures: KillFigures = {
    kills: 0,
    edits: 0,
    acknowledged: 0,
    lost: 0,
    twice: 0,
    longestRestartMs: 0,
    longestSettleMs: 0,
  };
  try {
    for (let person = 0; person < people; person += 1) {
      await crowd.enter(documents[person % documents.length] ?? '');
    }
    while (figures.kills < times) {
      await typeUntil(crowd, performance.now() + 100 + random.below(500));
      await hub.kill();
      figures.kills += 1;
      // Some of what is typed while the hub is away has to wait on the devices.
      await typeUntil(crowd, performance.now() + random.below(100));
      figures.longestRestartMs = Math.max(figures.longestRestartMs, await hub.start());
      if (figures.kills % 5 !== 0 && figures.kills !== times) continue;
      figures.longestSettleMs = Math.max(figures.longestSettleMs, await crowd.settled());
    }
    const stored = await readAgain(hub.address, random);
    figures.edits = crowd.edits;
    figures.acknowledged = crowd.acknowledged.length;
    figures.lost = crowd.acknowledged.filter(({ document, update }) => !has(stored, document, update)).length;
    figures.twice = documents.reduce((sum, document) => sum + repeated(stored.get(document)), 0);
    for (const document of documents) {
      assert.deepEqual(contentOf(crowd.docOf(document)), contentOf(stored.get(document) ?? new Y.Doc()));
    }
    assert.equal(hub.exits(), 0, hub.printed());
    return figures;
  } finally {
    crowd.stop();
    await hub.remove();
  }
}

async function typeUntil(crowd: Crowd, endMs: number): Promise<void> {
  while (performance.now() < endMs) {
    crowd.edit();
    await pause(editPauseMs);
  }
}

/** The documents as somebody gets them who was never here before. */
async function readAgain(address: string, random: SeededRandom): Promise<Map<string, Y.Doc>> {
  const fresh = new Crowd(address, random);
  try {
    for (const document of documents) await fresh.enter(document);
    return new Map(documents.map((document) => [document, fresh.docOf(document)]));
  } finally {
    fresh.stop();
  }
}

/** Whether applying an update to the stored document changes nothing. */
function has(stored: ReadonlyMap<string, Y.Doc>, document: string, update: Uint8Array): boolean {
  const doc = stored.get(document);
  if (doc === undefined) return false;
  let isNews = false;
  const listener = () => {
    isNews = true;
  };
  doc.on('update', listener);
  Y.applyUpdate(doc, update);
  doc.off('update', listener);
  return !isNews && doc.store.pendingStructs === null && doc.store.pendingDs === null;
}

/** Every edit carries a mark of its own: how many stand there more than once. */
function repeated(doc: Y.Doc | undefined): number {
  const list: unknown[] = doc?.getArray('list').toJSON() ?? [];
  return list.length - new Set(list).size;
}
