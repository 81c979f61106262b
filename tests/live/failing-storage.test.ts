/** Storage fails at its n-th call, for every n: nothing acknowledged is lost, and everybody comes through. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { HandServer } from '#tests/live/hand-server.ts';
import { contentOf, fuzzDocument, RandomSession } from '#tests/live/random-session.ts';
import { type CallCount, type Failure, failCalls } from '#tests/support/failing-storage.ts';

/** The last call that is made to fail. */
const lastCall = 500;
/** Calls between two failures of one session; with 500, one call of a session fails, which takes thirty times as long. */
const apart = Number(process.env['FAILURES_APART'] ?? 15);
const stepsAtOnce = 20;
const mostSteps = 100_000;

/** Mostly what makes storage work, and no fault of storage but these. */
const weights = {
  ...{ edit: 40, frame: 40, toServer: 80, store: 100, second: 8, serverMinute: 1, killServer: 0.3 },
  ...{ storeBadly: 0, storageDown: 0, dropQuietly: 0, crashTab: 0 },
};

/** @param first - the first call that fails; from then on every `apart`-th. @returns the methods that failed */
async function runWithFailures(first: number, failure: Failure): Promise<string[]> {
  let count: CallCount = { calls: 0, failed: [] };
  let isOver = false;
  const server = new HandServer((stored) => {
    const failing = failCalls(stored, (call) => !isOver && call % apart === first % apart, failure);
    ({ count } = failing);
    return failing.storage;
  });
  const session = new RandomSession(first, { server, weights });
  for (let steps = 0; count.calls < lastCall && steps < mostSteps; steps += stepsAtOnce) {
    await session.goOn(stepsAtOnce);
    session.serverNotices(Number.POSITIVE_INFINITY);
  }
  expect(count.calls, 'the session is long enough').toBeGreaterThanOrEqual(lastCall);
  isOver = true;
  expect(await session.heal(), 'everyone comes back').toBe(true);

  const stored = new Y.Doc();
  for (const { update } of await server.stored.entriesAfter(fuzzDocument, 0, Number.MAX_SAFE_INTEGER)) {
    Y.applyUpdate(stored, update);
  }
  const before = Y.encodeStateAsUpdate(stored);
  for (const update of session.acknowledged) Y.applyUpdate(stored, update);
  expect(Y.encodeStateAsUpdate(stored), 'all that was acknowledged was stored').toEqual(before);
  const content = contentOf(stored);
  for (const { document } of session.tabs) expect(contentOf(document.doc), 'all see it').toEqual(content);
  expect(new Set(content.list).size, 'no edit twice').toBe(content.list.length);
  return count.failed;
}

const failures: Failure[] = ['before', 'after'];

test.each(failures)(
  `[LV123] each of the first ${lastCall} calls of storage fails %s it is done: nothing acknowledged is lost`,
  async (failure) => {
    const failed: string[] = [];
    for (let first = 1; first <= apart; first += 1) {
      const methods = await runWithFailures(first, failure).catch((error: unknown) => {
        throw new Error(`failing ${failure}, from call ${first} on`, { cause: error });
      });
      failed.push(...methods);
    }
    expect(failed.length).toBeGreaterThanOrEqual(lastCall);
    for (const method of ['open', 'bind', 'append']) {
      expect(failed.filter((name) => name === method).length, method).toBeGreaterThan(2);
    }
  },
);
