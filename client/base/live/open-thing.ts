/** What a session needs of whatever is open in it: a Yjs document, or a grid. */
import type { RefusedEdit } from '#client/base/live/device-store.ts';
import type { LiveLink } from '#client/base/live/link.ts';
import type { Presence } from '#client/base/live/presence.ts';
import type { DocumentFacts } from '#client/base/live/save-state.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { PresenceFrame, UpdatesFrame } from '#shared/base/live.ts';

/** Driven by its session. */
export interface OpenThing {
  readonly name: string;
  readonly presence: Presence;
  /** Edits that were not accepted, oldest first. */
  readonly refused: { readonly list: readonly RefusedEdit[] };
  /** True once the hub refused this page's version of the protocol. */
  readonly isOutdated: boolean;
  /** True once the device was read: `refused` then holds those of earlier tabs too. */
  readonly isLoaded: boolean;
  /** True while leaving would put off something. */
  readonly isBusy: boolean;
  /** Edits of this device not yet stored by the hub. */
  readonly waiting: number;
  readonly saveFacts: DocumentFacts;
  /** There is a connection, or the hub is to be asked again. */
  connect(link: LiveLink): void;
  disconnect(): void;
  hear(frame: UpdatesFrame): void;
  hearPresence(frame: PresenceFrame): void;
  hearRights(mayWrite: boolean, quarantined?: boolean): void;
  hearClosed(code: ErrorCode): void;
  /** Ends the frame and writes down what was heard. */
  flush(): void;
  /** Brings the device up to date. @returns how many edits not stored by the hub it could not keep */
  settle(): Promise<number>;
  /** Takes over what other tabs have kept. */
  takeLeftOvers(): Promise<void>;
  /** Leaves the hub and stops; unsent edits stay in the store. */
  leave(): void;
}
