/** Live storage in a test's hands: it counts, holds back and fails what it is told to. */
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import type { LiveStorage } from '#server/base/live/log/storage.ts';

/** A store over one in memory. */
export interface TestStorage extends LiveStorage {
  /** Names of methods called so far, in order. */
  calls: string[];
  /** Decides before each call: an error makes it reject, a promise makes it wait. */
  before: (method: string, call: number) => Error | Promise<void> | undefined;
}

/** Makes one; it behaves until `before` says otherwise. */
export function createTestStorage(): TestStorage {
  const memory = createMemoryStorage();
  const calls: string[] = [];

  async function pass(method: string): Promise<void> {
    calls.push(method);
    const verdict = storage.before(method, calls.length);
    if (verdict instanceof Error) throw verdict;
    await verdict;
  }

  const storage: TestStorage = {
    ...memory,
    calls,
    before: () => undefined,
    async open(document) {
      await pass('open');
      return memory.open(document);
    },
    async append(batches) {
      await pass('append');
      return memory.append(batches);
    },
    async bind(bindings) {
      await pass('bind');
      return memory.bind(bindings);
    },
    async renew(document) {
      await pass('renew');
      return memory.renew(document);
    },
    async saveSnapshot(document, snapshot) {
      await pass('saveSnapshot');
      return memory.saveSnapshot(document, snapshot);
    },
  };
  return storage;
}

/** A promise and the function that resolves it. */
export function createGate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
