/** What becomes of edits of one document that the hub will not have: put aside with what was seen, and tried again. */
import * as Y from 'yjs';
import type { LiveClock } from '#client/base/live/clock.ts';
import type { Outgoing } from '#client/base/live/outgoing.ts';
import type { Received } from '#client/base/live/received.ts';
import type { RefusedEdits } from '#client/base/live/refused-edits.ts';
import type { ShownDoc } from '#client/base/live/shown-doc.ts';
import type { ErrorCode } from '#shared/base/errors.ts';

/** The parts of the document that edits are taken from, and where they go. */
export interface AsidePorts {
  document: string;
  clock: LiveClock;
  outgoing: Outgoing;
  received: Received;
  shown: ShownDoc;
  refused: RefusedEdits;
  /** History the document belongs to; null while that is not known. */
  epoch(): string | null;
  /** Nothing of the hub's stands in the document any more. */
  emptied(): void;
  /** The hub must be asked again what it has. */
  resync(): void;
}

/** See the file's first line. */
export class SettingAside {
  private readonly ports: AsidePorts;

  constructor(ports: AsidePorts) {
    this.ports = ports;
  }

  /** Empties the document and the device's copy; resolves when what was unsent lies aside. */
  async putAside(code: ErrorCode): Promise<void> {
    const { document, clock, outgoing, received, shown, refused } = this.ports;
    const taken = await outgoing.takeAll();
    const epoch = this.ports.epoch();
    const keep = (update: Uint8Array, ids: readonly number[]) => {
      const seen = Y.encodeStateAsUpdate(before);
      return refused.keep({ document, code, at: clock.now(), epoch, update, seen, ids });
    };
    // Edits made on the old screen until it is drawn anew go the same way.
    const before = shown.replace((late) => void keep(late, []));
    this.ports.emptied();
    if (taken !== null) await keep(taken.update, taken.ids);
    await received.forget();
  }

  /** Pushes what was refused of this history once more, as it was; the hub stores it or refuses it again. */
  async tryAgain(): Promise<void> {
    const { outgoing, shown, refused } = this.ports;
    const epoch = this.ports.epoch();
    const edits = refused.list.filter((edit) => edit.epoch === epoch);
    if (edits.length === 0) return;
    const updates = edits.map((edit) => edit.update);
    shown.apply(updates);
    const safe = outgoing.resend(updates);
    // The join tells the hub under which client ids these were made.
    this.ports.resync();
    // Until then the refused ones are the only copy that outlives the tab.
    if (await safe) await refused.drop(edits.map((edit) => edit.id));
  }
}
