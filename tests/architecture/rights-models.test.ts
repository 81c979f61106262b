/** Every model of a room is one that rights hang on, or named here as one that they do not. */
import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { isGuarded } from '#server/base/rights-revision.ts';
import { rooms } from '#server/rooms.ts';
import { readProject, sourcesOf } from '#tests/support/project-files.ts';

/** Nothing in these decides who may read or write a live document, or who somebody is. */
const without = new Set(['ColleagueInvitation', 'PartnerInvitation', 'Version', 'Demo']);
/** The ground floor's own: the outbox, the log, the revision itself. */
const ofBase = /^(WaitingEvent|RightsRevision|Live[A-Z]\w*)$/;

test('[LV76] a model of a room is guarded, or said to have nothing to do with rights', () => {
  expect(rooms.length).toBeGreaterThan(0);
  const models = mongoose.modelNames().filter((name) => !ofBase.test(name));
  const undecided = models.filter((name) => isGuarded(mongoose.model(name)) === without.has(name));
  expect(undecided).toEqual([]);
  expect(models).toEqual(
    expect.arrayContaining(['Session', 'Member', 'Participant', 'Relationship', 'Plan']),
  );
});

test('[LV76] no room writes past the guard of its models', () => {
  const past = sourcesOf(readProject()).filter(
    ({ path, text }) =>
      rooms.some(({ name }) => path.startsWith(`server/${name}/`)) &&
      !path.endsWith('.test.ts') &&
      /\b(Model\.collection\b|\.bulkWrite\(|middleware: false|connection\.(db|collection)\b)/.test(text),
  );
  expect(past.map(({ path }) => path)).toEqual([]);
});
