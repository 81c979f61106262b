/** What a room gives to the server; `server/rooms.ts` lists them in order and nothing else knows them all. */

import type { Route } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import type { LiveKind, LiveSubject } from '#server/base/live/kind.ts';

/** One feature room on the server. */
export interface ServerRoom {
  name: string;
  routes(hub: Hub): Route[];
  liveKinds?(hub: Hub): LiveKind[];
  liveSubjects?(hub: Hub): LiveSubject[];
  /** Moments somebody named of a subject such as `plan/<planId>`: the log stays exact at them. */
  keptMoments?(subject: string): Promise<readonly Date[]>;
}
