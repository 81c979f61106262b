/** A log whose entries are Yjs updates: admitted on their bytes alone, merged without a document. */
import { admit } from '#server/base/live/admission/admission.ts';
import { DocumentIndex } from '#server/base/live/admission/document-index.ts';
import type {
  Admitted,
  ContentStart,
  LogContent,
  Merged,
  MergeMeans,
  Pushing,
} from '#server/base/live/log/log-content.ts';
import { mergeInSteps } from '#shared/base/live-merge.ts';

/** @see LogContent */
class DocumentContent implements LogContent {
  #index: DocumentIndex;

  constructor({ source, known, ...state }: ContentStart) {
    this.#index = new DocumentIndex(state, source, known);
  }

  get owners(): Map<number, string> {
    return this.#index.owners;
  }

  clockOf(clientId: number): number {
    return this.#index.clockOf(clientId);
  }

  /** @throws as `admit` of admission.ts */
  admit({ bytes, author }: Pushing): Admitted {
    const admission = admit(this.#index, bytes, author.memberId);
    if (admission.kind === 'known') return admission;
    this.#index.apply(admission.change);
    return { kind: 'new', update: admission.update, clocks: admission.change.clocks };
  }

  resized(bytes: number): void {
    this.#index.bytes += bytes;
  }

  async merge(
    snapshot: Uint8Array | null,
    tail: readonly Uint8Array[],
    { pause, thread }: MergeMeans,
  ): Promise<Merged> {
    if (thread !== undefined) return thread.merge({ snapshot, tail, withDetails: true });
    // The last snapshot is large, and gone through once: with the whole tail, not in every round of it.
    const mergedTail = tail.length === 0 ? [] : [await mergePausing(tail, pause)];
    const update = await mergePausing([...(snapshot === null ? [] : [snapshot]), ...mergedTail], pause);
    return { update, details: null };
  }
}

/** The content of every document whose kind names no other. */
export function makeDocumentContent(start: ContentStart): LogContent {
  return new DocumentContent(start);
}

async function mergePausing(updates: readonly Uint8Array[], pause: () => Promise<void>): Promise<Uint8Array> {
  const steps = mergeInSteps(updates);
  for (;;) {
    await pause();
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
