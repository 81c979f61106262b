/** Derived records in memory: for tests and benchmarks. */
import type {
  Cut,
  DerivedRecord,
  DerivedStore,
  Quarantine,
} from '#server/base/live/derived/derived-store.ts';

/** Makes an empty store; what it holds is lost with it. */
export function createMemoryDerivedStore(): DerivedStore {
  const records = new Map<string, DerivedRecord>();
  const open = new Set<string>();
  const cuts = new Map<string, Cut[]>();
  const quarantines = new Map<string, Quarantine>();
  return {
    async read(subject) {
      return structuredClone(records.get(subject) ?? null);
    },
    async write(record) {
      if ((records.get(record.subject)?.revision ?? 0) !== record.revision - 1) return false;
      records.set(record.subject, structuredClone(record));
      return true;
    },
    async open(subject) {
      open.add(subject);
    },
    async close(subject) {
      open.delete(subject);
    },
    async listOpen() {
      return [...open];
    },
    async listDerived(kind, version) {
      const found = [...records.values()].filter(
        (record) => record.kind === kind && record.version === version,
      );
      return found.map(({ subject }) => subject);
    },
    async listQuarantines() {
      return structuredClone([...quarantines.values()]);
    },
    async quarantine(quarantine) {
      quarantines.set(quarantine.document, structuredClone(quarantine));
    },
    async release(document, { seq }) {
      const standing = quarantines.get(document);
      if (standing === undefined) return;
      cuts.set(document, [...(cuts.get(document) ?? []), { after: standing.goodSeq, upTo: seq }]);
      quarantines.delete(document);
    },
    async listCuts(document) {
      return structuredClone(cuts.get(document) ?? []);
    },
  };
}
