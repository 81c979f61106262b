/** Live storage in memory: for tests and benchmarks; keeps copies, as a database would. */
import { EntryPage } from '#server/base/live/log/entry-page.ts';
import {
  fullDetailMs,
  type LiveStorage,
  type LogEntry,
  type Snapshot,
  unusedOwnerMs,
} from '#server/base/live/log/storage.ts';
import { createId } from '#shared/base/ids.ts';

interface KeptDocument {
  epoch: string;
  log: LogEntry[];
  owners: Map<number, { memberId: string; at: Date }>;
  snapshot: Snapshot | null;
  compactAt: Date | null;
  compacted: number;
}

/** Makes an empty store; what it holds is lost with it. @param now - dates the owners of client ids */
export function createMemoryStorage(now: () => Date = () => new Date()): LiveStorage {
  const documents = new Map<string, KeptDocument>();

  function find(document: string): KeptDocument {
    let kept = documents.get(document);
    if (kept === undefined) {
      kept = { epoch: createId(), log: [], owners: new Map(), snapshot: null, compactAt: null, compacted: 0 };
      documents.set(document, kept);
    }
    return kept;
  }

  return {
    async open(document) {
      const kept = find(document);
      const before = new Date(now().getTime() - unusedOwnerMs);
      const writers = writersOf(kept.log);
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
        if (entries[0]?.first === (log.at(-1)?.seq ?? 0) + 1) log.push(...entries.map(copyEntry));
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
    async renew(document) {
      find(document).epoch = createId();
    },
    async saveSnapshot(document, snapshot) {
      const kept = find(document);
      if ((kept.snapshot?.seq ?? 0) >= snapshot.seq) return;
      kept.snapshot = copySnapshot(snapshot);
      kept.compactAt ??= new Date(snapshot.at.getTime() + fullDetailMs);
    },
    async entriesAfter(document, seq, limit, mostBytes) {
      const page = new EntryPage(limit, mostBytes);
      for (const entry of find(document).log) {
        if (entry.seq > seq && !page.take(copyEntry(entry))) break;
      }
      return page.entries;
    },
    async numberAt(document, moment) {
      return find(document).log.findLast((entry) => entry.at <= moment)?.seq ?? 0;
    },
    async replaceEntries(document, entries) {
      const { log } = find(document);
      const { first, seq } = entries[0] ?? { first: 0, seq: 0 };
      const begin = log.findIndex((entry) => entry.seq === first && entry.first === first);
      const end = log.findIndex((entry) => entry.seq === seq && entry.first === seq);
      if (begin < 0 || end < begin) return false;
      log.splice(begin, end + 1 - begin, ...entries.map(copyEntry));
      return true;
    },
    async compactionDue(at, limit) {
      const due = [...documents].flatMap(([document, { compactAt, compacted, snapshot }]) =>
        compactAt !== null && compactAt <= at
          ? [{ document, from: compacted, upTo: snapshot?.seq ?? 0, ms: compactAt.getTime() }]
          : [],
      );
      return due
        .sort((a, b) => a.ms - b.ms)
        .slice(0, limit)
        .map(({ document, from, upTo }) => ({ document, from, upTo }));
    },
    async planCompaction(document, { at, from }) {
      Object.assign(find(document), { compactAt: at, compacted: from });
    },
    async listDocuments(prefix) {
      const written = [...documents].filter(([name, kept]) => name.startsWith(prefix) && kept.log.length > 0);
      return written.map(([name]) => name).sort();
    },
  };
}

function writersOf(log: readonly LogEntry[]): Map<number, string> {
  const writers = new Map<number, string>();
  for (const { clocks, memberId } of log) for (const { client } of clocks) writers.set(client, memberId);
  return writers;
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
    ...snapshot,
    update: Uint8Array.from(snapshot.update),
    clocks: new Map(snapshot.clocks),
    owners: new Map(snapshot.owners),
  };
}
