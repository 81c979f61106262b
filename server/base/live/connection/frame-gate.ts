/** What may come over one connection before anything of it is decoded: the kinds we serve, in order, at a pace. */
import { Pace } from '#server/base/live/connection/pace.ts';
import type { LivePaces } from '#server/base/live/connection/person.ts';
import { ByteReader } from '#shared/base/byte-reader.ts';
import { packetKinds } from '#shared/base/live-frame.ts';

/** Greatest CONNECT: a token and the names around it. */
const connectBytes = 4_096 + 256;
/** How far above the pace that is answered with `rate.limited` a connection is cut unheard. */
const farOver = 2;

/** The gate of one connection; whoever does not pass is cut. Rules LV2, LV4 and LV35. */
export class FrameGate {
  #frames: Pace;
  #bytes: Pace;
  #stage: 'new' | 'asked' | 'admitted' = 'new';

  constructor(paces: LivePaces, nowMs: number) {
    const { messagesOfSocket, bytesOfPerson, refusalsBeforeCut } = paces;
    const burst = messagesOfSocket.burst + refusalsBeforeCut;
    this.#frames = new Pace({ burst, perSecond: farOver * messagesOfSocket.perSecond }, nowMs);
    this.#bytes = new Pace(
      { burst: farOver * bytesOfPerson.burst, perSecond: farOver * bytesOfPerson.perSecond },
      nowMs,
    );
  }

  /** From now on messages may come. */
  admit(): void {
    this.#stage = 'admitted';
  }

  /** Counts a heartbeat or another frame without a packet of ours. @returns whether the connection may go on */
  bears(bytes: number, nowMs: number): boolean {
    return this.#frames.take(1, nowMs) && this.#bytes.take(bytes, nowMs);
  }

  /** @param frame - as it came, whatever it is. @returns whether it may be decoded */
  passes(frame: unknown, nowMs: number): frame is Uint8Array {
    if (!(frame instanceof Uint8Array) || !this.bears(frame.length, nowMs)) return false;
    const kind = kindOf(frame);
    if (this.#stage === 'admitted') return kind === packetKinds.event || kind === packetKinds.disconnect;
    if (this.#stage === 'asked' || kind !== packetKinds.connect || frame.length > connectBytes) return false;
    this.#stage = 'asked';
    return true;
  }
}

/** The kind of a packet of the one namespace there is; null for anything else. */
function kindOf(frame: Uint8Array): number | null {
  try {
    const reader = new ByteReader(frame);
    const kind = reader.byte();
    reader.uint();
    return reader.count(1) === 0 ? kind : null;
  } catch {
    return null;
  }
}
