/** The cache of lists and things read by HTTP; live documents never pass through it. */
import { QueryClient } from '@tanstack/react-query';
import { AppError } from '#shared/base/errors.ts';

const firmCodes = new Set([
  'thing.absent',
  'rights.missing',
  'session.missing',
  'session.expired',
  'input.invalid',
]);

/** Refusals stand; only failures of the way are tried again. */
function mayRetry(failures: number, error: Error): boolean {
  return failures < 2 && !(error instanceof AppError && firmCodes.has(error.code));
}

/** The one cache of this tab; events of the rooms keep it fresh, so nothing is asked again on focus. */
export const cache = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 60_000, retry: mayRetry, refetchOnWindowFocus: false, refetchOnReconnect: true },
  },
});
