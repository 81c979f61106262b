/** The past of one document, cut at every number, against a replay of the same log. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import { DocumentPast, type DocumentState } from '#server/history/document-past.ts';
import type { OwnedRange } from '#server/history/owned-range.ts';
import { historyLimits } from '#shared/history/shape.ts';
import { SeededRandom } from '#tests/live/seeded-random.ts';
import { mergedStretch, type RandomLog, randomLog } from '#tests/support/random-log.ts';

const noPause = () => Promise.resolve();

function pastOf(entries: readonly LogEntry[]): DocumentPast {
  const past = new DocumentPast();
  past.add(entries);
  return past;
}

/** What a document says, with every letter's id. */
function replay(entries: readonly LogEntry[]): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  for (const { update } of entries) Y.applyUpdate(doc, update);
  return doc;
}

function contentOf(update: Uint8Array) {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, update);
  return toldBy(doc);
}

function toldBy(doc: Y.Doc) {
  const text = doc.getText('text').toDelta();
  return { text, map: doc.getMap('map').toJSON(), xml: doc.getXmlFragment('xml').toString() };
}

/** Clock by clock, because runs may be cut anywhere. */
function clocksOf(ranges: readonly OwnedRange[]): Map<string, string> {
  const clocks = new Map<string, string>();
  for (const { client, from, to, writer } of ranges) {
    for (let clock = from; clock < to; clock += 1) {
      expect(clocks.has(`${client} ${clock}`)).toBe(false);
      clocks.set(`${client} ${clock}`, writer.memberId);
    }
  }
  return clocks;
}

function eachClock(client: number, from: number, length: number, tell: (key: string) => void): void {
  for (let clock = from; clock < from + length; clock += 1) tell(`${client} ${clock}`);
}

/** Who wrote each clock, and who deleted it first, from the log alone and by Yjs itself. */
function attributionOf(entries: readonly LogEntry[]) {
  const written = new Map<string, string>();
  const deleted = new Map<string, string>();
  for (const { update, memberId } of entries) {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const { id, length } of structs)
      eachClock(id.client, id.clock, length, (key) => written.set(key, memberId));
    for (const [client, ranges] of ds.clients) {
      for (const { clock, len } of ranges) {
        eachClock(client, clock, len, (key) => deleted.has(key) || deleted.set(key, memberId));
      }
    }
  }
  return { written, deleted };
}

async function everyState(log: RandomLog): Promise<DocumentState[]> {
  const past = pastOf(log.entries);
  return Promise.all(log.entries.map(({ seq }) => past.stateAt(seq, noPause)));
}

describe('the past of a document', () => {
  test('[HI2] at every entry of random sessions it is what a replay up to there gives', async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const log = randomLog(new SeededRandom(seed), { edits: 60, people: 4 });
      const states = await everyState(log);
      for (const [place, state] of states.entries()) {
        const doc = replay(log.entries.slice(0, place + 1));
        expect({ seed, place, told: contentOf(state.update) }).toEqual({ seed, place, told: toldBy(doc) });
        expect(Y.encodeStateVectorFromUpdate(state.update)).toEqual(Y.encodeStateVector(doc));
        expect(state).toMatchObject({ seq: place + 1, editedAtMs: log.entries[place]?.at.getTime() });
      }
    }
  });

  test('[HI5, HI6] every clock is told of who wrote it and who deleted it first, at every entry', async () => {
    for (let seed = 20; seed <= 28; seed += 1) {
      const log = randomLog(new SeededRandom(seed), { edits: 60, people: 4 });
      const states = await everyState(log);
      let deletions = 0;
      for (const [place, { written, deleted }] of states.entries()) {
        const known = attributionOf(log.entries.slice(0, place + 1));
        expect([seed, place, clocksOf(written)]).toEqual([seed, place, known.written]);
        expect([seed, place, clocksOf(deleted)]).toEqual([seed, place, known.deleted]);
        deletions = Math.max(deletions, known.deleted.size);
      }
      expect(deletions).toBeGreaterThan(5);
    }
  });

  test('[HI5] runs are sorted, and one is of one person within a minute', async () => {
    const log = randomLog(new SeededRandom(3), { edits: 200, people: 3 });
    const state = await pastOf(log.entries).stateAt(200, noPause);
    for (const runs of [state.written, state.deleted]) {
      const sorted = runs.toSorted((one, two) => one.client - two.client || one.from - two.from);
      expect(runs).toEqual(sorted);
    }
    for (const { client, from, to, writer, atMs } of state.written) {
      const entries = log.entries.filter(({ clocks }) =>
        clocks.some((range) => range.client === client && range.from < to && range.to > from),
      );
      expect(entries.length).toBeGreaterThan(0);
      for (const entry of entries) {
        expect(entry.memberId).toBe(writer.memberId);
        expect(entry.at.getTime() - atMs).toBeLessThanOrEqual(historyLimits.runMs);
        expect(entry.at.getTime()).toBeGreaterThanOrEqual(atMs);
      }
    }
  });

  test('[HI2] a moment is found between entries, before the first and after the last', () => {
    const { entries } = randomLog(new SeededRandom(4), { edits: 30, people: 2 });
    const past = pastOf(entries);
    expect(past.seqAt((entries[0]?.at.getTime() ?? 0) - 1)).toBe(0);
    expect(past.seqAt(Number.MAX_SAFE_INTEGER)).toBe(30);
    for (const { at } of entries) {
      const last = entries.filter((entry) => entry.at <= at).at(-1);
      expect(past.seqAt(at.getTime())).toBe(last?.seq);
    }
  });

  test('[HI2] of nothing it is an empty document', async () => {
    const state = await new DocumentPast().stateAt(0, noPause);
    expect(state).toEqual({ seq: 0, editedAtMs: 0, update: Uint8Array.of(0, 0), written: [], deleted: [] });
  });

  test('[HI10] a merged stretch counts wholly from its last entry on, and keeps each author', async () => {
    for (let seed = 40; seed <= 46; seed += 1) {
      const { entries } = randomLog(new SeededRandom(seed), { edits: 60, people: 3 });
      const merged = mergedStretch(entries.slice(10, 40));
      const log = [...entries.slice(0, 10), ...merged, ...entries.slice(40)];
      const past = pastOf(log);
      const moment = entries[38]?.at.getTime() ?? 0;
      expect(past.seqAt(Math.min(moment, (entries[39]?.at.getTime() ?? 0) - 1))).toBe(10);
      for (const seq of [10, 40, 60]) {
        const state = await past.stateAt(seq, noPause);
        expect(contentOf(state.update)).toEqual(toldBy(replay(entries.slice(0, seq))));
        const known = attributionOf(entries.slice(0, seq));
        expect(clocksOf(state.written)).toEqual(known.written);
      }
    }
  });
});
