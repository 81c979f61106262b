/** The room demo on the server: two made-up companies to look around in; it stands to the right of all others. */
import { route } from '#server/base/http.ts';
import type { ServerRoom } from '#server/base/room.ts';
import { enterDemo } from '#server/demo/commands.ts';
import * as calls from '#shared/demo/calls.ts';

export const demoRoom: ServerRoom = {
  name: 'demo',
  routes: (hub) => [
    route(calls.getDemo, async () => ({ offered: hub.env.demo })),
    route(calls.enterDemo, async ({ side }, context) => {
      const opened = await enterDemo(hub, side, context.device);
      context.keepRefreshToken(opened.refreshToken, opened.refreshUntil);
      return opened.signedIn;
    }),
  ],
};
