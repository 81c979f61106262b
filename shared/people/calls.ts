/** The HTTP contract of people. */
import { z } from 'zod';
import { defineCall } from '#shared/base/call.ts';
import { idShape } from '#shared/base/ids.ts';
import {
  colleagueInvitationShape,
  companyRoleShape,
  emailShape,
  memberShape,
  meShape,
  nameShape,
  passwordShape,
  secretShape,
  sessionShape,
  signedInShape,
} from '#shared/people/shape.ts';

const nothing = z.strictObject({});

/** Makes a company with its first admin and signs them in. @throws people.addressTaken, people.passwordWeak */
export const createCompany = defineCall({
  name: 'people.createCompany',
  method: 'POST',
  path: '/api/people/companies',
  access: 'anyone',
  pace: 'strict',
  input: z.strictObject({
    companyName: nameShape,
    name: nameShape,
    email: emailShape,
    password: passwordShape,
  }),
  output: signedInShape,
});

/** Signs in; the refresh cookie is set beside the answer. @throws people.signInRefused for any wrong part */
export const signIn = defineCall({
  name: 'people.signIn',
  method: 'POST',
  path: '/api/people/sign-in',
  access: 'anyone',
  pace: 'strict',
  input: z.strictObject({ email: emailShape, password: z.string().max(256) }),
  output: signedInShape,
});

/** Trades the refresh cookie for a new access token and a new cookie; null when there is no session. */
export const refreshSession = defineCall({
  name: 'people.refreshSession',
  method: 'POST',
  path: '/api/people/refresh',
  access: 'anyone',
  input: nothing,
  output: signedInShape.nullable(),
});

/** Ends this session and clears the cookie; also succeeds without one. */
export const signOut = defineCall({
  name: 'people.signOut',
  method: 'POST',
  path: '/api/people/sign-out',
  access: 'anyone',
  input: nothing,
  output: nothing,
});

export const getMe = defineCall({
  name: 'people.getMe',
  method: 'GET',
  path: '/api/people/me',
  access: 'member',
  input: nothing,
  output: meShape,
});

/** Renames oneself. */
export const changeName = defineCall({
  name: 'people.changeName',
  method: 'PATCH',
  path: '/api/people/me',
  access: 'member',
  input: z.strictObject({ name: nameShape }),
  output: meShape,
});

/** Changes the password and ends every other session. @throws people.signInRefused on a wrong current one */
export const changePassword = defineCall({
  name: 'people.changePassword',
  method: 'POST',
  path: '/api/people/me/password',
  access: 'member',
  pace: 'strict',
  input: z.strictObject({ current: z.string().max(256), next: passwordShape }),
  output: nothing,
});

export const listSessions = defineCall({
  name: 'people.listSessions',
  method: 'GET',
  path: '/api/people/me/sessions',
  access: 'member',
  input: nothing,
  output: z.array(sessionShape),
});

/** Ends one of one's own sessions. @throws thing.absent */
export const endSession = defineCall({
  name: 'people.endSession',
  method: 'DELETE',
  path: '/api/people/me/sessions/:sessionId',
  access: 'member',
  input: z.strictObject({ sessionId: idShape }),
  output: nothing,
});

/** Members of one's own company, by name. */
export const listMembers = defineCall({
  name: 'people.listMembers',
  method: 'GET',
  path: '/api/people/members',
  access: 'member',
  input: nothing,
  output: z.array(memberShape),
});

/** Changes the role of a colleague; admins only. @throws people.lastAdmin */
export const changeMemberRole = defineCall({
  name: 'people.changeMemberRole',
  method: 'PATCH',
  path: '/api/people/members/:memberId',
  access: 'member',
  input: z.strictObject({ memberId: idShape, role: companyRoleShape }),
  output: memberShape,
});

/** Removes a colleague: sessions end at once, authorship stays; admins only. @throws people.lastAdmin */
export const removeMember = defineCall({
  name: 'people.removeMember',
  method: 'DELETE',
  path: '/api/people/members/:memberId',
  access: 'member',
  input: z.strictObject({ memberId: idShape }),
  output: nothing,
});

/** Invites a colleague by address; admins only. `link` is null when the mail was sent by the server. */
export const inviteColleague = defineCall({
  name: 'people.inviteColleague',
  method: 'POST',
  path: '/api/people/invitations',
  access: 'member',
  pace: 'strict',
  input: z.strictObject({ email: emailShape, role: companyRoleShape }),
  output: z.strictObject({ invitation: colleagueInvitationShape, link: z.string().nullable() }),
});

/** Open invitations of one's own company, newest first; admins only. */
export const listColleagueInvitations = defineCall({
  name: 'people.listColleagueInvitations',
  method: 'GET',
  path: '/api/people/invitations',
  access: 'member',
  input: nothing,
  output: z.array(colleagueInvitationShape),
});

export const revokeColleagueInvitation = defineCall({
  name: 'people.revokeColleagueInvitation',
  method: 'DELETE',
  path: '/api/people/invitations/:invitationId',
  access: 'member',
  input: z.strictObject({ invitationId: idShape }),
  output: nothing,
});

/** What a colleague's invitation link offers. @throws people.invitationInvalid: unknown, used, expired, revoked */
export const readColleagueInvitation = defineCall({
  name: 'people.readColleagueInvitation',
  method: 'POST',
  path: '/api/people/invitations/read',
  access: 'anyone',
  pace: 'strict',
  input: z.strictObject({ secret: secretShape }),
  output: z.strictObject({ companyName: nameShape, invitedBy: nameShape, email: z.string() }),
});

/** Joins the company that invited; the address is the invitation's. */
export const acceptColleagueInvitation = defineCall({
  name: 'people.acceptColleagueInvitation',
  method: 'POST',
  path: '/api/people/invitations/accept',
  access: 'anyone',
  pace: 'strict',
  input: z.strictObject({ secret: secretShape, name: nameShape, password: passwordShape }),
  output: signedInShape,
});
