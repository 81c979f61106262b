/** Edits of one document that the hub did not accept: kept aside, shown with the reason, retried or dropped by hand. */
import type { DeviceStore, NewRefusedEdit, RefusedEdit } from '#client/base/live/device-store.ts';

/** The refused edits of one document, in memory and in the store. */
export class RefusedEdits {
  private readonly document: string;
  private readonly store: DeviceStore;
  private readonly changed: () => void;
  private edits: readonly RefusedEdit[] = [];
  private nextUnkeptId = -1;
  /** Still in the device's queue, because the device could not move them. */
  private readonly stuck = new Set<number>();

  constructor(document: string, store: DeviceStore, changed: () => void) {
    this.document = document;
    this.store = store;
    this.changed = changed;
  }

  /** Oldest first; the same array until it changes. */
  get list(): readonly RefusedEdit[] {
    return this.edits;
  }

  /** Those that the device could not keep. */
  get unkept(): number {
    return this.edits.filter((edit) => edit.id < 0).length;
  }

  /** True for an entry of the device's queue that is among the refused: pushing it would be refused again. */
  holds(id: number): boolean {
    return this.stuck.has(id);
  }

  /** Those of earlier tabs; none when the device cannot be read. Those the device could not keep stay. */
  async load(): Promise<void> {
    const kept = await this.store.listRefused(this.document).catch(() => null);
    if (kept !== null) this.edits = [...kept, ...this.edits.filter((edit) => edit.id < 0)];
  }

  /** Takes edits out of the unsent queue; in memory alone when the device cannot keep them. */
  async keep(edit: NewRefusedEdit): Promise<void> {
    const { ids, ...unkept } = edit;
    const kept = await this.store.refuse(edit).catch(() => {
      for (const id of ids) this.stuck.add(id);
      return { ...unkept, id: this.nextUnkeptId-- };
    });
    this.edits = [...this.edits, kept];
    this.changed();
  }

  /** The person has dealt with these; they leave the device. */
  async drop(ids: readonly number[]): Promise<void> {
    this.edits = this.edits.filter((edit) => !ids.includes(edit.id));
    this.changed();
    await this.store.dropRefused(ids);
  }
}
