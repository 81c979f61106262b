/** Clock poison and foreign client ids over real sockets: none is taken, and the victim writes on after each. */
import { expect, test } from 'vitest';
import { createId } from '#shared/base/ids.ts';
import { isRefusal } from '#shared/base/live.ts';
import { startLiveHub } from '#tests/support/live-hub.ts';
import { openTab } from '#tests/support/live-tab.ts';
import {
  type ClientBytes,
  deletedItem,
  garbage,
  skip,
  textItem,
  updateOf,
} from '#tests/support/update-bytes.ts';

/** What an attacker knows: everything but the victim's session. */
interface Target {
  victim: number;
  /** The victim's next clock. */
  clock: number;
  own: number;
  /** A number that differs from poison to poison. */
  round: number;
}

type Poison = (target: Target) => Uint8Array;

const at = (client: number, clock: number, structs: ClientBytes['structs']) =>
  updateOf([{ client, clock, structs }]);

/** The attacker has written nothing: clock 0 is their next. */
const poisons: Record<string, Poison> = {
  'the victim’s clock driven to 2^40': ({ victim, clock, round }) =>
    at(victim, clock, [garbage(2 ** 40 - round)]),
  'a collected struct as long as the next edit': ({ victim, clock }) => at(victim, clock, [garbage(1)]),
  'the victim’s past collected and more': ({ victim, clock }) => at(victim, 0, [garbage(clock + 5)]),
  'text in the victim’s name': ({ victim, clock, round }) => at(victim, clock, [textItem(`evil ${round}`)]),
  'text behind a hole in the victim’s clock': ({ victim, clock, round }) =>
    at(victim, clock + round, [textItem('evil')]),
  'a hole in the victim’s name': ({ victim, clock }) => at(victim, clock, [skip(9), textItem('evil')]),
  'deleted content in the victim’s name': ({ victim, clock, round }) =>
    at(victim, clock, [deletedItem(round)]),
  'a deletion of what the victim has yet to write': ({ victim, clock, round }) =>
    updateOf([], [[victim, clock, round]]),
  'one’s own text with the victim’s behind it': ({ victim, clock, own }) =>
    updateOf([
      { client: own, structs: [textItem('mine')] },
      { client: victim, clock, structs: [textItem('evil')] },
    ]),
  'one’s own clock driven far': ({ own, round }) => at(own, 0, [garbage(2 ** 41 + round)]),
  'one’s own clock behind a hole': ({ own, round }) => at(own, round, [textItem('evil')]),
  'an id that is nobody’s': ({ round }) => at(0x7fff_0000 + round, 0, [textItem('evil')]),
  'one’s own text upon what the victim has yet to write': ({ victim, clock, own }) =>
    at(own, 0, [textItem('evil', { origin: [victim, clock] })]),
};

const trials = 1_000;

test('[LV12] of a thousand poisons none is taken, and after each the victim’s next edit lands', async () => {
  const hub = await startLiveHub({ paces: { refusalsBeforeCut: 2 * trials } });
  try {
    const document = `test/${createId()}`;
    const enter = async (name: string) => {
      const { token, actor } = hub.addPerson(name);
      hub.setRight(document, actor.memberId, {});
      const tab = await openTab(hub, token);
      await tab.enter(document);
      return { tab, memberId: actor.memberId };
    };
    const [ada, eve] = [await enter('Ada'), await enter('Eve')];
    const [victim, own] = [ada.tab.doc.clientID, eve.tab.doc.clientID];
    const kinds = Object.values(poisons);
    for (let round = 1; round <= trials; round += 1) {
      const poison = kinds[round % kinds.length]?.({ victim, clock: round - 1, own, round });
      const refused = await eve.tab.push(document, poison);
      expect(isRefusal(refused) && refused.code).toMatch(
        /^live\.(foreignClient|clockGap|unknownReference|malformed)$/,
      );
      ada.tab.doc.getText('t').insert(0, 'a');
      const [edit] = ada.tab.edits.splice(0);
      expect(await ada.tab.push(document, edit)).toEqual({ ok: true, seq: round });
      hub.time.advance(20);
    }
    const log = await hub.storage.entriesAfter(document, 0, 2 * trials);
    expect(log.map(({ memberId }) => memberId)).toEqual(Array.from({ length: trials }, () => ada.memberId));
    const reader = await enter('Rea');
    expect(reader.tab.doc.getText('t').toString()).toBe('a'.repeat(trials));
    // The attacker has lost nothing either: their own next edit is taken.
    eve.tab.doc.getText('t').insert(0, 'e');
    expect(await eve.tab.pushEdits(document)).toBe(trials + 1);
  } finally {
    await hub.stop();
  }
});
