/** Messages of y-protocols as bytes: what y-websocket and Hocuspocus put behind their own headers. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { caretAt } from '#tests/bench/load/peer-client.ts';

/** Kinds of messages both share (source: y-websocket, Hocuspocus `MessageType`). */
export const messageKinds = { sync: 0, awareness: 1 } as const;
/** Kinds of sync messages (source: y-protocols `sync.js`). */
export const syncKinds = { step1: 0, step2: 1, update: 2 } as const;

/** State vector, and update, of a document without anything in it. */
export const nothing = { stateVector: Uint8Array.of(0), update: Uint8Array.of(0, 0) } as const;

/** One sync message behind a header that was written already. */
export function writeSync(encoder: encoding.Encoder, kind: number, bytes: Uint8Array): Uint8Array {
  encoding.writeVarUint(encoder, messageKinds.sync);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

/** The awareness of one person with a caret (source: y-protocols `encodeAwarenessUpdate`). */
export function awarenessOf(clientId: number, times: number, clock: number): Uint8Array {
  const encoder = encoding.createEncoder();
  const user = { name: `Anna Example ${clientId}`, color: '#3b5bdb' };
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint(encoder, clientId);
  encoding.writeVarUint(encoder, times);
  encoding.writeVarString(encoder, JSON.stringify({ user, cursor: caretAt(clientId, clock) }));
  return encoding.toUint8Array(encoder);
}

/** How many people an awareness update is about. */
export function carriedCarets(update: Uint8Array): number {
  return decoding.readVarUint(decoding.createDecoder(update));
}
