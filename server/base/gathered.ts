/** Reads that share their way: what is asked for in one turn, or while an earlier read runs, is read at once. */

/** Reads many records: by key, those that are there. */
export type ReadMany<Value> = (keys: string[]) => Promise<ReadonlyMap<string, Value>>;

/** Most keys of one read, so that no answer keeps the process for long. */
const readKeys = 500;
/** A read that takes longer does not keep the next ones waiting. */
const patienceMs = 250;

interface Waiting<Value> {
  resolve: (value: Value | null) => void;
  reject: (error: unknown) => void;
}

/**
 * Makes a read of one record out of a read of many. Nothing is kept: an answer is never older than its question.
 * @returns null for a record that is not there; rejects for all of a read that failed
 */
export function gathered<Value>(readMany: ReadMany<Value>): (key: string) => Promise<Value | null> {
  let waiting = new Map<string, Waiting<Value>[]>();
  let isScheduled = false;

  async function readSome(): Promise<void> {
    const some = [...waiting].slice(0, readKeys);
    if (some.length === waiting.size) waiting = new Map();
    else for (const [key] of some) waiting.delete(key);
    await readMany(some.map(([key]) => key)).then(
      (found) => {
        for (const [key, asking] of some) for (const { resolve } of asking) resolve(found.get(key) ?? null);
      },
      (error: unknown) => {
        for (const [, asking] of some) for (const { reject } of asking) reject(error);
      },
    );
  }

  async function run(): Promise<void> {
    const reading = readSome();
    const { promise: patience, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patienceMs);
    await Promise.race([reading, patience]);
    clearTimeout(timer);
    isScheduled = false;
    schedule();
  }

  function schedule(): void {
    if (isScheduled || waiting.size === 0) return;
    isScheduled = true;
    setImmediate(() => void run());
  }

  return (key) =>
    new Promise((resolve, reject) => {
      const asking = waiting.get(key);
      if (asking === undefined) waiting.set(key, [{ resolve, reject }]);
      else asking.push({ resolve, reject });
      schedule();
    });
}
