/** The deriving thread as seen from outside: knows what it has, and sends it only what is new. */
import type { DeriveAnswer, DeriveJob, JobDocument } from '#server/base/live/derived/derive-job.ts';
import type { KnownState, SourceDocument } from '#server/base/live/derived/document-source.ts';
import { WorkerThread } from '#server/base/live/worker/worker-thread.ts';
import { encodeLoad } from '#shared/base/live-frame.ts';

/** Limits of one derivation. */
export interface DeriveLimits {
  timeMs: number;
  memoryMb: number;
}

/** A document of 32 MB is several hundred in memory. */
export const defaultDeriveLimits: DeriveLimits = { timeMs: 8_000, memoryMb: 768 };

/** What is to be derived. */
export interface Reading {
  subject: string;
  module: URL;
  documents: readonly SourceDocument[];
}

/** Derives one subject after the other. */
export class DeriverThread {
  #thread: WorkerThread<DeriveJob, DeriveAnswer>;
  #held = new Map<string, KnownState>();

  constructor(limits: DeriveLimits) {
    this.#thread = new WorkerThread({
      entry: new URL('./derive-worker.ts', import.meta.url),
      name: 'derive',
      ...limits,
      lost: () => this.#held.clear(),
    });
  }

  /** What the thread has of a document. */
  known(document: string): KnownState | undefined {
    return this.#held.get(document);
  }

  /** Makes the record of a subject; documents must start where `known` is, or anew. @throws ThreadFailure */
  async derive({ subject, module, documents }: Reading): Promise<{ value: unknown; workedMs: number }> {
    const parts = documents.map(pack);
    const transfer = parts.map(({ bytes }) => bytes.buffer);
    const job: DeriveJob = { subject, module: module.href, documents: parts };
    try {
      const { json, released, workedMs } = await this.#thread.run(job, transfer);
      for (const { document, epoch, seq } of documents) this.#held.set(document, { epoch, seq });
      for (const name of released) this.#held.delete(name);
      return { value: JSON.parse(json), workedMs };
    } catch (error) {
      for (const { document } of documents) this.#held.delete(document);
      throw error;
    }
  }

  /** Ends the thread; nothing may be asked of it any more. */
  stop(): Promise<void> {
    return this.#thread.stop();
  }
}

/** One buffer of its own for all updates, so that it can be handed over: an update may be a view of a whole frame. */
function pack({ document, epoch, seq, from, updates }: SourceDocument): JobDocument & {
  bytes: Uint8Array<ArrayBuffer>;
} {
  const bytes = Uint8Array.from(encodeLoad(updates));
  return { name: document, epoch, from, seq, bytes };
}
