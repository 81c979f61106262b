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

/** Where on one's own page stands what this device alone has. */
export const keptAnchor = 'kept';

/** Address of that place. */
export const keptPath = `${pathPatterns.me}#${keptAnchor}`;

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

/** What travels to sign-in and to the making of a company: where to go afterwards, and the address to fill in. */
export interface ArrivalState {
  back: string;
  email?: string;
}

/**
 * The place to return to after signing in. It travels in the history's state, never in an address: it may hold the
 * secret of an invitation, and an address is sent to the server at a reload.
 * @returns '/' for anything that is not a path of this site
 */
export function backPath(state: unknown): string {
  const back = textOf(state, 'back');
  const local = back.startsWith('/') && !/^\/[/\\]/.test(back) && !/[\p{Cc}\\]/u.test(back);
  return local && !back.startsWith(pathPatterns.signIn) ? back : '/';
}

/** The address of mail that an arrival brings along; '' when it brings none. */
export function arrivalEmail(state: unknown): string {
  return textOf(state, 'email');
}

function textOf(state: unknown, name: string): string {
  const value = typeof state === 'object' && state !== null ? Reflect.get(state, name) : undefined;
  return typeof value === 'string' ? value : '';
}
