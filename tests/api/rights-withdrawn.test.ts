/** Rights withdrawn while joined, in every way there is, by this process and by another one: nothing after a second. */
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { withTransaction } from '#server/base/mongo.ts';
import { beginRelationship } from '#server/partners/commands.ts';
import { ParticipantModel } from '#server/partners/model.ts';
import { foundCompany, openSession } from '#server/people/commands.ts';
import { SessionModel } from '#server/people/model.ts';
import { createPlan } from '#server/plans/commands.ts';
import { createId } from '#shared/base/ids.ts';
import { livePath } from '#shared/base/live.ts';
import { liveParser } from '#shared/base/live-parser.ts';
import { startApp, type TestApp } from '#tests/support/app.ts';
import { type LiveTab, openTab } from '#tests/support/live-tab.ts';
import { type OtherHub, startOtherHub, type Withdrawal, withdraw } from '#tests/support/other-hub.ts';
import { until } from '#tests/support/until.ts';

/** Worlds whose rights this process takes, and worlds where another one does; eight trials each. 13 make 208 trials. */
const worldsEach = Number(process.env['WITHDRAWN_WORLDS'] ?? 4);
/** Latest moment at which anything may still be shown or taken, in ms after the change. */
const limitMs = 1_000;
const tickMs = 10;

let app: TestApp;
let other: OtherHub;
let lead: Actor;
let worlds: World[];
/** Time in which this process has really run: one that others keep from running is not late. */
let ranMs = 0;
const ticking = setInterval(() => {
  ranMs += tickMs;
}, tickMs);

interface Victim {
  memberId: string;
  sessionId: string;
  tab: LiveTab;
  isCut: boolean;
  lastShownMs: number;
}

interface World {
  relationshipId: string;
  planId: string;
  document: string;
  writer: LiveTab;
  victims: Victim[];
  /** Whether those who are to lose their right to read write nothing. */
  isQuiet: boolean;
}

beforeAll(async () => {
  app = await startApp({ now: () => new Date() });
  other = await startOtherHub(app.dataDir, app.hub.env.mongodbUri ?? undefined);
  const people = Array.from({ length: 1 + worldsEach * 2 * 8 }, (_, at) => ({
    name: `Buyer ${at}`,
    email: `buyer${at}@withdrawn.example`,
  }));
  const buyer = await foundCompany(app.hub, { companyName: 'Aegean Marine', people });
  const supplier = await foundCompany(app.hub, {
    companyName: 'Gdansk Pumps',
    people: [{ name: 'Piotr', email: 'piotr@withdrawn.example' }],
  });
  const [leadId = '', ...memberIds] = buyer.members.map(({ id }) => id);
  lead = {
    sessionId: '',
    memberId: leadId,
    name: 'Buyer 0',
    companyId: buyer.companyId,
    companyName: 'Aegean Marine',
    role: 'admin',
  };
  const supplierLead = { companyId: supplier.companyId, leadId: supplier.members[0]?.id ?? '' };
  worlds = await Promise.all(
    Array.from({ length: worldsEach * 2 }, (_, at) =>
      makeWorld(at, memberIds.slice(at * 8, at * 8 + 8), supplierLead),
    ),
  );
}, 60_000);
afterAll(async () => {
  clearInterval(ticking);
  for (const { writer, victims } of worlds ?? []) {
    for (const { socket } of [writer, ...victims.map(({ tab }) => tab)]) socket.disconnect();
  }
  await other?.stop();
  await app?.remove();
});

test('[LV79] in every way of withdrawal nothing is shown or taken later than a second after a right was withdrawn', async () => {
  const outcomes = await Promise.all(
    worlds.map((world, at) =>
      tryAll(world, (what) => (at % 2 === 0 ? withdraw(app.hub, lead, what) : other.withdraw(lead, what))),
    ),
  );
  const late = outcomes.flat();
  expect(late).toHaveLength(worldsEach * 2 * 8);
  expect(late.filter(({ ms }) => ms > limitMs)).toEqual([]);
}, 60_000);

interface Outcome {
  way: string;
  /** From the change to the last thing shown or taken. */
  ms: number;
}

/** Someone who may not read any more is out; someone who may not write any more is told. */
type Loss = 'reading' | 'writing';

/** The eight ways, one after the other; those that take away from everybody come last. */
async function tryAll(world: World, change: (what: Withdrawal) => Promise<void>): Promise<Outcome[]> {
  const { relationshipId, planId } = world;
  const outcomes: Outcome[] = [];
  const tried = world.victims.values();
  const next = async (way: string, loss: Loss, what: (victim: Victim) => Withdrawal) => {
    const victim = tried.next().value;
    if (victim === undefined) throw new Error('a world has eight victims');
    await until('writing', () => victim.isCut || lastRight(victim.tab) !== false);
    const ms = await trial(world, victim, loss, () => change(what(victim)));
    outcomes.push({ way, ms });
  };
  await next('removed', 'reading', ({ memberId }) => ({ way: 'removed', relationshipId, memberId }));
  await next('lowered', 'writing', ({ memberId }) => ({ way: 'lowered', relationshipId, memberId }));
  await next('deactivated', 'reading', ({ memberId }) => ({ way: 'deactivated', memberId }));
  await next('signed out', 'reading', ({ sessionId }) => ({ way: 'signedOut', sessionId }));
  await next('everywhere', 'reading', ({ memberId }) => ({ way: 'signedOutEverywhere', memberId }));
  await next('archived', 'writing', () => ({ way: 'plan', planId, state: 'archived' }));
  await change({ way: 'plan', planId, state: 'active' });
  await next('paused', 'writing', () => ({ way: 'state', relationshipId, state: 'paused' }));
  await change({ way: 'state', relationshipId, state: 'active' });
  await change({ way: 'state', relationshipId, state: 'exiting' });
  await next('ended', 'writing', () => ({ way: 'state', relationshipId, state: 'ended' }));
  return outcomes;
}

/** Somebody writes all the time; the right is withdrawn; then nothing more is shown or taken. @returns ms */
async function trial(
  { document, writer, isQuiet }: World,
  victim: Victim,
  loss: Loss,
  change: () => Promise<void>,
): Promise<number> {
  const isOut = () => (loss === 'writing' ? lastRight(victim.tab) === false : isShut(victim));
  expect(isOut()).toBe(false);
  // Who writes nothing is asked about only when something has changed.
  const author = isQuiet && loss === 'reading' ? writer : victim.tab;
  const writing = { isOver: false, lastTakenMs: 0 };
  const written = writeUntilRefused(author, document, writing);
  await until('a first edit is taken', () => writing.lastTakenMs > 0);
  await change();
  const changedMs = ranMs;
  await until('the right is gone', isOut);
  const outMs = ranMs;
  if (author === writer) writing.isOver = true;
  await written;
  if (loss === 'reading') await writer.pushEdits(document);
  if (!victim.isCut) {
    victim.tab.doc.getText('t').insert(0, 'late');
    const [late] = victim.tab.edits.splice(0);
    expect((await victim.tab.push(document, late)).ok).toBe(false);
  }
  const takenMs = author === writer ? 0 : writing.lastTakenMs;
  return Math.max(outMs, takenMs, loss === 'reading' ? victim.lastShownMs : 0) - changedMs;
}

function isShut({ isCut, tab }: Victim): boolean {
  return isCut || tab.received.some(({ name }) => name === 'closed');
}

async function writeUntilRefused(
  tab: LiveTab,
  document: string,
  writing: { isOver: boolean; lastTakenMs: number },
): Promise<void> {
  const cut = new Promise<null>((resolve) => tab.socket.once('disconnect', () => resolve(null)));
  while (!writing.isOver && tab.socket.connected) {
    tab.doc.getText('t').insert(0, 'v');
    const [update] = tab.edits;
    const sentMs = ranMs;
    const answer = await Promise.race([tab.push(document, update), cut]);
    if (answer?.ok !== true) return;
    tab.edits.shift();
    writing.lastTakenMs = Math.max(sentMs, tickMs);
    await new Promise((resolve) => setTimeout(resolve, 4 * tickMs));
  }
}

function lastRight({ received }: LiveTab): boolean | null {
  const last = received.findLast(({ name }) => name === 'rights')?.message as
    | { mayWrite: boolean }
    | undefined;
  return last?.mayWrite ?? null;
}

async function makeWorld(
  at: number,
  memberIds: readonly string[],
  supplier: { companyId: string; leadId: string },
): Promise<World> {
  const record = await withTransaction((session) =>
    beginRelationship(app.hub, session, {
      name: `Pump ${at}`,
      purpose: '',
      buyer: { companyId: lead.companyId, leadId: lead.memberId },
      supplier,
      byMemberId: lead.memberId,
    }),
  );
  const relationshipId = record._id;
  await ParticipantModel.insertMany(
    memberIds.map((memberId) => ({
      _id: createId(),
      relationshipId,
      memberId,
      side: 'buyer',
      role: 'editor',
      addedAt: app.hub.now(),
    })),
  );
  const { id: planId } = await createPlan(app.hub, lead, { relationshipId, name: 'New housing' });
  const document = `plan/${planId}/shared`;
  const writer = await enter(supplier.leadId, document);
  const victims = await Promise.all(
    memberIds.map(async (memberId) => {
      const { tab, sessionId } = await enter(memberId, document);
      const victim: Victim = { memberId, sessionId, tab, isCut: false, lastShownMs: 0 };
      tab.socket.once('disconnect', () => {
        victim.isCut = true;
      });
      tab.socket.on('updates', () => {
        victim.lastShownMs = ranMs;
      });
      return victim;
    }),
  );
  return { relationshipId, planId, document, writer: writer.tab, victims, isQuiet: at % 4 > 1 };
}

async function enter(memberId: string, document: string): Promise<{ tab: LiveTab; sessionId: string }> {
  const { signedIn } = await openSession(app.hub, memberId, 'test');
  const socket = (token: string) =>
    io(app.url, {
      path: livePath,
      parser: liveParser,
      transports: ['websocket'],
      forceNew: true,
      autoConnect: false,
      reconnection: false,
      auth: { token },
    });
  const tab = await openTab({ socket }, signedIn.accessToken);
  await tab.enter(document);
  const session = await SessionModel.findOne({ memberId }).sort({ createdAt: -1 }).lean();
  return { tab, sessionId: session?._id ?? '' };
}
