/** The routes of history: one line a call. */
import { type Route, route } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import { fail } from '#shared/base/errors.ts';
import * as calls from '#shared/history/calls.ts';

/** Every route of the room. */
export function historyRoutes(_hub: Hub): Route[] {
  const absent = () => fail('thing.absent');
  return [
    route(calls.listChanges, absent),
    route(calls.readMoment, absent),
    route(calls.readRange, absent),
    route(calls.listVersions, absent),
    route(calls.nameVersion, absent),
    route(calls.renameVersion, absent),
    route(calls.removeVersion, absent),
  ];
}
