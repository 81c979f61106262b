/** Which workspace the address names. */
import { useLocation } from 'react-router';

/** The id after `/r/`, also for parts of the frame that stand outside the page's own route; null elsewhere. */
export function useWorkspaceId(): string | null {
  const { pathname } = useLocation();
  return /^\/r\/([^/]+)/.exec(pathname)?.[1] ?? null;
}
