/** Reads of people through the cache, and how answers are put into it. */
import { useQuery } from '@tanstack/react-query';
import { cache } from '#client/base/cache.ts';
import { callHub } from '#client/base/http.ts';
import { listColleagueInvitations, listMembers, listSessions } from '#shared/people/calls.ts';
import type { Member } from '#shared/people/shape.ts';

const membersKey = ['people', 'members'] as const;
const invitationsKey = ['people', 'invitations'] as const;
const sessionsKey = ['people', 'sessions'] as const;

/** Members of one's own company, by name; removed ones stay in the list as not active. */
export function useMembers() {
  return useQuery({ queryKey: membersKey, queryFn: () => callHub(listMembers, {}) });
}

/** Open invitations of colleagues, newest first; only admins may ask. */
export function useColleagueInvitations(mayAsk: boolean) {
  return useQuery({
    queryKey: invitationsKey,
    queryFn: () => callHub(listColleagueInvitations, {}),
    enabled: mayAsk,
  });
}

/** One's own sign-ins, asked anew at each visit. */
export function useSessions() {
  return useQuery({ queryKey: sessionsKey, queryFn: () => callHub(listSessions, {}), staleTime: 0 });
}

/** Puts a changed member into the list. */
export function applyMember(member: Member): void {
  cache.setQueryData<Member[]>(membersKey, (list) =>
    list?.map((before) => (before.id === member.id ? member : before)),
  );
}

/** Asks again for members, invitations or sessions after a change that does not answer with the thing itself. */
export function refreshPeople(what: 'members' | 'invitations' | 'sessions'): Promise<void> {
  return cache.invalidateQueries({ queryKey: ['people', what] });
}
