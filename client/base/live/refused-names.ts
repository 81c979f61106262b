/** Which documents have edits that were not accepted, open or not, so that none of them lies on the device unseen. */
import type { DeviceStore } from '#client/base/live/device-store.ts';

/** Names alone; the edits are read when their document is opened. */
export class RefusedNames {
  private readonly store: DeviceStore;
  private readonly changed: () => void;
  private names: readonly string[] = [];

  constructor(store: DeviceStore, changed: () => void) {
    this.store = store;
    this.changed = changed;
  }

  /** The same array until it changes. */
  get list(): readonly string[] {
    return this.names;
  }

  /** Those of earlier tabs; none when the device cannot be read. */
  async load(): Promise<void> {
    const kept = await this.store.documentsWithRefused().catch(() => []);
    const fresh = kept.filter((name) => !this.names.includes(name));
    if (fresh.length === 0) return;
    this.names = [...this.names, ...fresh];
    this.changed();
  }

  /** What an open document knows of itself. */
  tell(name: string, hasRefused: boolean): void {
    if (this.names.includes(name) === hasRefused) return;
    this.names = hasRefused ? [...this.names, name] : this.names.filter((known) => known !== name);
  }
}
