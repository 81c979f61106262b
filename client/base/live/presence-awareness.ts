/** Presence in the form editors expect (y-protocols awareness), fed only by identities the hub has stamped. */
import type * as Y from 'yjs';
import { z } from 'zod';
import type { Presence } from '#client/base/live/presence.ts';
import { clientIdShape, type PresentPerson } from '#shared/base/live.ts';

/** Caret colours must be `#rrggbb`; the ink of each side, readable in light and dark. */
const caretColours = { buyer: '#3b5bdb', supplier: '#b8500c' } as const;

/** State of one connection; editors read `user` and `cursor`. */
export type AwarenessState = Record<string, unknown>;

/** Client ids whose states came, changed or went. */
export interface AwarenessChange {
  added: number[];
  updated: number[];
  removed: number[];
}

type AwarenessListener = (change: AwarenessChange, origin: unknown) => void;
type AwarenessEvent = 'change' | 'update' | 'destroy';

/**
 * Compatible with `Awareness` of y-protocols as @tiptap/extension-collaboration-caret uses it.
 * The own caret goes out in `place.caret`; a `user` set by an editor is ignored, for the hub stamps it.
 */
export class PresenceAwareness {
  readonly doc: Y.Doc;
  readonly clientID: number;
  readonly states = new Map<number, AwarenessState>();
  private readonly presence: Presence;
  private readonly listeners = new Map<AwarenessEvent, Set<AwarenessListener>>();
  private seen = new Map<number, string>();
  private readonly local: AwarenessState = {};
  private gone = false;

  constructor(doc: Y.Doc, presence: Presence) {
    this.doc = doc;
    this.clientID = doc.clientID;
    this.presence = presence;
    this.states.set(this.clientID, this.local);
    this.peopleChanged();
  }

  /** All states, one's own included, by client id. */
  getStates(): Map<number, AwarenessState> {
    return this.states;
  }

  /** Null after `destroy`. */
  getLocalState(): AwarenessState | null {
    return this.gone ? null : this.local;
  }

  /** Only `cursor` is of effect. @param state - null clears the caret */
  setLocalState(state: AwarenessState | null): void {
    this.setLocalStateField('cursor', state?.['cursor'] ?? null);
  }

  /** Only `cursor` is of effect; null clears the caret. */
  setLocalStateField(field: string, value: unknown): void {
    if (this.gone) return;
    this.local[field] = value;
    if (field === 'cursor') {
      const { caret: _before, ...elsewhere } = this.presence.ownPlace ?? {};
      // Relative positions are class instances with undefined fields; what travels is plain data.
      const caret: unknown = value === null ? null : JSON.parse(JSON.stringify(value));
      const nowhere = caret === null && Object.keys(elsewhere).length === 0;
      this.presence.setPlace(nowhere ? null : { ...elsewhere, ...(caret === null ? {} : { caret }) });
    }
    this.emit({ added: [], updated: [this.clientID], removed: [] }, 'local');
  }

  on(event: AwarenessEvent, listener: AwarenessListener): void {
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners.add(listener));
  }

  off(event: AwarenessEvent, listener: AwarenessListener): void {
    this.listeners.get(event)?.delete(listener);
  }

  /** Called by the document when its presence changed. */
  peopleChanged(): void {
    const change: AwarenessChange = { added: [], updated: [], removed: [] };
    const now = new Map<number, string>();
    for (const person of this.presence.people) {
      const text = JSON.stringify(person);
      const before = this.seen.get(person.clientId);
      now.set(person.clientId, text);
      if (before === text) continue;
      (before === undefined ? change.added : change.updated).push(person.clientId);
      this.states.set(person.clientId, stateOf(person));
    }
    for (const clientId of this.seen.keys()) {
      if (now.has(clientId)) continue;
      change.removed.push(clientId);
      this.states.delete(clientId);
    }
    this.seen = now;
    if (change.added.length + change.updated.length + change.removed.length > 0) this.emit(change, 'hub');
  }

  /** Listeners are forgotten; the caret goes with the document's presence. */
  destroy(): void {
    this.gone = true;
    this.listeners.clear();
  }

  private emit(change: AwarenessChange, origin: unknown): void {
    for (const event of ['change', 'update'] as const) {
      for (const listener of [...(this.listeners.get(event) ?? [])]) listener(change, origin);
    }
  }
}

function stateOf({ name, companyName, side, memberId, place }: PresentPerson): AwarenessState {
  const user = { name, companyName, side, memberId, color: caretColours[side] };
  return { user, cursor: caretOf(place?.['caret']) };
}

/** Editors resolve carets without checking them: one bad number from another person's tab would throw in ours. */
const idShape = z.object({ client: clientIdShape, clock: z.number().int().min(0) }).nullish();
const positionShape = z.object({
  type: idShape,
  tname: z.string().max(120).nullish(),
  item: idShape,
  assoc: z.number().int().optional(),
});
const caretShape = z.object({ anchor: positionShape, head: positionShape });

function caretOf(value: unknown): unknown {
  const caret = caretShape.safeParse(value);
  return caret.success ? caret.data : null;
}
