/** Routes of people: one line per call. */
import { type CallContext, type Route, route } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import { changeName, changePassword, createCompany, signIn } from '#server/people/commands.ts';
import {
  acceptColleagueInvitation,
  inviteColleague,
  listColleagueInvitations,
  readColleagueInvitation,
  revokeColleagueInvitation,
} from '#server/people/invitations.ts';
import { changeMemberRole, removeMember } from '#server/people/members.ts';
import { getMe, listMembers, listSessions } from '#server/people/queries.ts';
import { endSessions, findOwnSession, type OpenedSession, rotateSession } from '#server/people/sessions.ts';
import { fail } from '#shared/base/errors.ts';
import * as calls from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';

/** Every call of people. */
export function peopleRoutes(hub: Hub): Route[] {
  return [...accountRoutes(hub), ...sessionRoutes(hub), ...colleagueRoutes(hub)];
}

/** Puts the refresh cookie beside the answer. */
function answerSignedIn(context: CallContext, opened: OpenedSession): SignedIn {
  context.keepRefreshToken(opened.refreshToken, opened.refreshUntil);
  return opened.signedIn;
}

function accountRoutes(hub: Hub): Route[] {
  return [
    route(calls.createCompany, async (input, context) =>
      answerSignedIn(context, await createCompany(hub, input, context.device)),
    ),
    route(calls.signIn, async (input, context) =>
      answerSignedIn(context, await signIn(hub, input, context.device)),
    ),
    route(calls.getMe, (_input, { actor }) => getMe(hub, actor)),
    route(calls.changeName, (input, { actor }) => changeName(hub, actor, input)),
    route(calls.changePassword, async (input, { actor }) => {
      await changePassword(hub, actor, input);
      return {};
    }),
  ];
}

function sessionRoutes(hub: Hub): Route[] {
  return [
    route(calls.refreshSession, async (_input, context) => {
      const opened = await rotateSession(hub, context.refreshToken);
      if (opened !== null) return answerSignedIn(context, opened);
      if (context.refreshToken !== null) context.dropRefreshToken();
      return null;
    }),
    route(calls.signOut, async (_input, context) => {
      const sessionId = await findOwnSession(hub, context.refreshToken);
      if (sessionId !== null) await endSessions(hub, { _id: sessionId });
      context.dropRefreshToken();
      return {};
    }),
    route(calls.listSessions, (_input, { actor }) => listSessions(hub, actor)),
    route(calls.endSession, async (input, { actor }) => {
      const ended = await endSessions(hub, { _id: input.sessionId, memberId: actor.memberId });
      return ended > 0 ? {} : fail('thing.absent');
    }),
  ];
}

function colleagueRoutes(hub: Hub): Route[] {
  return [
    route(calls.listMembers, (_input, { actor }) => listMembers(hub, actor)),
    route(calls.changeMemberRole, (input, { actor }) => changeMemberRole(hub, actor, input)),
    route(calls.removeMember, async (input, { actor }) => {
      await removeMember(hub, actor, input);
      return {};
    }),
    route(calls.inviteColleague, (input, { actor }) => inviteColleague(hub, actor, input)),
    route(calls.listColleagueInvitations, (_input, { actor }) => listColleagueInvitations(hub, actor)),
    route(calls.revokeColleagueInvitation, async (input, { actor }) => {
      await revokeColleagueInvitation(actor, input);
      return {};
    }),
    route(calls.readColleagueInvitation, (input) => readColleagueInvitation(hub, input)),
    route(calls.acceptColleagueInvitation, async (input, context) =>
      answerSignedIn(context, await acceptColleagueInvitation(hub, input, context.device)),
    ),
  ];
}
