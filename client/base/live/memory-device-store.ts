/** A device store in memory: for tests, and for browsers that refuse to keep anything. */
import { decideArrival } from '#client/base/live/arrival.ts';
import type {
  Arrival,
  DeviceStore,
  KeptDocument,
  KeptFacts,
  NewRefusedEdit,
  RefusedEdit,
  UnsentUpdate,
} from '#client/base/live/device-store.ts';

interface Kept {
  facts: KeptFacts | null;
  received: Uint8Array[];
  unsent: UnsentUpdate[];
}

/** Keeps as long as the object lives; several sessions may share one, as tabs share a browser. */
export class MemoryDeviceStore implements DeviceStore {
  readonly lasting = false;
  private readonly documents = new Map<string, Kept>();
  private refused: RefusedEdit[] = [];
  private nextId = 1;

  async load(document: string): Promise<KeptDocument> {
    const kept = this.kept(document);
    return { facts: kept.facts, received: [...kept.received], unsent: [...kept.unsent] };
  }

  async keepUnsent(document: string, update: Uint8Array): Promise<number> {
    const id = this.nextId++;
    this.kept(document).unsent.push({ id, update });
    return id;
  }

  async keepArrival(document: string, arrival: Arrival): Promise<void> {
    const kept = this.kept(document);
    const decision = decideArrival(kept.facts, arrival);
    if (decision.replace) kept.received = [];
    if (decision.append) kept.received.push(...arrival.updates.map((update) => update.slice()));
    kept.facts = decision.facts;
    this.drop(kept, arrival.done);
  }

  async compact(document: string, merge: (updates: Uint8Array[]) => Uint8Array): Promise<void> {
    const kept = this.kept(document);
    if (kept.received.length > 1) kept.received = [merge(kept.received)];
  }

  async refuse({ ids, ...edit }: NewRefusedEdit): Promise<RefusedEdit> {
    this.drop(this.kept(edit.document), ids);
    const refused = { ...edit, id: this.nextId++ };
    this.refused.push(refused);
    return refused;
  }

  async listRefused(document: string): Promise<RefusedEdit[]> {
    return this.refused.filter((edit) => edit.document === document);
  }

  async dropRefused(ids: readonly number[]): Promise<void> {
    this.refused = this.refused.filter((edit) => !ids.includes(edit.id));
  }

  async forgetReceived(document: string, done: readonly number[]): Promise<void> {
    const kept = this.kept(document);
    this.drop(kept, done);
    kept.facts = null;
    kept.received = [];
  }

  async documentsWithUnsent(): Promise<string[]> {
    return [...this.documents].filter(([, kept]) => kept.unsent.length > 0).map(([document]) => document);
  }

  async documentsWithRefused(): Promise<string[]> {
    return [...new Set(this.refused.map((edit) => edit.document))];
  }

  async countUnstored(): Promise<number> {
    const unsent = [...this.documents.values()].map((kept) => kept.unsent.length);
    return unsent.reduce((sum, count) => sum + count, this.refused.length);
  }

  close(): void {
    // Nothing is held open.
  }

  private drop(kept: Kept, ids: readonly number[]): void {
    kept.unsent = kept.unsent.filter((entry) => !ids.includes(entry.id));
  }

  private kept(document: string): Kept {
    const known = this.documents.get(document);
    if (known !== undefined) return known;
    const fresh: Kept = { facts: null, received: [], unsent: [] };
    this.documents.set(document, fresh);
    return fresh;
  }
}
