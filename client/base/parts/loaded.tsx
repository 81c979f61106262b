/** Shows what a read brought: waiting rows first, the refusal with Try again if there is one, else the content. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { Waiting } from '#client/base/parts/waiting.tsx';

/** `children` gets the data once it is there; data that was read before stays in view while it is read again. */
export interface LoadedProps<Data> {
  query: UseQueryResult<Data>;
  children: (data: Data) => ReactNode;
}

/** One state at a time, never two loaders on one surface. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  if (query.data !== undefined) {
    return children(query.data);
  }
  return query.isError ? (
    <ErrorBanner error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    <Waiting />
  );
}
