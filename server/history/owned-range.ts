/** Whose a range of clocks is. */
import type { ClockRange } from '#server/base/live/admission/document-index.ts';
import type { Side } from '#shared/base/audience.ts';

/** Who wrote, on which side. */
export interface Writer {
  memberId: string;
  side: Side;
}

/** A range of clocks with who wrote or deleted it, and when that began. */
export interface OwnedRange extends ClockRange {
  writer: Writer;
  atMs: number;
}
