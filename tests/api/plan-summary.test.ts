/** What lists say of a plan, through the real app: edited live, read in the deriving thread, told to both sides. */
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { createMongoDerivedStore } from '#server/base/live/derived/mongo-derived-store.ts';
import { livePath, liveVersion } from '#shared/base/live.ts';
import { liveParser } from '#shared/base/live-parser.ts';
import { acceptPartnerInvitation, invitePartner } from '#shared/partners/calls.ts';
import { signIn } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { createPlan, getPlan, listPlans, planChanged, takeBackPlan } from '#shared/plans/calls.ts';
import { planDocumentNames } from '#shared/plans/doc.ts';
import { addTask } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import type { Plan } from '#shared/plans/shape.ts';
import { lastSpot } from '#shared/plans/spot.ts';
import { secretOf, startApp, type TestApp } from '#tests/support/app.ts';
import { deskOf, planDocs } from '#tests/support/factories/plans.ts';
import { passwordOf } from '#tests/support/hub-client.ts';
import type { LiveHub, LiveSocket } from '#tests/support/live-hub.ts';
import { type LiveTab, openTab } from '#tests/support/live-tab.ts';
import { until } from '#tests/support/until.ts';

let app: TestApp;
let buyer: SignedIn;
let supplier: SignedIn;
let rival: SignedIn;
let relationshipId: string;
const sockets: LiveSocket[] = [];

beforeAll(async () => {
  app = await startApp();
  buyer = await app.company('Aegean Marine', 'Eleni Doukas');
  supplier = await app.company('Gdansk Pumps', 'Piotr Zielinski');
  rival = await app.company('Rival Works', 'Ruth Vogel');
  const offer = { relationshipName: 'Pump', purpose: '', offeredSide: 'supplier' } as const;
  const { link } = await app.call(invitePartner, { ...offer, email: supplier.me.member.email }, buyer);
  relationshipId = (await app.call(acceptPartnerInvitation, { secret: secretOf(link) }, supplier)).id;
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await app?.remove();
});

function connect({ accessToken }: SignedIn): Promise<LiveTab> {
  const options = { path: livePath, parser: liveParser, transports: ['websocket'], autoConnect: false };
  const socket: LiveSocket = io(app.url, {
    ...options,
    auth: { token: accessToken },
    extraHeaders: { origin: app.url },
  });
  sockets.push(socket);
  return openTab({ socket: () => socket } as unknown as LiveHub, accessToken);
}

/** Writes tasks of the buyer into a new plan, over a socket. */
async function writePlan(
  name: string,
  titles: readonly string[],
): Promise<{ plan: Plan; add: (title: string) => Promise<void> }> {
  const plan = await app.call(createPlan, { relationshipId, name }, buyer);
  const tab = await connect(buyer);
  const docs = planDocs();
  const names = planDocumentNames(plan.id);
  for (const part of ['shared', 'buyer'] as const) {
    const answer = await tab.ask('join', {
      version: liveVersion,
      document: names[part],
      clientId: docs[part].clientID,
    });
    expect(answer).toMatchObject({ ok: true });
  }
  const add = async (title: string) => {
    const view = readPlan(docs);
    const dates = { start: '2026-01-02', finish: '2026-01-04' };
    addTask(deskOf(docs, 'buyer'), view, lastSpot(view), { title, dates });
    for (const part of ['shared', 'buyer'] as const) {
      const answer = await tab.push(names[part], Y.encodeStateAsUpdate(docs[part]));
      expect(answer).toMatchObject({ ok: true });
    }
  };
  for (const title of titles) await add(title);
  return { plan, add };
}

const summaryOf = async (planId: string, by = supplier) => (await app.call(getPlan, { planId }, by)).summary;

describe('what a list says of a plan', () => {
  test('[PL50] the other side is told within seconds of the last edit, and lists say the same', async () => {
    const put = vi.spyOn(app.hub.outbox, 'put');
    const { plan } = await writePlan('Housing', ['Drawing', 'Order']);
    expect(plan.summary).toBeNull();
    const told = await until('a summary is told', () =>
      put.mock.calls.find(
        ([, event, , told]) => event === planChanged && (told as Plan).summary?.tasks === 2,
      ),
    );
    put.mockRestore();
    const [, , { memberIds }] = told;
    expect([...memberIds].sort()).toEqual([buyer.me.member.id, supplier.me.member.id].sort());
    const summary = await summaryOf(plan.id);
    expect(summary).toMatchObject({
      tasks: 2,
      done: 0,
      start: '2026-01-02',
      finish: '2026-01-04',
      late: { buyer: 2, supplier: 0 },
    });
    const listed = await app.call(listPlans, { relationshipId }, buyer);
    expect(listed.find(({ id }) => id === plan.id)?.summary).toEqual(summary);
    expect(await app.ask(getPlan, { planId: plan.id }, rival)).toMatchObject({ status: 404 });
  });

  test('[PL50] a plan that was not read yet says nothing, and what was not read before a stop is read after it', async () => {
    const { plan } = await writePlan('Valve', ['Casting']);
    await app.restart();
    // Tokens are good for the address they were made at.
    for (const person of [buyer, supplier]) {
      const { email } = person.me.member;
      Object.assign(person, await app.call(signIn, { email, password: passwordOf(email) }));
    }
    const summary = await until('the summary is there', () => summaryOf(plan.id));
    expect(summary).toMatchObject({ tasks: 1, revision: 1 });
    const fresh = await app.call(createPlan, { relationshipId, name: 'Fresh' }, buyer);
    expect(await summaryOf(fresh.id)).toBeNull();
  });

  test('[PL51] a lead takes a plan in quarantine back; others see it read-only, or not at all', async () => {
    const { plan } = await writePlan('Broken', ['Casting']);
    const document = planDocumentNames(plan.id).shared;
    const take = (by: SignedIn, part: 'shared' | 'buyer') =>
      app.ask(takeBackPlan, { planId: plan.id, part }, by);
    expect(await take(buyer, 'shared')).toMatchObject({ status: 404 });
    const states = { goodSeq: 0, badSeq: 1, epoch: 'e', fault: 'time', since: new Date() } as const;
    await createMongoDerivedStore().quarantine({ document, subject: `plan/${plan.id}`, ...states });
    await app.restart();
    for (const person of [buyer, supplier, rival]) {
      const { email } = person.me.member;
      Object.assign(person, await app.call(signIn, { email, password: passwordOf(email) }));
    }
    const tab = await connect(buyer);
    expect(await tab.join(document)).toMatchObject({ mayWrite: false, quarantined: true });
    expect(await take(rival, 'shared')).toMatchObject({ status: 404 });
    expect(await take(supplier, 'buyer')).toMatchObject({ status: 404 });
    expect(await take(supplier, 'shared')).toMatchObject({ status: 200 });
    expect(await tab.seen('closed')).toEqual({ document, code: 'live.historyReplaced' });
    expect(await tab.join(document)).toMatchObject({ mayWrite: true });
  });
});
