/** The port to the hub's live gateway: one connection, and what may be asked and heard over it. */
import type { ErrorCode } from '#shared/base/errors.ts';
import type {
  ClosedFrame,
  EventFrame,
  Join,
  Joined,
  Leave,
  Presence,
  PresenceFrame,
  Pushed,
  RightsFrame,
  UpdatesFrame,
} from '#shared/base/live.ts';

/** No answer came: the connection ended, or it was too slow to be believed in. */
export interface Lost {
  ok: false;
  code: 'lost';
}

/** A named refusal of the hub. */
export interface Refused {
  ok: false;
  code: ErrorCode;
}

/** `ok` means stored, with majority and journal. */
export type PushAnswer = Pushed | Refused | Lost;
/** A large document's HTTP load is already among `updates`. */
export type JoinAnswer = Joined | Refused | Lost;

/** An open connection. Nothing here throws; what cannot be answered any more is `lost`. */
export interface LiveLink {
  join(request: Omit<Join, 'version'>): Promise<JoinAnswer>;
  push(document: string, update: Uint8Array): Promise<PushAnswer>;
  leave(leave: Leave): void;
  /** May be dropped on the way. */
  presence(presence: Presence): void;
  close(): void;
}

/** What is heard over a connection; frames in the hub's order. */
export interface LinkEvents {
  opened(): void;
  /** Called once, also when it never opened; `code` when the hub said why. */
  closed(code?: ErrorCode): void;
  updates(frame: UpdatesFrame): void;
  presence(frame: PresenceFrame): void;
  documentClosed(frame: ClosedFrame): void;
  rights(frame: RightsFrame): void;
  roomEvent(frame: EventFrame): void;
}

/** Opens connections; each attempt has a token of its own. */
export interface LiveTransport {
  connect(token: string, events: LinkEvents): LiveLink;
}
