// What open transactions hold: documents and unique keys, until they end.
import type { Collection, Index } from '../store/catalog.ts';
import type { IndexKey } from '../store/index-spec.ts';

/** The holder of locks; `ended` resolves at commit or abort. */
export interface LockOwner {
  readonly ended: Promise<void>;
}

/** Thrown by a plain write that met a lock, before it changed anything: it waits for the owner and runs again. */
export class LockWait extends Error {
  readonly owner: LockOwner;
  constructor(owner: LockOwner) {
    super('waiting for a transaction');
    this.owner = owner;
  }
}

/** Name of a document's lock. */
export function documentLock(collection: Collection, rid: number): string {
  return `d:${collection.id}:${rid}`;
}

/** Name of a unique key's lock. */
export function keyLock(index: Index, key: IndexKey): string {
  return `k:${index.id}:${key.bytes.toString('latin1')}`;
}

/** Name of the lock that keeps a collection from being dropped. */
export function collectionLock(collection: Collection): string {
  return `c:${collection.id}`;
}

/** All locks. A collection lock is shared, the others have one owner. */
export class Locks {
  readonly #owners = new Map<string, Set<LockOwner>>();

  /** Any owner other than `self`; undefined when the lock is free. */
  other(name: string, self: LockOwner | null): LockOwner | undefined {
    for (const owner of this.#owners.get(name) ?? []) if (owner !== self) return owner;
    return undefined;
  }

  /** All owners of a lock now. */
  owners(name: string): LockOwner[] {
    return [...(this.#owners.get(name) ?? [])];
  }

  /** Makes an owner hold a lock. */
  hold(name: string, owner: LockOwner): void {
    const found = this.#owners.get(name);
    if (found) found.add(owner);
    else this.#owners.set(name, new Set([owner]));
  }

  /** Frees locks of an owner. */
  release(names: Iterable<string>, owner: LockOwner): void {
    for (const name of names) {
      const found = this.#owners.get(name);
      found?.delete(owner);
      if (found?.size === 0) this.#owners.delete(name);
    }
  }

  /** How many locks are held; 0 when no transaction is open. */
  get size(): number {
    return this.#owners.size;
  }
}
