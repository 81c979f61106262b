// An engine without sockets whose clock ticks at every look, so that long writes are cut at the same places always.
import { rmSync } from 'node:fs';
import { Binary, type Doc, doc, Int32, isDoc, type Value } from '../bson/value.ts';
import { answer } from '../commands/dispatch.ts';
import { type OpenEngine, openEngine } from '../engine/open.ts';
import { docOf, localClient, temporaryDirectory } from './test-database.ts';

/** Fields of a command that only the driver would set. */
type Extra = Record<string, Value>;

const connection = localClient();

/** The `lsid` of a session. */
export function lsid(byte: number): Doc {
  return doc({ id: new Binary(4, Buffer.alloc(16, byte)) });
}

/** Numbers, texts, lists and documents of a reply as plain JavaScript; other values stay as they are. */
export function plain(value: unknown): unknown {
  if (value instanceof Int32) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (isDoc(value)) return Object.fromEntries([...value].map(([name, field]) => [name, plain(field)]));
  return value;
}

/** One engine in a directory of its own. */
export class BareEngine {
  readonly dataDir = temporaryDirectory();
  #open: OpenEngine;
  #ticks = 0;

  constructor() {
    this.#open = this.#start();
  }

  #start(): OpenEngine {
    const fail = (error: Error) => {
      throw error;
    };
    return openEngine(this.dataDir, fail, () => this.#ticks++);
  }

  get engine(): OpenEngine['engine'] {
    return this.#open.engine;
  }

  /** Runs a command in the database `test`; its reply as plain JavaScript. */
  async run(source: object, extra: Extra = {}): Promise<Record<string, unknown>> {
    const body = docOf('$db' in source ? source : { ...source, $db: 'test' });
    for (const [name, value] of Object.entries(extra)) body.set(name, value);
    return plain(await answer({ engine: this.engine, body, connection })) as Record<string, unknown>;
  }

  /** How many documents match. */
  async count(name: string, query: object = {}): Promise<number> {
    return (await this.run({ count: name, query }))['n'] as number;
  }

  /** Inserts `{ _id: i, n: i }` for all i below `count`. */
  async fill(name: string, count: number): Promise<void> {
    const documents = Array.from({ length: count }, (_, i) => ({ _id: i, n: i }));
    await this.run({ insert: name, documents });
  }

  /** Waits for a write and looks at something in every turn of the event loop meanwhile.
   *  @returns the reply, and what was seen */
  async watch<T, S>(work: Promise<T>, look: () => Promise<S> | S): Promise<{ reply: T; seen: S[] }> {
    let isDone = false;
    const end = work.finally(() => {
      isDone = true;
    });
    const seen: S[] = [];
    while (!isDone) {
      seen.push(await look());
      await this.turn();
    }
    return { reply: await end, seen };
  }

  /** Lets the event loop go round once. */
  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Ends the engine at once, whatever is under way, and opens its directory again. */
  restart(): void {
    this.#open.close();
    this.#open = this.#start();
  }

  /** Ends the engine and removes its directory. */
  close(): void {
    this.#open.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
