/** The live protocol: names, shapes and limits of every message; the grammar is PROTOCOL.md. */
import { z } from 'zod';
import { type Side, sideShape } from '#shared/base/audience.ts';
import { type ErrorCode, isErrorCode } from '#shared/base/errors.ts';
import { type CellValue, gridLimits } from '#shared/base/grid/grid-shape.ts';
import { idShape } from '#shared/base/ids.ts';

/** Version of the protocol; a client of another version is refused with `live.protocolUnknown`. */
export const liveVersion = 1;

/** Where the WebSocket is, on the hub's own address (Socket.IO's `path`). */
export const livePath = '/live';

/** Limits both ends keep. Bytes unless the name says otherwise. */
export const liveLimits = {
  updateBytes: 256 * 1024,
  /** Above this a first load travels by HTTP, never through the socket (source: socket.io issue 3946). */
  socketLoadBytes: 512 * 1024,
  documentBytes: 32 * 1024 * 1024,
  /** What a full document takes all the same, of updates that only delete. */
  deletionBytes: 1024 * 1024,
  presenceBytes: 4 * 1024,
  presencePerSecond: 20,
  /** Greatest depth of shared types inside one another. */
  nestingDepth: 12,
  /** Structs and deleted ranges in one update. */
  structsPerUpdate: 32_768,
  /** Clocks one update may add: what was typed and deleted again offline counts too. */
  clocksPerUpdate: 4_194_304,
  /** Yjs client ids one update may add to. */
  clientsPerUpdate: 64,
  /** Updates one person may have waiting for their acknowledgement in one document. */
  pendingPushes: 64,
  documentsPerSocket: 200,
  /** Values in one message to the hub, those within others included. */
  valuesPerMessage: 4_096,
} as const;

/** `kind/key/…`, for instance `plan/0123456789abcdefghjk/shared`. One document has one audience and one write right. */
export const documentNameShape = z
  .string()
  .max(120)
  .regex(/^[a-z][a-z-]{0,19}(\/[0-9a-z-]{1,40}){1,3}$/);

/** A Yjs client id: an unsigned 32-bit integer. */
export const clientIdShape = z.number().int().min(0).max(0xffffffff);

const bytesShape = z.instanceof(Uint8Array);

/** What a client presents in Socket.IO's `auth`: its access token, never in a URL. */
export const connectAuthShape = z.strictObject({ token: z.string().min(1).max(4_096) });

/** Joins a document. `epoch` and `seq` are what the device has stored; absent when it has nothing. */
export const joinShape = z.strictObject({
  version: z.literal(liveVersion),
  document: documentNameShape,
  /** The client id of this tab's Y.Doc; it becomes this person's for ever, or is refused. */
  clientId: clientIdShape,
  /** Client ids of earlier tabs whose edits this device still has to push; same rule, refused one by one. */
  earlierClientIds: z.array(clientIdShape).max(liveLimits.clientsPerUpdate).optional(),
  epoch: z.string().max(40).optional(),
  seq: z.number().int().min(0).optional(),
});
export type Join = z.infer<typeof joinShape>;

/** Leaves a document; leaving one that is not joined is no error. */
export const leaveShape = z.strictObject({ document: documentNameShape });
export type Leave = z.infer<typeof leaveShape>;

/** A place in a document (row and column, or caret); content is the room's own, at most `presenceBytes` as JSON. */
export type Place = Record<string, unknown>;

const placeShape = z.record(z.string(), z.unknown()).nullable();

/** Says where one is in a joined document; null for nowhere. Volatile, at most `presencePerSecond`. */
export const presenceShape = z.strictObject({ document: documentNameShape, place: placeShape });
export type Presence = z.infer<typeof presenceShape>;

/** One connection of a person in a document; identity is stamped by the server. */
export const presentPersonShape = z.strictObject({
  /** The connection, new at each join; also the Yjs client id of that tab. */
  clientId: clientIdShape,
  memberId: idShape,
  name: z.string(),
  companyName: z.string(),
  side: sideShape,
  place: placeShape,
});
export type PresentPerson = z.infer<typeof presentPersonShape>;

/** Pushes one V1 update made by one's own client ids. */
export const pushShape = z.strictObject({ document: documentNameShape, update: bytesShape });
export type Push = z.infer<typeof pushShape>;

/** Asks for the past of one cell of a joined grid. */
export const cellHistoryShape = z.strictObject({
  document: documentNameShape,
  row: z
    .number()
    .int()
    .min(0)
    .max(gridLimits.rows - 1),
  bucket: z
    .number()
    .int()
    .min(0)
    .max(gridLimits.buckets - 1),
  /** Number of a patch that set the cell: its revision, or `next` of the answer before. */
  from: z.number().int().min(1),
});
export type ReadCell = z.infer<typeof cellHistoryShape>;

/** One setting of a cell. */
export interface CellStep {
  seq: number;
  memberId: string;
  side: Side;
  /** ISO 8601. */
  at: string;
  value: CellValue;
  /** True when it was written over another person's value that its writer had not seen. */
  isOver: boolean;
}

/** The answer to `cellHistory`: newest first. */
export interface CellHistory {
  ok: true;
  steps: CellStep[];
  /** Where to go on; null when the last step was the cell's first. */
  next: number | null;
}

/** The answer to `join`. */
export interface Joined {
  ok: true;
  version: number;
  /** The document's life: with another epoch than the device's, its stored copy must not be merged. */
  epoch: string;
  /** Everything up to here is in `updates` (with what the device had), or comes by HTTP. */
  seq: number;
  /** State vector of the server at `seq` (V1), to know what the device still has to push. */
  stateVector: Uint8Array;
  /** What the device is missing; [] when `load` is `http`. */
  updates: Uint8Array[];
  /** `http`: too large for the socket; fetch `liveLoadPath(document)` and go on from the frames received since. */
  load: 'here' | 'http';
  mayWrite: boolean;
  /** True when nobody may write, because the document breaks whoever reads it. */
  quarantined?: boolean;
  side: Side;
  /** Everybody present, the joiner included; in a full room the joiner alone, and a frame that follows says who is named. */
  people: PresentPerson[];
  /** Those of `earlierClientIds` that are another person's: edits under them would be refused. */
  foreignClientIds: number[];
}

/** The answer to `push`: durable, and this is its place in the log (or the log's end, if it was known already). */
export interface Pushed {
  ok: true;
  seq: number;
  /** What a grid tells the sender of a patch alone, as `readReceipt` reads it; absent for Yjs documents. */
  receipt?: Uint8Array;
}

/** An answer without content. */
export interface Done {
  ok: true;
}

/** A refusal as acknowledged: a code of the one catalogue. */
export interface Refusal {
  ok: false;
  code: ErrorCode;
}

/** Names of the messages a client may send; all take one object and acknowledge when asked. */
export interface ClientMessages {
  join: (message: Join, reply: (answer: Joined | Refusal) => void) => void;
  leave: (message: Leave, reply: (answer: Done | Refusal) => void) => void;
  push: (message: Push, reply: (answer: Pushed | Refusal) => void) => void;
  cellHistory: (message: ReadCell, reply: (answer: CellHistory | Refusal) => void) => void;
  presence: (message: Presence, reply?: (answer: Done | Refusal) => void) => void;
}

/** `updates`: one durable batch of a document, in order. The last of them has number `seq`, the first `seq - length + 1`. */
export interface UpdatesFrame {
  document: string;
  seq: number;
  updates: Uint8Array[];
}

/** `presence`: changes of one turn. A client ignores its own id. In a crowd not everybody is named. */
export interface PresenceFrame {
  document: string;
  came?: PresentPerson[];
  moved?: [clientId: number, place: Place | null][];
  /** Client ids. */
  left?: number[];
  /** How many connections there are when not all of them are named; 0 when all are. Absent: as before. */
  present?: number;
}

/** `closed`: the server has taken this connection out of a document. */
export interface ClosedFrame {
  document: string;
  code: ErrorCode;
}

/** `rights`: may this person write from now on. */
export interface RightsFrame {
  document: string;
  mayWrite: boolean;
  /** As in `Joined`. */
  quarantined?: boolean;
}

/** `event`: a room event for this person. */
export interface EventFrame {
  name: string;
  payload: unknown;
}

/** Names of the messages the server sends; none asks for an acknowledgement. */
export interface ServerMessages {
  updates: (frame: UpdatesFrame) => void;
  presence: (frame: PresenceFrame) => void;
  closed: (frame: ClosedFrame) => void;
  rights: (frame: RightsFrame) => void;
  event: (frame: EventFrame) => void;
}

/** Headers of the HTTP load: what its body goes up to. */
export const liveLoadHeaders = { epoch: 'x-live-epoch', seq: 'x-live-seq' } as const;

/** Path of the HTTP load of a document; GET with the Bearer token, body as `decodeLoad` reads it. */
export function liveLoadPath(document: string): string {
  return `/api/live/${document}`;
}

/** True for a refusal as it comes over the wire. */
export function isRefusal(value: unknown): value is Refusal {
  return (
    typeof value === 'object' &&
    value !== null &&
    'ok' in value &&
    value.ok === false &&
    'code' in value &&
    isErrorCode(value.code)
  );
}
