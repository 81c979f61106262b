/** Live storage whose writes wait for the test: to be done, to fail before or after being done, or to die half-way. */
import type { LiveStorage } from '#server/base/live/log/storage.ts';

/** What becomes of a write that waits. `torn` is done although its promise rejects: nobody can know which it was. */
export type Fate = 'done' | 'failed' | 'torn';

interface Gate {
  perform(): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Wraps a storage; reads pass at once, unless `isDown`. */
export class GatedStorage {
  /** True while everything fails at once. */
  isDown = false;
  private gates: Gate[] = [];
  /** Rises when the process dies; what it still asks for is never answered. */
  private life = 0;
  private readonly inner: LiveStorage;

  constructor(inner: LiveStorage) {
    this.inner = inner;
  }

  /** Writes that wait. */
  get waiting(): number {
    return this.gates.length;
  }

  /** The storage as one process of the server sees it. */
  open(): LiveStorage {
    const { inner, life } = this;
    const gate = <Value>(perform: () => Promise<Value>) => this.gate(life, perform);
    return {
      ...inner,
      open: async (document) => {
        if (this.isDown) throw new Error('storage is down');
        return inner.open(document);
      },
      append: (batches) => gate(() => inner.append(batches)),
      bind: (bindings) => gate(() => inner.bind(bindings)),
      renew: (document) => gate(() => inner.renew(document)),
      saveSnapshot: (document, snapshot) => gate(() => inner.saveSnapshot(document, snapshot)),
    };
  }

  /** Decides the oldest waiting write. */
  async decide(fate: Fate): Promise<void> {
    const gate = this.gates.shift();
    if (gate === undefined) return;
    if (fate === 'failed') return gate.reject(new Error('storage failed'));
    try {
      const value = await gate.perform();
      if (fate === 'torn') gate.reject(new Error('storage failed after writing'));
      else gate.resolve(value);
    } catch (error) {
      gate.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The process dies: each waiting write happened or not, and nobody is told. */
  async die(happened: () => boolean): Promise<void> {
    this.life++;
    for (const gate of this.gates.splice(0)) if (happened()) await gate.perform().catch(() => undefined);
  }

  private gate<Value>(life: number, perform: () => Promise<Value>): Promise<Value> {
    if (life !== this.life) return new Promise<Value>(() => undefined);
    if (this.isDown) return Promise.reject(new Error('storage is down'));
    return new Promise<unknown>((resolve, reject) => {
      this.gates.push({ perform, resolve, reject });
    }) as Promise<Value>;
  }
}
