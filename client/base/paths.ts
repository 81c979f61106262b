/** Every address of the client: patterns for the router, builders for links. Secrets stand only in fragments. */

/** Route patterns as the router reads them. */
export const pathPatterns = {
  home: '/',
  signIn: '/sign-in',
  createCompany: '/create-company',
  join: '/join',
  invitation: '/invitation',
  invitePartner: '/invite-partner',
  relationship: '/r/:relationshipId',
  plans: '/r/:relationshipId/plans',
  plan: '/r/:relationshipId/plans/:planId',
  company: '/company',
  me: '/me',
} as const;

/** Address of a workspace's overview. */
export function relationshipPath(relationshipId: string): string {
  return `/r/${relationshipId}`;
}

/** Address of a workspace's list of plans. */
export function plansPath(relationshipId: string): string {
  return `/r/${relationshipId}/plans`;
}

/** Address of one plan. */
export function planPath(relationshipId: string, planId: string): string {
  return `/r/${relationshipId}/plans/${planId}`;
}

/** Address of the sign-in page that returns to `back` afterwards; a home return is left out. */
export function signInPath(back: string): string {
  return back === '/' ? pathPatterns.signIn : `${pathPatterns.signIn}?${new URLSearchParams({ back })}`;
}

/**
 * The place to return to after signing in, from the `back` of the address.
 * @returns '/' for anything that is not a path of this site, so that no link can send a visitor elsewhere
 */
export function backPath(search: string): string {
  const back = new URLSearchParams(search).get('back') ?? '/';
  const local = back.startsWith('/') && !/^\/[/\\]/.test(back) && !/[\p{Cc}\\]/u.test(back);
  return local && !back.startsWith(pathPatterns.signIn) ? back : '/';
}
