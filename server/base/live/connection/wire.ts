/** What a room sends through: one connection of a person, whatever carries it, and frames encoded once for many. */
import type { ServerMessages } from '#shared/base/live.ts';
import { encodeFrame, type LivePacket, packetKinds } from '#shared/base/live-frame.ts';

/** A message as bytes, made once and sent to any number of connections. */
export interface PreparedFrame {
  /** The Socket.IO packet. */
  packet: Uint8Array;
  /** The packet with its WebSocket header, ready for a socket. */
  webSocketFrame: Buffer;
}

/** One connection. Sending never throws and never waits; what cannot be delivered ends the connection. */
export interface Wire {
  /** Sends after everything sent before; cuts a connection that has too much unread. */
  send(frame: PreparedFrame): void;
  /** Sends, or drops the frame when the connection is slow. */
  sendVolatile(frame: PreparedFrame): void;
  /** Answers the message of this id; all answers of one turn are written as one, before any later frame. */
  answer(id: number, answer: unknown): void;
  /** Stops reading from the connection, or goes on; the client notices no more than that answers are late. */
  hold(isHeld: boolean): void;
  /** Ends the connection; the client may connect again. */
  cut(): void;
}

/** Encodes a message of the server once. */
export function prepareFrame<Name extends keyof ServerMessages>(
  name: Name,
  message: Parameters<ServerMessages[Name]>[0],
): PreparedFrame {
  return prepare({ type: packetKinds.event, nsp: '/', data: [name, message] });
}

/** Encodes the answer to a message. */
export function prepareAnswer(id: number, answer: unknown): PreparedFrame {
  return prepare({ type: packetKinds.ack, nsp: '/', id, data: [answer] });
}

function prepare(content: LivePacket): PreparedFrame {
  const packet = encodeFrame(content);
  return { packet, webSocketFrame: withHeader(packet) };
}

/** A whole, unmasked, binary WebSocket message (source: RFC 6455, 5.2). */
function withHeader(packet: Uint8Array): Buffer {
  const finalBinary = 0x82;
  const length = packet.length;
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafeSlow(headerLength + length);
  frame[0] = finalBinary;
  if (headerLength === 2) frame[1] = length;
  else if (headerLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(packet, headerLength);
  return frame;
}
