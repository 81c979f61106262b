/** Who is acting: always made by the server from a live session, never from what a client says. */
import type { CompanyRole } from '#shared/people/shape.ts';

/** One signed-in person. All ids are the server's; `name` and `companyName` are as of the last look at the session. */
export interface Actor {
  sessionId: string;
  memberId: string;
  name: string;
  companyId: string;
  companyName: string;
  role: CompanyRole;
}
