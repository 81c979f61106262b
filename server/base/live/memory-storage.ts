/** Live storage in memory: for tests and benchmarks; keeps copies, as a database would. */
import { type LiveStorage, type LogEntry, type Snapshot, unusedOwnerMs } from '#server/base/live/storage.ts';
import { createId } from '#shared/base/ids.ts';

interface KeptDocument {
  epoch: string;
  log: LogEntry[];
  owners: Map<number, { memberId: string; at: Date }>;
  snapshot: Snapshot | null;
}

/** Makes an empty store; what it holds is lost with it. @param now - dates the owners of client ids */
export function createMemoryStorage(now: () => Date = () => new Date()): LiveStorage {
  const documents = new Map<string, KeptDocument>();

  function find(document: string): KeptDocument {
    let kept = documents.get(document);
    if (kept === undefined) {
      kept = { epoch: createId(), log: [], owners: new Map(), snapshot: null };
      documents.set(document, kept);
    }
    return kept;
  }

  return {
    async open(document) {
      const kept = find(document);
      const before = new Date(now().getTime() - unusedOwnerMs);
      const writers = new Map<number, string>();
      for (const entry of kept.log) {
        for (const range of entry.clocks) writers.set(range.client, entry.memberId);
      }
      for (const [clientId, { at }] of kept.owners) {
        if (at < before && !writers.has(clientId)) kept.owners.delete(clientId);
      }
      const bound = Array.from(kept.owners, ([clientId, { memberId }]) => [clientId, memberId] as const);
      const owners = new Map([...bound, ...writers]);
      const snapshot = kept.snapshot === null ? null : copySnapshot(kept.snapshot);
      const tail = kept.log.filter((entry) => entry.seq > (snapshot?.seq ?? 0)).map(copyEntry);
      return { epoch: kept.epoch, snapshot, tail, owners };
    },
    async append(batches) {
      const refused = new Set<string>();
      for (const { document, entries } of batches) {
        const { log } = find(document);
        if (entries[0]?.seq === log.length + 1) log.push(...entries.map(copyEntry));
        else refused.add(document);
      }
      return refused;
    },
    async bind(bindings) {
      for (const { document, clientId, memberId } of bindings) {
        const { owners } = find(document);
        if (!owners.has(clientId)) owners.set(clientId, { memberId, at: now() });
      }
    },
    async saveSnapshot(document, snapshot) {
      const kept = find(document);
      if ((kept.snapshot?.seq ?? 0) < snapshot.seq) kept.snapshot = copySnapshot(snapshot);
    },
    async entriesAfter(document, seq, limit) {
      return find(document)
        .log.filter((entry) => entry.seq > seq)
        .slice(0, limit)
        .map(copyEntry);
    },
    async listDocuments(prefix) {
      const written = [...documents].filter(([name, kept]) => name.startsWith(prefix) && kept.log.length > 0);
      return written.map(([name]) => name).sort();
    },
  };
}

function copyEntry(entry: LogEntry): LogEntry {
  return {
    ...entry,
    update: Uint8Array.from(entry.update),
    clocks: entry.clocks.map((range) => ({ ...range })),
  };
}

function copySnapshot(snapshot: Snapshot): Snapshot {
  return {
    seq: snapshot.seq,
    at: snapshot.at,
    update: Uint8Array.from(snapshot.update),
    clocks: new Map(snapshot.clocks),
  };
}
