// The one error of the engine: carries the code, name and labels a MongoDB server would answer with.

const NAMES = {
  1: 'InternalError',
  2: 'BadValue',
  4: 'NoSuchKey',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  17: 'ProtocolError',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  39: 'FileStreamFailed',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  55: 'InvalidDBRef',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  79: 'UnknownReplWriteConcern',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  100: 'UnsatisfiableWriteConcern',
  112: 'WriteConflict',
  115: 'CommandNotSupported',
  121: 'DocumentValidationFailure',
  161: 'IncompatibleCollationVersion',
  168: 'InvalidPipelineOperator',
  146: 'ExceededMemoryLimit',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  197: 'InvalidIndexSpecificationOption',
  206: 'NoSuchSession',
  225: 'TransactionTooOld',
  241: 'ConversionFailure',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  263: 'OperationNotSupportedInTransaction',
  276: 'IndexBuildAborted',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  301: 'DataCorruptionDetected',
  334: 'MechanismUnavailable',
  352: 'UnsupportedOpQueryCommand',
  322: 'APIVersionError',
  323: 'APIStrictError',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  12587: 'BackgroundOperationInProgressForNamespace',
  11600: 'InterruptedAtShutdown',
  11601: 'Interrupted',
  11602: 'InterruptedDueToReplStateChange',
  10107: 'NotWritablePrimary',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
  14031: 'OutOfDiskSpace',
} as const;

/** A code of the server's error table with a name; other codes are answered as `Location<code>`. */
export type ErrorCode = keyof typeof NAMES | (number & {});

/** What an error may carry besides code and text: extra reply fields (11000: keyPattern, keyValue), labels, and the
 *  failure below it, which is never answered. */
export interface ErrorDetails {
  readonly cause?: unknown;
  readonly fields?: ReadonlyMap<string, unknown>;
  readonly labels?: readonly string[];
}

/** A refusal with a MongoDB server's code; everything thrown on purpose inside the engine is one of these. */
export class DatabaseError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly fields: ReadonlyMap<string, unknown> | undefined;
  readonly labels: readonly string[];
  /** True when the labels were given, even none of them; otherwise the code decides. */
  readonly isLabelled: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DatabaseError';
    this.code = code;
    this.codeName = (NAMES as Record<number, string>)[code] ?? `Location${code}`;
    this.fields = details.fields;
    this.labels = details.labels ?? [];
    this.isLabelled = details.labels !== undefined;
  }

  /** The same refusal, told with what was going on, as the server words it. */
  within(activity: string): DatabaseError {
    const { code, fields, labels } = this;
    const text = `${activity} :: caused by :: ${this.message}`;
    return new DatabaseError(code, text, { labels, cause: this, ...(fields && { fields }) });
  }
}

/** Answer for an option or operator outside the engine's scope: code 115, never silently ignored. */
export function notSupported(what: string): DatabaseError {
  return new DatabaseError(115, `${what} is not supported by the embedded database`);
}
