/** One Socket.IO packet as one binary WebSocket frame; bounded when read. The grammar is PROTOCOL.md, "Frame". */
import * as encoding from 'lib0/encoding';
import { ByteReader, BytesError } from '#shared/base/byte-reader.ts';

/** Kinds of Socket.IO packets that we send and accept (source: socket.io protocol 5). */
export const packetKinds = { connect: 0, disconnect: 1, event: 2, ack: 3, connectError: 4 } as const;

/** A packet as Socket.IO hands it to a parser; `id` asks for, or answers, an acknowledgement. */
export interface LivePacket {
  type: number;
  nsp: string;
  data?: unknown;
  id?: number | undefined;
}

/** Names that an event must not carry, because emitters give them a meaning of their own. */
const reservedNames = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'error',
  'newListener',
  'removeListener',
]);

const longestNamespace = 64;

/** Writes a packet as one frame: kind, id + 1 or 0, namespace ('' for '/'), data as lib0 `any`. */
export function encodeFrame(packet: LivePacket): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, packet.type);
  encoding.writeVarUint(encoder, packet.id === undefined ? 0 : packet.id + 1);
  encoding.writeVarString(encoder, packet.nsp === '/' ? '' : packet.nsp);
  // The types of lib0 do not name Uint8Array and undefined inside arrays, which it writes all the same.
  encoding.writeAny(encoder, packet.data as Parameters<typeof encoding.writeAny>[1]);
  return encoding.toUint8Array(encoder);
}

/** How many bytes a value takes within a frame. */
export function bytesOf(value: unknown): number {
  const encoder = encoding.createEncoder();
  encoding.writeAny(encoder, value as Parameters<typeof encoding.writeAny>[1]);
  return encoding.length(encoder);
}

/**
 * Reads one frame.
 * @param maxValues - most values in its data, those within others included
 * @throws BytesError for anything that is not exactly one well-formed packet
 */
export function decodeFrame(bytes: Uint8Array, maxValues = Number.POSITIVE_INFINITY): LivePacket {
  const reader = new ByteReader(bytes, maxValues);
  const type = reader.byte();
  const idPlusOne = reader.uint();
  const nsp = reader.text();
  if (nsp.length > longestNamespace) throw new BytesError('namespace too long');
  const data = reader.any();
  if (reader.remaining > 0) throw new BytesError('bytes after the packet');
  const packet: LivePacket = { type, nsp: nsp === '' ? '/' : nsp, data };
  if (idPlusOne > 0) packet.id = idPlusOne - 1;
  checkPacket(packet);
  return packet;
}

function checkPacket(packet: LivePacket): void {
  const { type, data } = packet;
  const sound =
    (type === packetKinds.connect && (data === undefined || isRecord(data))) ||
    (type === packetKinds.disconnect && data === undefined) ||
    (type === packetKinds.event && isEvent(data)) ||
    (type === packetKinds.ack && Array.isArray(data) && packet.id !== undefined) ||
    (type === packetKinds.connectError && (typeof data === 'string' || isRecord(data)));
  if (!sound) throw new BytesError('not a packet');
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEvent(data: unknown): boolean {
  return Array.isArray(data) && typeof data[0] === 'string' && !reservedNames.has(data[0]);
}

/** Writes updates one after the other, each with its length: the body of the HTTP load. */
export function encodeLoad(updates: readonly Uint8Array[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const update of updates) encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}

/** Reads the body of the HTTP load back. @throws BytesError when it was cut or is not one */
export function decodeLoad(bytes: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(bytes);
  const updates: Uint8Array[] = [];
  while (reader.remaining > 0) updates.push(reader.blob());
  return updates;
}
