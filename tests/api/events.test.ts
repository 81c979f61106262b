/** Events and transactions through the real app and database. */
import mongoose, { Schema } from 'mongoose';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createEventPost } from '#server/base/events.ts';
import { withTransaction } from '#server/base/mongo.ts';
import { MemberModel } from '#server/people/model.ts';
import { defineEvent } from '#shared/base/event.ts';
import { createId } from '#shared/base/ids.ts';
import { livePath } from '#shared/base/live.ts';
import { liveParser } from '#shared/base/live-parser.ts';
import {
  acceptPartnerInvitation,
  changeRelationshipState,
  declinePartnerInvitation,
  invitePartner,
  removeParticipant,
  setParticipant,
} from '#shared/partners/calls.ts';
import { acceptColleagueInvitation, inviteColleague } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { secretOf, startApp, type TestApp } from '#tests/support/app.ts';
import { until } from '#tests/support/until.ts';

interface Counter {
  _id: string;
  count: number;
}

// Made before the app starts, so that its collection is made with the others.
const CounterModel = mongoose.model<Counter>(
  'TestCounter',
  new Schema<Counter>(
    { _id: { type: String, required: true }, count: { type: Number, required: true } },
    { strict: 'throw', versionKey: false, collection: 'testcounters' },
  ),
);

const happened = defineEvent('test.happened', z.strictObject({ text: z.string() }));
const log = pino({ level: 'silent' });

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.remove());

/** A post of its own, so that the app's does not deliver what is looked at here. */
function makePost() {
  const got: [readonly string[], string, unknown][] = [];
  const post = createEventPost(log, app.hub.now);
  const deliver = (memberIds: readonly string[], name: string, payload: unknown) => {
    got.push([memberIds, name, payload]);
  };
  const say = (text: string, fails = false) =>
    withTransaction(async (session) => {
      await post.outbox.put(session, happened, { memberIds: ['anna'] }, { text });
      if (fails) throw new Error('the command failed');
    });
  return {
    post,
    got,
    deliver,
    say,
    texts: () => got.map(([, , payload]) => (payload as { text: string }).text),
  };
}

describe('events', () => {
  test('[BA22] what waits from before is delivered at the start, in order, once', async () => {
    const { post, got, deliver, say, texts } = makePost();
    for (const text of ['one', 'two', 'three']) await say(text);
    expect(got).toEqual([]);
    await post.start(deliver);
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect(got[0]).toEqual([['anna'], 'test.happened', { text: 'one' }]);
    await post.drain();
    expect(got).toHaveLength(3);
  });

  test('[BA22] an event follows its commit by itself; one of a failed command never comes', async () => {
    const { post, deliver, say, texts } = makePost();
    await post.start(deliver);
    await expect(say('lost', true)).rejects.toThrow('the command failed');
    await say('kept');
    await until('the event', () => texts().length > 0);
    await post.drain();
    expect(texts()).toEqual(['kept']);
  });

  test('[BA22] a delivery that fails is made again, nothing is skipped', async () => {
    const { post, got, deliver, say, texts } = makePost();
    let broken = true;
    await post.start((...event) => {
      if (broken) throw new Error('no sockets yet');
      deliver(...event);
    });
    await say('one');
    await say('two');
    await post.drain();
    expect(got).toEqual([]);
    broken = false;
    await post.drain();
    expect(texts()).toEqual(['one', 'two']);
  });

  test('[BA22] a payload that its shape does not name fails the command', async () => {
    const { post } = makePost();
    const extra = { text: 'a', secret: 'b' };
    const command = withTransaction((session) =>
      post.outbox.put(session, happened, { memberIds: [] }, extra),
    );
    await expect(command).rejects.toThrow();
  });
});

describe('transactions', () => {
  test('[BA23] all of a transaction is stored, or nothing', async () => {
    const [one, two] = [createId(), createId()];
    const half = withTransaction(async (session) => {
      await CounterModel.create([{ _id: one, count: 1 }], { session });
      await CounterModel.create([{ _id: two, count: 1 }], { session });
      throw new Error('half way');
    });
    await expect(half).rejects.toThrow('half way');
    expect(await CounterModel.countDocuments({ _id: one })).toBe(0);
    expect(await CounterModel.countDocuments({ _id: two })).toBe(0);
  });

  test('[BA23] transactions that meet run again: no step is lost', async () => {
    const _id = createId();
    await CounterModel.create({ _id, count: 0 });
    const step = () =>
      withTransaction(async (session) => {
        const found = await CounterModel.findById(_id).session(session).lean();
        await CounterModel.updateOne({ _id }, { $set: { count: (found?.count ?? 0) + 1 } }, { session });
      });
    await Promise.all(Array.from({ length: 20 }, step));
    expect((await CounterModel.findById(_id).lean())?.count).toBe(20);
  });

  test('[BA24] unknown fields throw, and an object in a filter is only a value', async () => {
    const unknown = { _id: createId(), count: 1, role: 'admin' };
    await expect(CounterModel.create(unknown)).rejects.toThrow(/role/);
    await expect(CounterModel.findOne({ role: 'admin' } as never).lean()).rejects.toThrow(/role/);
    await CounterModel.create({ _id: createId(), count: 1 });
    const injected = { _id: { $ne: 'x' } } as never;
    await expect(CounterModel.findOne(injected).lean()).rejects.toThrow(/Cast/);
    await expect(MemberModel.findOne({ email: { $gt: '' } } as never).lean()).rejects.toThrow(/Cast/);
    await expect(MemberModel.updateMany({ $where: 'true' } as never, { name: 'x' })).rejects.toThrow();
  });
});

describe('a relationship changes', () => {
  test('[PA15] everyone who takes part is told, each as they see it, and nobody else', async () => {
    const buyer = await app.company('Aegean Marine', 'Eleni Doukas');
    const supplier = await app.company('Gdansk Pumps', 'Piotr Zielinski');
    const rival = await app.company('Rival Works', 'Ruth Vogel');
    const heard = new Map<SignedIn, unknown[]>();
    const sockets = [buyer, supplier, rival].map((who) => listen(who, heard));
    await until('the sockets', () => sockets.every((socket) => socket.connected));

    const offer = { relationshipName: 'Pump', purpose: '', offeredSide: 'supplier' } as const;
    const { link } = await app.call(invitePartner, { ...offer, email: supplier.me.member.email }, buyer);
    const made = await app.call(acceptPartnerInvitation, { secret: secretOf(link) }, supplier);
    await app.call(changeRelationshipState, { relationshipId: made.id, state: 'paused' }, buyer);
    await until('all events', () => heard.get(buyer)?.length === 3 && heard.get(supplier)?.length === 2);
    const told = (side: 'buyer' | 'supplier') => [
      { name: 'partners.relationshipChanged', payload: { ...made, side } },
      { name: 'partners.relationshipChanged', payload: { ...made, side, state: 'paused' } },
    ];
    const answered = { name: 'partners.partnerInvitationAnswered', payload: expect.anything() };
    expect(heard.get(buyer)).toEqual([answered, ...told('buyer')]);
    expect(heard.get(supplier)).toEqual(told('supplier'));
    expect(heard.get(rival)).toEqual([]);
    for (const socket of sockets) socket.disconnect();
  });

  test('[PA19] an answer to an invitation is told to everyone of the company that invited', async () => {
    const buyer = await app.company('Cyclades Lines', 'Iris Kallis');
    const rival = await app.company('Other Works', 'Otto Brand');
    const invited = await app.call(inviteColleague, { email: 'lia@c.example', role: 'member' }, buyer);
    const account = { secret: secretOf(invited.link), name: 'Lia Roussou', password: 'a quiet harbour' };
    const colleague = await app.call(acceptColleagueInvitation, account);
    const heard = new Map<SignedIn, unknown[]>();
    const sockets = [buyer, colleague, rival].map((who) => listen(who, heard));
    await until('the sockets', () => sockets.every((socket) => socket.connected));

    const offer = { relationshipName: 'Seals', purpose: '', offeredSide: 'supplier' } as const;
    const email = rival.me.member.email;
    const sent = await app.call(invitePartner, { ...offer, email }, buyer);
    await app.call(declinePartnerInvitation, { secret: secretOf(sent.link) });
    await until('both', () => [buyer, colleague].every((who) => heard.get(who)?.length === 1));
    const payload = { ...sent.invitation, state: 'declined' };
    const told = [{ name: 'partners.partnerInvitationAnswered', payload }];
    expect(heard.get(buyer)).toEqual(told);
    expect(heard.get(colleague)).toEqual(told);
    expect(heard.get(rival)).toEqual([]);
    for (const socket of sockets) socket.disconnect();
  });

  test('[PA18] whoever is taken out is told, and nothing is told to them afterwards', async () => {
    const buyer = await app.company('Baltic Yards', 'Ada Holm');
    const supplier = await app.company('Seal Works', 'Ewa Nowak');
    const invited = await app.call(inviteColleague, { email: 'ola@b.example', role: 'member' }, buyer);
    const account = { secret: secretOf(invited.link), name: 'Ola Berg', password: 'a quiet harbour' };
    const person = await app.call(acceptColleagueInvitation, account);
    const offer = { relationshipName: 'Seals', purpose: '', offeredSide: 'supplier' } as const;
    const { link } = await app.call(invitePartner, { ...offer, email: supplier.me.member.email }, buyer);
    const { id } = await app.call(acceptPartnerInvitation, { secret: secretOf(link) }, supplier);
    const heard = new Map<SignedIn, unknown[]>();
    const sockets = [buyer, person].map((who) => listen(who, heard));
    await until('the sockets', () => sockets.every((socket) => socket.connected));

    const member = { relationshipId: id, memberId: person.me.member.id };
    await app.call(setParticipant, { ...member, role: 'viewer' }, buyer);
    await app.call(removeParticipant, member, buyer);
    await app.call(changeRelationshipState, { relationshipId: id, state: 'paused' }, buyer);
    await until('all that the buyer hears', () => heard.get(buyer)?.length === 3);
    await until('the goodbye', () => (heard.get(person)?.length ?? 0) >= 2);
    expect(heard.get(person)).toEqual([
      { name: 'partners.relationshipChanged', payload: expect.objectContaining({ id, role: 'viewer' }) },
      { name: 'partners.relationshipLeft', payload: { relationshipId: id } },
    ]);
    for (const socket of sockets) socket.disconnect();
  });
});

function listen(who: SignedIn, heard: Map<SignedIn, unknown[]>): Socket {
  const events: unknown[] = [];
  heard.set(who, events);
  const socket = io(app.url, {
    path: livePath,
    parser: liveParser,
    transports: ['websocket'],
    forceNew: true,
    auth: { token: who.accessToken },
  });
  socket.on('event', (event: unknown) => events.push(event));
  return socket;
}
