// What tells a driver to run its transaction again.
import { DatabaseError } from '../database-error.ts';

/** Label that lets the driver run a transaction again from its start. */
export const TRANSIENT = 'TransientTransactionError';

/** Somebody else has changed what a transaction wants to change: 112. */
export function conflict(): DatabaseError {
  return new DatabaseError(
    112,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    { labels: [TRANSIENT] },
  );
}
