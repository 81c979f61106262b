/** The one catalogue of errors: the same codes over HTTP and socket; the client turns codes into words. */

/** Every refusal the hub can give, with its HTTP status. Rooms append their block; order is not significant. */
export const errorCatalogue = {
  // base
  'input.invalid': 400,
  'input.tooLarge': 413,
  'session.missing': 401,
  'session.expired': 401,
  'origin.refused': 403,
  'rights.missing': 403,
  'thing.absent': 404,
  'rate.limited': 429,
  'server.stopping': 503,
  /** Never sent: what the client says when no answer of the hub came. */
  'hub.unreachable': 503,
  internal: 500,
  // people
  'people.signInRefused': 401,
  'people.addressTaken': 409,
  'people.passwordWeak': 400,
  'people.invitationInvalid': 410,
  'people.lastAdmin': 409,
  // partners
  'partners.invitationInvalid': 410,
  'partners.ownCompany': 409,
  'partners.alreadyPartners': 409,
  'partners.wrongState': 409,
  // history
  'history.versionsFull': 409,
  'history.newLife': 409,
  // plans
  'plans.wrongState': 409,
  // live
  'live.malformed': 400,
  'live.protocolUnknown': 400,
  'live.tooLarge': 413,
  'live.documentFull': 413,
  'live.notJoined': 409,
  'live.readOnly': 403,
  'live.quarantined': 403,
  'live.foreignClient': 403,
  'live.clockGap': 409,
  'live.unknownReference': 409,
  'live.encodingRefused': 400,
  'live.tooDeep': 400,
  'live.storageFailed': 503,
  'live.historyReplaced': 409,
  'live.superseded': 409,
  // grids: reasons for single cells of a patch
  'grid.cellUnknown': 404,
  'grid.rowForeign': 403,
  'grid.bucketClosed': 409,
  'grid.valueRefused': 400,
  'grid.full': 413,
} as const;

/** A code of the catalogue, for instance `thing.absent`. */
export type ErrorCode = keyof typeof errorCatalogue;

/** How a refusal travels: `details` names fields or limits, never values of others; `logId` only for `internal`. */
export interface ErrorBody {
  code: ErrorCode;
  details?: Record<string, string | number>;
  logId?: string;
}

/** The only error that may leave a handler as itself; everything else becomes `internal` with a log id. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, string | number> | undefined;

  constructor(code: ErrorCode, details?: Record<string, string | number>) {
    super(code);
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }

  /** The HTTP status of this code. */
  get status(): number {
    return errorCatalogue[this.code];
  }

  /** The body as sent; no stack, no cause. */
  toBody(): ErrorBody {
    return this.details === undefined ? { code: this.code } : { code: this.code, details: this.details };
  }
}

/** Throws the named refusal. `thing.absent` also stands for "belongs to another company". */
export function fail(code: ErrorCode, details?: Record<string, string | number>): never {
  throw new AppError(code, details);
}

/** True for a code of the catalogue; used on what comes over the wire. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCatalogue, value);
}
