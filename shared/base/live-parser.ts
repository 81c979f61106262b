/** The parser both ends hand to Socket.IO, so that a packet is exactly one binary frame. */
import { BytesError } from '#shared/base/byte-reader.ts';
import { liveLimits } from '#shared/base/live.ts';
import { decodeFrame, encodeFrame, type LivePacket } from '#shared/base/live-frame.ts';

type Listener = (packet: LivePacket) => void;

/** Writes packets; Socket.IO asks for a list of frames, ours always has one. */
class FrameEncoder {
  encode(packet: LivePacket): Uint8Array[] {
    return [encodeFrame(packet)];
  }
}

/** Reads frames; a throw from `add` makes Socket.IO close this one connection and nothing else. */
class FrameDecoder {
  protected readonly maxValues: number = Number.POSITIVE_INFINITY;
  #listeners = new Set<Listener>();

  /** @throws BytesError for text frames and malformed bytes */
  add(frame: unknown): void {
    const packet = decodeFrame(asBytes(frame), this.maxValues);
    for (const listener of this.#listeners) listener(packet);
  }

  on(_event: 'decoded', listener: Listener): this {
    this.#listeners.add(listener);
    return this;
  }

  off(_event: 'decoded', listener: Listener): this {
    this.#listeners.delete(listener);
    return this;
  }

  removeListener(event: 'decoded', listener: Listener): this {
    return this.off(event, listener);
  }

  /** Nothing waits between two frames, so there is nothing to drop. */
  destroy(): void {}
}

function asBytes(frame: unknown): Uint8Array {
  if (frame instanceof Uint8Array) return frame;
  if (frame instanceof ArrayBuffer) return new Uint8Array(frame);
  throw new BytesError('not a binary frame');
}

/** Reads what a client says, which is never long: its bytes bound what the hub must hold, its values how long it works. */
class ClientFrameDecoder extends FrameDecoder {
  protected override readonly maxValues = liveLimits.valuesPerMessage;
}

/** Given as the `parser` option of Socket.IO's client. */
export const liveParser = { Encoder: FrameEncoder, Decoder: FrameDecoder };

/** Given as the `parser` option of Socket.IO's server. */
export const hubParser = { Encoder: FrameEncoder, Decoder: ClientFrameDecoder };
