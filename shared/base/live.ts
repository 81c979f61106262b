/** The live protocol: names, shapes and limits of every message; the grammar is PROTOCOL.md. */
import { z } from 'zod';
import { sideShape } from '#shared/base/audience.ts';
import { type ErrorCode, errorCatalogue } from '#shared/base/errors.ts';
import { idShape } from '#shared/base/ids.ts';

/** Version of the protocol; a client of another version is refused with `live.protocolUnknown`. */
export const liveVersion = 1;

/** Limits both ends keep. Bytes unless the name says otherwise. */
export const liveLimits = {
  updateBytes: 256 * 1024,
  /** Above this a first load travels by HTTP, never through the socket (source: socket.io issue 3946). */
  socketLoadBytes: 512 * 1024,
  documentBytes: 32 * 1024 * 1024,
  presenceBytes: 4 * 1024,
  presencePerSecond: 20,
  /** Greatest depth of shared types inside one another. */
  nestingDepth: 12,
  /** Updates one person may have waiting for their acknowledgement in one document. */
  pendingPushes: 64,
  documentsPerSocket: 200,
} as const;

/** `kind/key/…`, for instance `plan/0123456789abcdefghjk/shared`. One document has one audience and one write right. */
export const documentNameShape = z
  .string()
  .max(120)
  .regex(/^[a-z][a-z-]{0,19}(\/[0-9a-z-]{1,40}){1,3}$/);

/** A Yjs client id: an unsigned 32-bit integer. */
export const clientIdShape = z.number().int().min(0).max(0xffffffff);

const bytesShape = z.instanceof(Uint8Array);

/** Joins a document. `seq` and `epoch` are what the device has stored; absent when it has nothing. */
export const joinShape = z.strictObject({
  version: z.number(),
  document: documentNameShape,
  clientId: clientIdShape,
  epoch: z.string().max(40).optional(),
  seq: z.number().int().min(0).optional(),
});
export type Join = z.infer<typeof joinShape>;

/** A place in a document (row and column, or caret); content is the room's own, at most `presenceBytes` as JSON. */
export type Place = Record<string, unknown>;

/** One connection of a person in a document; identity is stamped by the server. */
export const presentPersonShape = z.strictObject({
  /** The connection, new at each join; also the Yjs client id of that tab. */
  clientId: clientIdShape,
  memberId: idShape,
  name: z.string(),
  companyName: z.string(),
  side: sideShape,
  place: z.record(z.string(), z.unknown()).nullable(),
});
export type PresentPerson = z.infer<typeof presentPersonShape>;

/** Pushes one V1 update made by one's own client ids. */
export const pushShape = z.strictObject({ document: documentNameShape, update: bytesShape });
export type Push = z.infer<typeof pushShape>;

/** A refusal as acknowledged: a code of the one catalogue. */
export interface Refusal {
  ok: false;
  code: ErrorCode;
}

/** True for a refusal as it comes over the wire. */
export function isRefusal(value: unknown): value is Refusal {
  return (
    typeof value === 'object' &&
    value !== null &&
    'ok' in value &&
    value.ok === false &&
    'code' in value &&
    typeof value.code === 'string' &&
    Object.hasOwn(errorCatalogue, value.code)
  );
}
