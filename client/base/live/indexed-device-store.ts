/** The device store in IndexedDB: one database per signed-in member, wiped on sign-out. */
import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { decideArrival } from '#client/base/live/arrival.ts';
import type {
  Arrival,
  DeviceStore,
  KeptDocument,
  KeptFacts,
  NewRefusedEdit,
  RefusedEdit,
} from '#client/base/live/device-store.ts';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';

type UpdateKind = 'received' | 'unsent';

interface KeptUpdate {
  document: string;
  kind: UpdateKind;
  update: Uint8Array;
}

interface LiveDatabase extends DBSchema {
  facts: { key: string; value: KeptFacts };
  updates: { key: number; value: KeptUpdate; indexes: { place: [string, UpdateKind] } };
  refused: { key: number; value: Omit<RefusedEdit, 'id'>; indexes: { document: string } };
}

type Writing = IDBPTransaction<LiveDatabase, ('facts' | 'updates' | 'refused')[], 'readwrite'>;

const databaseName = (memberId: string) => `tandem-live-${memberId}`;

/** Databases open in this tab, by member; closed by `forgetDevice`, which would otherwise wait for them. */
const openStores = new Map<string, Set<IndexedDeviceStore>>();

/** See the port for each step; every method is one transaction. */
class IndexedDeviceStore implements DeviceStore {
  readonly lasting = true;
  private readonly database: IDBPDatabase<LiveDatabase>;
  private readonly memberId: string;

  constructor(database: IDBPDatabase<LiveDatabase>, memberId: string) {
    this.database = database;
    this.memberId = memberId;
  }

  async load(document: string): Promise<KeptDocument> {
    const step = this.database.transaction(['facts', 'updates']);
    const place = step.objectStore('updates').index('place');
    const unsentRange = IDBKeyRange.only([document, 'unsent']);
    const [facts, received, unsentKeys, unsent] = await Promise.all([
      step.objectStore('facts').get(document),
      place.getAll(IDBKeyRange.only([document, 'received'])),
      place.getAllKeys(unsentRange),
      place.getAll(unsentRange),
      step.done,
    ]);
    return {
      facts: facts ?? null,
      received: received.map((row) => row.update),
      unsent: zip(unsentKeys, unsent),
    };
  }

  async keepUnsent(document: string, update: Uint8Array): Promise<number> {
    return await this.database.add('updates', { document, kind: 'unsent', update });
  }

  async keepArrival(document: string, arrival: Arrival): Promise<void> {
    const step = this.write();
    const kept = await step.objectStore('facts').get(document);
    const decision = decideArrival(kept ?? null, arrival);
    if (decision.replace) await deleteReceived(step, document);
    if (decision.append) {
      for (const update of arrival.updates) {
        // A view of a received frame would take the whole frame into the database.
        await step.objectStore('updates').add({ document, kind: 'received', update: update.slice() });
      }
    }
    await step.objectStore('facts').put(decision.facts, document);
    await deleteUnsent(step, arrival.done);
    await step.done;
  }

  async compact(document: string, merge: (updates: Uint8Array[]) => Uint8Array): Promise<void> {
    const step = this.write();
    const updates = step.objectStore('updates');
    const rows = await updates.index('place').getAll(IDBKeyRange.only([document, 'received']));
    if (rows.length > 1) {
      const merged = merge(rows.map((row) => row.update));
      await deleteReceived(step, document);
      await updates.add({ document, kind: 'received', update: merged });
    }
    await step.done;
  }

  async refuse({ ids, ...edit }: NewRefusedEdit): Promise<RefusedEdit> {
    const step = this.write();
    await deleteUnsent(step, ids);
    const id = await step.objectStore('refused').add(edit);
    await step.done;
    return { ...edit, id };
  }

  async listRefused(document: string): Promise<RefusedEdit[]> {
    const step = this.database.transaction('refused');
    const index = step.store.index('document');
    const [ids, rows] = await Promise.all([index.getAllKeys(document), index.getAll(document), step.done]);
    return zip(ids, rows);
  }

  async dropRefused(ids: readonly number[]): Promise<void> {
    const step = this.database.transaction('refused', 'readwrite');
    for (const id of ids) await step.store.delete(id);
    await step.done;
  }

  async forgetReceived(document: string, done: readonly number[]): Promise<void> {
    const step = this.write();
    await deleteUnsent(step, done);
    await deleteReceived(step, document);
    await step.objectStore('facts').delete(document);
    await step.done;
  }

  async documentsWithUnsent(): Promise<string[]> {
    return (await unsentPlaces(this.database.transaction(['updates']))).map(([document]) => document);
  }

  async documentsWithRefused(): Promise<string[]> {
    const documents: string[] = [];
    const index = this.database.transaction('refused').store.index('document');
    let cursor = await index.openKeyCursor(null, 'nextunique');
    while (cursor !== null) {
      documents.push(cursor.key);
      cursor = await cursor.continue();
    }
    return documents;
  }

  async countUnstored(): Promise<number> {
    const step = this.database.transaction(['updates', 'refused']);
    const places = await unsentPlaces(step);
    const updates = step.objectStore('updates').index('place');
    const counts = await Promise.all([
      step.objectStore('refused').count(),
      ...places.map((place) => updates.count(IDBKeyRange.only(place))),
      step.done.then(() => 0),
    ]);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  close(): void {
    openStores.get(this.memberId)?.delete(this);
    this.database.close();
  }

  private write(): Writing {
    return this.database.transaction(['facts', 'updates', 'refused'], 'readwrite');
  }
}

function zip<Row extends object>(ids: number[], rows: Row[]): (Row & { id: number })[] {
  return rows.flatMap((row, at) => {
    const id = ids[at];
    return id === undefined ? [] : [{ ...row, id }];
  });
}

/** Keys alone, each once: the updates themselves may be many megabytes. */
async function unsentPlaces(
  step: IDBPTransaction<LiveDatabase, ('updates' | 'refused')[]>,
): Promise<[string, UpdateKind][]> {
  const places: [string, UpdateKind][] = [];
  let cursor = await step.objectStore('updates').index('place').openKeyCursor(null, 'nextunique');
  while (cursor !== null) {
    if (cursor.key[1] === 'unsent') places.push(cursor.key);
    cursor = await cursor.continue();
  }
  return places;
}

/** Keys are never used twice, so one that is gone does not name another row. */
async function deleteUnsent(step: Writing, ids: readonly number[]): Promise<void> {
  for (const id of ids) await step.objectStore('updates').delete(id);
}

async function deleteReceived(step: Writing, document: string): Promise<void> {
  const updates = step.objectStore('updates');
  const keys = await updates.index('place').getAllKeys(IDBKeyRange.only([document, 'received']));
  for (const key of keys) await updates.delete(key);
}

/**
 * Opens the member's database.
 * @returns a store in memory (`lasting: false`) where the browser keeps nothing, for instance in private mode
 */
export async function openDeviceStore(memberId: string): Promise<DeviceStore> {
  try {
    const database = await openDB<LiveDatabase>(databaseName(memberId), 1, {
      upgrade(fresh) {
        fresh.createObjectStore('facts');
        fresh
          .createObjectStore('updates', { autoIncrement: true })
          .createIndex('place', ['document', 'kind']);
        fresh.createObjectStore('refused', { autoIncrement: true }).createIndex('document', 'document');
      },
      // Another tab signs out or brings a newer version: holding on would block it for ever.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    const store = new IndexedDeviceStore(database, memberId);
    const stores = openStores.get(memberId) ?? new Set();
    openStores.set(memberId, stores.add(store));
    return store;
  } catch {
    return new MemoryDeviceStore();
  }
}

/**
 * Wipes everything this device keeps of the member's documents; called on sign-out.
 * Unsent and refused edits go too: ask first.
 */
export async function forgetDevice(memberId: string): Promise<void> {
  for (const store of [...(openStores.get(memberId) ?? [])]) store.close();
  openStores.delete(memberId);
  try {
    await deleteDB(databaseName(memberId));
  } catch {
    // The browser keeps nothing: nothing to wipe.
  }
}
