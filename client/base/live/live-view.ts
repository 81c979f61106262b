/** What a component sees of one live document: an unchanging picture, replaced when something in it changes. */
import * as Y from 'yjs';
import type { RefusedEdit } from '#client/base/live/device-store.ts';
import type { LiveDocument } from '#client/base/live/live-document.ts';
import { Presence } from '#client/base/live/presence.ts';
import { PresenceAwareness } from '#client/base/live/presence-awareness.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { Place, PresentPerson } from '#shared/base/live.ts';

/** `ready` also without a network, when the device has the document. */
export interface LiveView {
  /** Another object after an edit was refused: bind to it anew. Empty, and not to be written, while loading. */
  doc: Y.Doc;
  state: 'loading' | 'ready' | 'refused';
  /** Why the whole document is refused. */
  code?: ErrorCode;
  mayWrite: boolean;
  /** True while nobody may write, because the document breaks whoever reads it. */
  quarantined: boolean;
  /** Everyone else here now, in all their tabs; oneself in another tab too. Of a crowd only some. */
  people: readonly PresentPerson[];
  /** How many more tabs are here than are named; 0 unless it is a crowd. */
  unnamed: number;
  /** For Tiptap's caret extension: `provider: { awareness }`. */
  awareness: PresenceAwareness;
  /** Tells others where one is; null for nowhere. May be called as often as one likes. */
  setPlace(place: Place | null): void;
  /** Edits that were not accepted, with reason and text; oldest first. */
  refused: readonly RefusedEdit[];
  /** Sends them once more as they were. */
  retryRefused(): Promise<void>;
  /** Forgets them for good. */
  dropRefused(ids: readonly number[]): Promise<void>;
}

const nowhere = new Y.Doc();

/** Seen before there is a document. */
export const emptyView: LiveView = {
  doc: nowhere,
  state: 'loading',
  mayWrite: false,
  quarantined: false,
  people: [],
  unnamed: 0,
  awareness: new PresenceAwareness(
    nowhere,
    new Presence({
      clock: {
        now: () => 0,
        after: () => () => undefined,
        nextFrame: () => () => undefined,
        whenIdle: () => () => undefined,
        random: () => 0,
      },
      send: () => undefined,
      changed: () => undefined,
    }),
  ),
  setPlace: () => undefined,
  refused: [],
  retryRefused: () => Promise.resolve(),
  dropRefused: () => Promise.resolve(),
};

/** @returns `before` itself when nothing to be seen has changed */
export function viewOf(document: LiveDocument, before: LiveView): LiveView {
  const isOfThis = before.doc === document.doc;
  const now: LiveView = {
    doc: document.doc,
    state: document.shutBy !== undefined ? 'refused' : document.isReady ? 'ready' : 'loading',
    ...(document.shutBy === undefined ? {} : { code: document.shutBy }),
    mayWrite: document.mayWrite,
    quarantined: document.isQuarantined,
    people: document.presence.people,
    unnamed: document.presence.unnamed,
    awareness: document.awareness,
    setPlace: isOfThis ? before.setPlace : (place) => document.presence.setPlace(place),
    refused: document.refused.list,
    retryRefused: isOfThis ? before.retryRefused : () => document.retryRefused(),
    dropRefused: isOfThis ? before.dropRefused : (ids) => document.refused.drop(ids),
  };
  return isSame(before, now) ? before : now;
}

function isSame(before: LiveView, now: LiveView): boolean {
  return (
    before.doc === now.doc &&
    before.state === now.state &&
    before.code === now.code &&
    before.mayWrite === now.mayWrite &&
    before.quarantined === now.quarantined &&
    before.people === now.people &&
    before.unnamed === now.unnamed &&
    before.awareness === now.awareness &&
    before.refused === now.refused
  );
}
