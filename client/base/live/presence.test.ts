/** Presence of one tab, and the form editors read it in. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { isIdle, Presence } from '#client/base/live/presence.ts';
import { type AwarenessChange, PresenceAwareness } from '#client/base/live/presence-awareness.ts';
import type { Place, PresentPerson } from '#shared/base/live.ts';
import { ManualClock } from '#tests/live/manual-clock.ts';

const ownId = 1;

function person(clientId: number, place: Place | null = null): PresentPerson {
  return {
    clientId,
    memberId: '0'.repeat(20),
    name: `P${clientId}`,
    companyName: 'Co',
    side: 'supplier',
    place,
  };
}

function setUp() {
  const clock = new ManualClock();
  const sent: (Place | null)[] = [];
  let awareness: PresenceAwareness | null = null;
  const presence = new Presence({
    clock,
    send: (place) => sent.push(place),
    changed: () => awareness?.peopleChanged(),
  });
  const doc = new Y.Doc();
  doc.clientID = ownId;
  awareness = new PresenceAwareness(doc, presence);
  const changes: AwarenessChange[] = [];
  awareness.on('change', (change) => changes.push(change));
  return { clock, sent, presence, doc, awareness, changes };
}

describe('places', () => {
  test('[LV48] a place goes out at once, then at most every 100 ms, the last one always', () => {
    const { clock, sent, presence } = setUp();
    presence.start([], ownId);
    for (let row = 1; row <= 50; row++) {
      presence.setPlace({ row });
      clock.advance(10);
    }
    expect(sent).toHaveLength(6);
    clock.advance(100);
    expect(sent.at(-1)).toEqual({ row: 50 });
    clock.advance(1_000);
    expect(sent).toHaveLength(6);
  });

  test('[LV125] of a crowd it is known how many more there are than are named', () => {
    const { presence, changes } = setUp();
    presence.start([person(ownId)], ownId);
    presence.hear({ document: 'test/x', came: [person(2), person(3)], present: 90 });
    expect([presence.people.length, presence.unnamed]).toEqual([2, 87]);
    presence.hear({ document: 'test/x', came: [person(ownId)], left: [3], present: 89 });
    expect([presence.people.length, presence.unnamed]).toEqual([1, 87]);
    presence.hear({ document: 'test/x', came: [person(4)], present: 0 });
    expect([presence.people.length, presence.unnamed]).toEqual([2, 0]);
    presence.hear({ document: 'test/x', left: [4] });
    expect(presence.unnamed).toBe(0);
    expect(changes.length).toBeGreaterThan(0);
  });

  test('[LV48] without a connection nothing is sent, and the place is told at the next join', () => {
    const { sent, presence } = setUp();
    presence.setPlace({ row: 3 });
    expect(sent).toEqual([]);
    presence.start([], ownId);
    expect(sent).toEqual([{ row: 3 }]);
  });

  test('[LV48] idle is told with the place, and taken back', () => {
    const { clock, sent, presence } = setUp();
    presence.start([], ownId);
    presence.setPlace({ row: 3 });
    clock.advance(200);
    presence.setIdle(true);
    clock.advance(200);
    presence.setIdle(false);
    expect(sent).toEqual([{ row: 3 }, { row: 3, idle: true }, { row: 3 }]);
    expect(isIdle(person(2, { idle: true }))).toBe(true);
    expect(isIdle(person(2))).toBe(false);
  });

  test('[LV48] a tab that is hidden for good is nowhere, and back where it was when shown again', () => {
    const { clock, sent, presence } = setUp();
    presence.start([], ownId);
    presence.setPlace({ row: 3 });
    clock.advance(200);
    presence.hide();
    presence.tellAgain();
    expect(sent).toEqual([{ row: 3 }, null, { row: 3 }]);
  });
});

describe('people', () => {
  test('[LV48] everyone but oneself is shown, as they come, move and leave', () => {
    const { presence } = setUp();
    presence.start([person(ownId), person(2)], ownId);
    presence.hear({ document: 'd', came: [person(3)], moved: [[2, { row: 1 }]] });
    expect(presence.people).toEqual([person(2, { row: 1 }), person(3)]);
    presence.hear({ document: 'd', left: [2], moved: [[9, null]] });
    expect(presence.people).toEqual([person(3)]);
  });

  test('[LV48] one who reconnects within a turn stays, with the new place', () => {
    const { presence } = setUp();
    presence.start([person(2, { row: 1 })], ownId);
    presence.hear({ document: 'd', left: [2], came: [person(2)] });
    expect(presence.people).toEqual([person(2)]);
  });

  test('[LV48] nobody is shown after the connection is gone', () => {
    const { presence } = setUp();
    presence.start([person(2)], ownId);
    presence.stop();
    expect(presence.people).toEqual([]);
    presence.hear({ document: 'd', came: [person(3)] });
    expect(presence.people).toEqual([]);
  });
});

describe('what editors read', () => {
  const text = new Y.Doc().getText('t');
  const position = JSON.parse(JSON.stringify(Y.createRelativePositionFromTypeIndex(text, 0))) as object;

  test('[LV53] carets of others carry the stamped name and the side’s colour', () => {
    const { presence, awareness, changes } = setUp();
    presence.start([person(2, { caret: { anchor: position, head: position } })], ownId);
    expect(awareness.getStates().get(2)).toMatchObject({
      user: { name: 'P2', side: 'supplier', color: '#b8500c' },
      cursor: { anchor: position, head: position },
    });
    expect(changes).toEqual([{ added: [2], updated: [], removed: [] }]);
    presence.hear({ document: 'd', moved: [[2, null]] });
    expect(awareness.getStates().get(2)).toMatchObject({ cursor: null });
    presence.hear({ document: 'd', left: [2] });
    expect([...awareness.getStates().keys()]).toEqual([ownId]);
    expect(changes.slice(1)).toEqual([
      { added: [], updated: [2], removed: [] },
      { added: [], updated: [], removed: [2] },
    ]);
  });

  test('[LV53] the own caret goes out beside the rest of the place; a name of one’s own choosing does not', () => {
    const { clock, sent, presence, awareness } = setUp();
    presence.start([], ownId);
    presence.setPlace({ task: 'a' });
    clock.advance(200);
    awareness.setLocalStateField('user', { name: 'Somebody else', color: '#ffffff' });
    const caret = { anchor: position, head: position };
    awareness.setLocalStateField('cursor', caret);
    clock.advance(200);
    awareness.setLocalStateField('cursor', null);
    expect(sent).toEqual([{ task: 'a' }, { task: 'a', caret }, { task: 'a' }]);
    expect(awareness.getLocalState()).toMatchObject({ cursor: null });
  });

  test.each([
    ['text', 'caret'],
    ['a negative clock', { anchor: { item: { client: 1, clock: -1 } }, head: position }],
    ['a missing end', { anchor: position }],
    ['a client that is no number', { anchor: { type: { client: 'x', clock: 0 } }, head: position }],
  ])('[LV53] a caret that no editor can resolve is left out: %s', (_name, caret) => {
    const { presence, awareness } = setUp();
    presence.start([person(2, { caret })], ownId);
    expect(awareness.getStates().get(2)).toMatchObject({ cursor: null });
  });

  test('[LV53] after destroy nothing is told or sent', () => {
    const { sent, presence, awareness, changes } = setUp();
    presence.start([], ownId);
    awareness.destroy();
    awareness.setLocalStateField('cursor', { anchor: position, head: position });
    presence.hear({ document: 'd', came: [person(2)] });
    expect(awareness.getLocalState()).toBe(null);
    expect(sent).toEqual([]);
    expect(changes).toEqual([]);
  });
});
