/** Live storage of which chosen calls fail. */
import type { LiveStorage } from '#server/base/live/log/storage.ts';

/** How a call fails: before anything was done, or after all of it was, so that nobody can know which it was. */
export type Failure = 'before' | 'after';

/** What is known of the calls of a storage. */
export interface CallCount {
  calls: number;
  /** The methods whose calls failed, in order. */
  failed: string[];
}

/**
 * Wraps a storage so that some of its calls reject, counted from 1 over all methods.
 * @param inner - does all the others
 * @param fails - whether the call of this number fails
 */
export function failCalls(
  inner: LiveStorage,
  fails: (call: number) => boolean,
  failure: Failure,
): { storage: LiveStorage; count: CallCount } {
  const count: CallCount = { calls: 0, failed: [] };
  const call = async (name: string, perform: () => unknown): Promise<unknown> => {
    count.calls += 1;
    const number = count.calls;
    if (!fails(number)) return perform();
    count.failed.push(name);
    if (failure === 'after') await perform();
    throw new Error(`call ${number} (${name}) failed`);
  };
  const storage = new Proxy(inner, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || typeof name !== 'string') return method;
      return (...args: unknown[]) => call(name, () => Reflect.apply(method, target, args));
    },
  });
  return { storage, count };
}
