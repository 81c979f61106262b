/** The routes of history: one line a call. */
import { type Route, route } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import { listChanges } from '#server/history/changes.ts';
import { nameVersion, removeVersion, renameVersion } from '#server/history/commands.ts';
import { readMoment, readRange } from '#server/history/moments.ts';
import { Pasts } from '#server/history/pasts.ts';
import { listVersions } from '#server/history/queries.ts';
import { ReadingTurns } from '#server/history/reading-turns.ts';
import { fail } from '#shared/base/errors.ts';
import * as calls from '#shared/history/calls.ts';

/** Every route of the room. */
export function historyRoutes(hub: Hub): Route[] {
  const turns = new ReadingTurns();
  const archive = () => (hub.live ?? fail('server.stopping')).archive;
  const pasts = new Pasts({
    entriesAfter: (...asked) => archive().entriesAfter(...asked),
    numberAt: (...asked) => archive().numberAt(...asked),
    listCuts: (...asked) => archive().listCuts(...asked),
  });
  return [
    route(calls.listChanges, (input, { actor }) => turns.run(actor, () => listChanges(hub, actor, input))),
    route(calls.readMoment, (input, { actor }) =>
      turns.run(actor, () => readMoment(hub, pasts, actor, input)),
    ),
    route(calls.readRange, (input, { actor }) => turns.run(actor, () => readRange(hub, actor, input))),
    route(calls.listVersions, (input, { actor }) => listVersions(hub, actor, input)),
    route(calls.nameVersion, (input, { actor }) => nameVersion(hub, actor, input)),
    route(calls.renameVersion, (input, { actor }) => renameVersion(hub, actor, input)),
    route(calls.removeVersion, (input, { actor }) => removeVersion(hub, actor, input)),
  ];
}
