/** Fairness between companies through the real gateway: one company's flood is that company's own. */
import { expect, test, vi } from 'vitest';
import { messagesPerTurn } from '#server/base/live/connection/fair-turns.ts';
import { MessageWrapper } from '#server/base/live/connection/message-wrapper.ts';
import { People } from '#server/base/live/connection/person.ts';
import { createId } from '#shared/base/ids.ts';
import { type LiveHub, startLiveHub } from '#tests/support/live-hub.ts';
import { openTab } from '#tests/support/live-tab.ts';
import { until } from '#tests/support/until.ts';

const endless = { burst: 1_000_000, perSecond: 1_000_000 };
const nothing = { burst: 0, perSecond: 0 };
const document = `test/${createId()}`;

async function tabsOf(hub: LiveHub, companyId: string, count: number) {
  return await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const { token, actor } = hub.addPerson(`Person ${at}`);
      actor.companyId = companyId;
      hub.setRight(document, actor.memberId, {});
      return await openTab(hub, token);
    }),
  );
}

const leave = { document: 'test/x' };

test('[LV78] the people of a company share its pace, which grows with them; another company has its own', async () => {
  const hub = await startLiveHub({
    paces: { messagesOfCompany: { burst: 10, perSecond: 1, forEach: { burst: 5, perSecond: 1 } } },
  });
  const crowd = await tabsOf(hub, createId(), 4);
  const [other] = await tabsOf(hub, createId(), 1);
  // Each of them is far within what one person may.
  hub.time.advance(60_000);
  let answered = 0;
  const asked = crowd.flatMap((tab) =>
    Array.from({ length: 10 }, () => tab.ask('leave', leave).then(() => (answered += 1))),
  );
  await until('what the pace allows', () => answered === 30);
  expect(await other?.ask('leave', leave)).toEqual({ ok: true });
  expect(answered).toBe(30);
  hub.time.advance(1_000);
  await until('what a second allows', () => answered === 35);
  hub.time.advance(1_000);
  await Promise.all(asked);
  await hub.stop();
});

test('[LV78] bytes of a company are counted together too', async () => {
  const hub = await startLiveHub({
    paces: { bytesOfCompany: { burst: 40_000, perSecond: 1_000, forEach: nothing } },
  });
  const crowd = await tabsOf(hub, createId(), 3);
  const [other] = await tabsOf(hub, createId(), 1);
  for (const tab of [...crowd, other]) await tab?.enter(document);
  const update = new Uint8Array(15_000).fill(7);
  const malformed = { ok: false, code: 'live.malformed' };
  const answers: unknown[] = [];
  const asked = crowd.map((tab) => tab.push(document, update).then((answer) => answers.push(answer)));
  await until('what the pace allows', () => answers.length === 2);
  expect(await other?.push(document, update)).toEqual(malformed);
  expect(answers).toEqual([malformed, malformed]);
  hub.time.advance(10_000);
  await Promise.all(asked);
  expect(answers).toEqual([malformed, malformed, malformed]);
  await hub.stop();
});

test('[LV78] a message of another company overtakes a flood that is already here', async () => {
  const hub = await startLiveHub({
    paces: {
      messagesOfSocket: endless,
      messagesOfPerson: endless,
      messagesOfCompany: { ...endless, forEach: nothing },
    },
  });
  const served = vi.spyOn(MessageWrapper.prototype, 'receive');
  try {
    const floodId = createId();
    const crowd = await tabsOf(hub, floodId, 20);
    const [bo] = await tabsOf(hub, createId(), 1);
    served.mockClear();
    const each = 1_000;
    let answered = 0;
    for (const { socket } of crowd) {
      for (let at = 0; at < each; at += 1) {
        socket.emit('leave', leave, () => {
          answered += 1;
        });
      }
    }
    // When this goes out the hub has begun to serve the flood, and most of it lies before it.
    await until('the flood to be served', () => served.mock.calls.length >= messagesPerTurn);
    const before = served.mock.calls.length;
    const asked = bo?.ask('leave', leave);
    expect(await asked).toEqual({ ok: true });
    const place = served.mock.calls.findIndex(([connection]) => connection.actor.companyId !== floodId);
    expect(before).toBeLessThan(crowd.length * each * 0.75);
    expect(place - before).toBeLessThan(0.1 * crowd.length * each);
    // Nobody who was held back is forgotten.
    await until('all of the flood to be answered', () => answered === crowd.length * each);
  } finally {
    served.mockRestore();
    await hub.stop();
  }
});

test('[LV35] who leaves past their pace comes back past it', async () => {
  const hub = await startLiveHub({ paces: { messagesOfPerson: { burst: 5, perSecond: 1 } } });
  const { token } = hub.addPerson('Ada');
  const limited = { ok: false, code: 'rate.limited' };
  const first = await openTab(hub, token);
  for (let at = 0; at < 5; at += 1) expect(await first.ask('leave', leave)).toEqual({ ok: true });
  expect(await first.ask('leave', leave)).toEqual(limited);
  const gone = vi.spyOn(People.prototype, 'disconnect');
  first.socket.disconnect();
  await until('nobody to be connected', () => gone.mock.calls.length === 1);
  gone.mockRestore();
  const second = await openTab(hub, token);
  expect(await second.ask('leave', leave)).toEqual(limited);
  hub.time.advance(1_000);
  expect(await second.ask('leave', leave)).toEqual({ ok: true });
  await hub.stop();
});
