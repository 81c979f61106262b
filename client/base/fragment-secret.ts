/** The secret of an invitation's link: it stands in the fragment, which browsers never send to a server. */
import { useLocation } from 'react-router';
import { secretShape } from '#shared/people/shape.ts';

/** @returns null when the fragment holds no secret of the right form */
export function useFragmentSecret(): string | null {
  const { hash } = useLocation();
  const parsed = secretShape.safeParse(hash.slice(1));
  return parsed.success ? parsed.data : null;
}
