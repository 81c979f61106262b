/** The Y.Doc that is on the screen: tells local edits from all others, and is replaced as a whole when it must be. */
import * as Y from 'yjs';
import type { Presence } from '#client/base/live/presence.ts';
import { PresenceAwareness } from '#client/base/live/presence-awareness.ts';

/** What the shown document needs from outside. */
export interface ShownDocPorts {
  presence: Presence;
  /** 0 ≤ x < 1; draws client ids. */
  random(): number;
  /** An edit was made in this tab. */
  edited(update: Uint8Array): void;
}

/** The origin of every change that was not made in this tab. */
export const notFromHere = Symbol('not from here');

/** See the file's first line. */
export class ShownDoc {
  private readonly ports: ShownDocPorts;
  private current: Y.Doc;
  private ownAwareness: PresenceAwareness;
  private stopListening: () => void;

  constructor(ports: ShownDocPorts) {
    this.ports = ports;
    this.current = this.fresh();
    this.ownAwareness = new PresenceAwareness(this.current, ports.presence);
    this.stopListening = listen(this.current, ports.edited);
  }

  /** Another object after `replace`. */
  get doc(): Y.Doc {
    return this.current;
  }

  /** Another object after `replace` and `renewClientId`. */
  get awareness(): PresenceAwareness {
    return this.ownAwareness;
  }

  /** Applies what was made elsewhere, or by this person in another tab; in one transaction, so that it is told once. */
  apply(updates: readonly Uint8Array[]): void {
    if (updates.length === 0) return;
    const applyAll = () => {
      for (const update of updates) Y.applyUpdate(this.current, update, notFromHere);
    };
    Y.transact(this.current, applyAll, notFromHere, false);
  }

  /**
   * Starts with an empty document.
   * @param late - called for edits still made in the old one, until the screen is drawn anew
   * @returns the old document
   */
  replace(late: (update: Uint8Array) => void): Y.Doc {
    const before = this.current;
    this.stopListening();
    listen(before, late);
    this.current = this.fresh();
    this.stopListening = listen(this.current, this.ports.edited);
    this.renewAwareness();
    return before;
  }

  /** Edits from now on are made under another id. */
  renewClientId(): void {
    this.current.clientID = this.drawClientId();
    this.renewAwareness();
  }

  destroy(): void {
    this.stopListening();
    this.ownAwareness.destroy();
    this.current.destroy();
  }

  private fresh(): Y.Doc {
    const doc = new Y.Doc();
    doc.clientID = this.drawClientId();
    return doc;
  }

  private drawClientId(): number {
    return Math.floor(this.ports.random() * 2 ** 32);
  }

  private renewAwareness(): void {
    this.ownAwareness.destroy();
    this.ownAwareness = new PresenceAwareness(this.current, this.ports.presence);
  }
}

function listen(doc: Y.Doc, edited: (update: Uint8Array) => void): () => void {
  const listener = (update: Uint8Array, _origin: unknown, _doc: Y.Doc, change: Y.Transaction) => {
    if (change.local) edited(update);
  };
  doc.on('update', listener);
  return () => doc.off('update', listener);
}
