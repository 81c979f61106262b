/** What a refusal of the hub means for the edits or the document it concerns. */
import type { ErrorCode } from '#shared/base/errors.ts';

/**
 * `again`: the hub could not just now; the same bytes are pushed later.
 * `resync`: the hub and this device disagree about what came before; join again, then push what it lacks.
 * `final`: pushing again would be refused again; the text is kept aside.
 */
export type Verdict = 'again' | 'resync' | 'final';

const verdicts: Partial<Record<ErrorCode, Verdict>> = {
  'live.storageFailed': 'again',
  'rate.limited': 'again',
  'server.stopping': 'again',
  'hub.unreachable': 'again',
  // The connection ends with the session; the next one brings a fresh token.
  'session.missing': 'again',
  'session.expired': 'again',
  internal: 'again',
  'live.notJoined': 'resync',
  'live.clockGap': 'resync',
  'live.unknownReference': 'resync',
  // Edits of many earlier tabs: a join binds the next of their client ids.
  'live.foreignClient': 'resync',
};

/** A fault of the hub itself may be caused by the very bytes pushed: after so many tries they are set aside. */
const triesForInternal = 6;
/** A join tells all the hub has: what it still refuses after two of them it will refuse for ever. */
const triesForResync = 3;

/** Refusals in a row without any progress in one document, each meaning counted by itself. */
export class RefusalRow {
  /** Of any meaning; 0 after progress. */
  length = 0;
  private faults = 0;
  private disagreements = 0;

  /** One more refusal. @returns what to do about it */
  judge(code: ErrorCode): Verdict {
    const verdict = verdicts[code] ?? 'final';
    this.length++;
    if (code === 'internal' && ++this.faults >= triesForInternal) return 'final';
    if (verdict === 'resync' && ++this.disagreements >= triesForResync) return 'final';
    return verdict;
  }
}

/** Refusals of a join that only a change of rights, of the program or of the name can lift. */
const shut: ReadonlySet<ErrorCode> = new Set([
  'thing.absent',
  'rights.missing',
  'input.invalid',
  'live.malformed',
  'live.protocolUnknown',
  'live.foreignClient',
]);

/** True when joining again soon is of no use; every other refusal passes. */
export function isShut(code: ErrorCode): boolean {
  return shut.has(code);
}

/** True when what the device keeps of the document, and unsent edits to it, have lost their place. */
export function isBarred(code: ErrorCode): boolean {
  return code === 'thing.absent' || code === 'rights.missing';
}
