/** Walks the live route table: every call × nobody, a dead session, a stranger, traps in the body, a foreign page. */
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rooms } from '#server/rooms.ts';
import { bytesShape, type Call, pathParts } from '#shared/base/call.ts';
import { createId } from '#shared/base/ids.ts';
import { acceptPartnerInvitation, invitePartner } from '#shared/partners/calls.ts';
import { inviteColleague, listSessions, signIn } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { createPlan } from '#shared/plans/calls.ts';
import { secretOf, startApp, type TestApp } from '#tests/support/app.ts';
import { type HubAnswer, passwordOf } from '#tests/support/hub-client.ts';

let app: TestApp;
let buyer: SignedIn;
let stranger: SignedIn;
let calls: Call[];
/** A true id of another company's thing for every name that a call takes an id by. */
let ids: Record<string, string>;

beforeAll(async () => {
  app = await startApp({ settings: { LIMIT_STRICT_PER_ACCOUNT: '100000' } });
  calls = rooms.flatMap((room) => room.routes(app.hub).map((one) => one.call));
  buyer = await app.company('Aegean Marine', 'Eleni Doukas');
  const supplier = await app.company('Gdansk Pumps', 'Piotr Zielinski');
  stranger = await app.company('Rival Works', 'Ruth Vogel');
  const offer = { relationshipName: 'HX pump', purpose: 'Canary purpose', offeredSide: 'supplier' } as const;
  const sent = await app.call(invitePartner, { ...offer, email: supplier.me.member.email }, buyer);
  const secret = secretOf(sent.link);
  const relationship = await app.call(acceptPartnerInvitation, { secret }, supplier);
  const open = await app.call(invitePartner, { ...offer, email: 'x@x.example' }, buyer);
  const colleague = await app.call(inviteColleague, { email: 'y@y.example', role: 'member' }, buyer);
  const plan = await app.call(createPlan, { relationshipId: relationship.id, name: 'Launch' }, buyer);
  const [session] = await app.call(listSessions, {}, buyer);
  ids = {
    relationshipId: relationship.id,
    planId: plan.id,
    id: plan.id,
    versionId: createId(),
    memberId: buyer.me.member.id,
    sessionId: session?.id ?? '',
    invitationId: open.invitation.id,
    colleagueInvitationId: colleague.invitation.id,
  };
});
afterAll(() => app?.remove());

/** A body that fits most calls in part; each refuses what it does not name. */
const guesses = {
  companyName: 'Guess',
  name: 'Guess',
  email: 'guess@x.example',
  password: 'a quiet harbour',
  current: 'a quiet harbour',
  next: 'a loud harbour!',
  role: 'member',
  secret: 'A'.repeat(43),
  relationshipName: 'Guess',
  purpose: '',
  offeredSide: 'supplier',
  state: 'paused',
  side: 'buyer',
  kind: 'plan',
  part: 'shared',
  at: '2026-01-05T09:00:00.000Z',
  from: '2026-01-05T08:00:00.000Z',
  to: '2026-01-05T09:00:00.000Z',
};

/** For names that two calls understand differently. */
const otherGuesses: Record<string, string> = { role: 'viewer', state: 'archived' };

/** An input that fits the call, taken from the guesses and from ids. */
function inputFor(call: Call, known: Record<string, string>): Record<string, unknown> {
  const wide = { ...guesses, ...known };
  const parsed = call.input.safeParse(wide);
  const issues = parsed.success ? [] : parsed.error.issues;
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const misread = issues.map((issue) => issue.path[0]);
  const input = Object.entries(wide)
    .filter(([key]) => !unknown.includes(key))
    .map(([key, value]) => [key, misread.includes(key) ? otherGuesses[key] : value]);
  return call.input.parse(Object.fromEntries(input)) as Record<string, unknown>;
}

function send(call: Call, input: Record<string, unknown>, by: SignedIn | null): Promise<HubAnswer> {
  const parts = pathParts(call.path);
  const path = parts.reduce((at, part) => at.replace(`:${part}`, String(input[part])), call.path);
  const rest = Object.fromEntries(Object.entries(input).filter(([key]) => !parts.includes(key)));
  if (call.method !== 'GET') return app.send(call.method, path, rest, by);
  const query = new URLSearchParams(Object.entries(rest).map(([key, value]) => [key, String(value)]));
  return app.fetch(`${path}?${query}`, { headers: authorization(by) }).then(async (answer) => ({
    status: answer.status,
    body: answer.ok && call.output === bytesShape ? await answer.bytes() : await answer.json(),
  }));
}

function authorization(by: SignedIn | null): Record<string, string> {
  return by === null ? {} : { authorization: `Bearer ${by.accessToken}` };
}

const memberCalls = () => calls.filter((call) => call.access === 'member');
const named = (call: Call, answer: HubAnswer) => ({ call: call.name, ...answer });

describe('every route', () => {
  test('[BA9] tells nobody without a session, and no dead session, anything', async () => {
    expect(memberCalls().length).toBeGreaterThan(20);
    const dead = await app.call(signIn, {
      email: buyer.me.member.email,
      password: passwordOf(buyer.me.member.email),
    });
    app.hub.signals.send({ kind: 'sessionEnded', sessionId: 'other' });
    await mongoose.connection.collection<{ _id: string }>('sessions').deleteOne({ _id: sessionOf(dead) });
    for (const call of memberCalls()) {
      const input = inputFor(call, ids);
      expect(named(call, await send(call, input, null))).toEqual({
        call: call.name,
        status: 401,
        body: { code: 'session.missing' },
      });
      expect(named(call, await send(call, input, dead))).toEqual({
        call: call.name,
        status: 401,
        body: { code: 'session.expired' },
      });
    }
  });

  test('[PA10, PE17] answers a stranger with true ids exactly as with ids of nothing', async () => {
    const withIds = calls.filter((call) => Object.keys(inputFor(call, ids)).some((key) => key in ids));
    expect(withIds.length).toBeGreaterThan(9);
    for (const call of withIds) {
      const absent = Object.fromEntries(Object.keys(ids).map((key) => [key, createId()]));
      for (const known of [ids, { ...ids, invitationId: ids['colleagueInvitationId'] ?? '' }]) {
        const foreign = await send(call, inputFor(call, known), stranger);
        const nothing = await send(call, inputFor(call, absent), stranger);
        expect(named(call, foreign)).toEqual(named(call, nothing));
        expect(named(call, foreign)).toMatchObject({ status: 404, body: { code: 'thing.absent' } });
      }
    }
  });

  test('[BA5] never fails by itself, nor leaks, whatever a stranger sends', async () => {
    const odd = [
      null,
      0,
      -1,
      Number.MAX_VALUE,
      true,
      '',
      'a',
      {},
      [],
      { $ne: null },
      { $gt: '' },
      ['a'],
      '\u0000',
      '💥'.repeat(99),
    ];
    for (const call of calls) {
      for (const key of Object.keys(inputFor(call, ids)).filter(
        (one) => !pathParts(call.path).includes(one),
      )) {
        for (const value of odd) {
          const answer = await send(call, { ...inputFor(call, ids), [key]: value }, stranger);
          expect({ ...named(call, answer), key, isOurs: answer.status < 500 }).toMatchObject({
            isOurs: true,
          });
          expect(JSON.stringify(answer.body)).not.toMatch(/Canary|Eleni|Piotr|argon2|Aegean|Gdansk/);
        }
      }
    }
  }, 60_000);

  test('[BA5, BA6] refuses unknown keys and __proto__ in its body', async () => {
    for (const call of calls.filter((one) => one.method !== 'GET')) {
      const input = inputFor(call, ids);
      const extra = await send(call, { ...input, companyId: buyer.me.company.id, isAdmin: true }, stranger);
      expect(named(call, extra)).toMatchObject({ status: 400, body: { code: 'input.invalid' } });
      const path = pathParts(call.path).reduce((at, part) => at.replace(`:${part}`, createId()), call.path);
      const trap = await app.fetch(path, {
        method: call.method,
        headers: { 'content-type': 'application/json', ...authorization(stranger) },
        body: '{"__proto__":{"role":"admin"}}',
      });
      expect(named(call, { status: trap.status, body: await trap.json() })).toEqual({
        call: call.name,
        status: 400,
        body: { code: 'input.invalid' },
      });
    }
  });

  test('[BA7] refuses a body that is too large or of another kind', async () => {
    for (const call of calls.filter((one) => one.method !== 'GET')) {
      const path = pathParts(call.path).reduce((at, part) => at.replace(`:${part}`, createId()), call.path);
      const headers = { 'content-type': 'application/json', ...authorization(stranger) };
      const large = JSON.stringify({ name: 'a'.repeat(300 * 1024) });
      const answer = await app.fetch(path, { method: call.method, headers, body: large });
      expect([call.name, answer.status]).toEqual([call.name, 413]);
      const text = await app.fetch(path, {
        method: call.method,
        headers: { ...headers, 'content-type': 'text/plain' },
        body: JSON.stringify(inputFor(call, ids)),
      });
      expect([call.name, text.status]).toEqual([call.name, 400]);
    }
  });

  test('[BA15] refuses every write that a page of another origin began', async () => {
    for (const call of calls.filter((one) => one.method !== 'GET')) {
      const path = pathParts(call.path).reduce((at, part) => at.replace(`:${part}`, createId()), call.path);
      const answer = await app.fetch(path, {
        method: call.method,
        headers: {
          'content-type': 'application/json',
          origin: 'https://evil.example',
          ...authorization(buyer),
        },
        body: JSON.stringify(inputFor(call, ids)),
      });
      expect([call.name, answer.status, await answer.json()]).toEqual([
        call.name,
        403,
        { code: 'origin.refused' },
      ]);
    }
  });

  test('[BA17] that is a GET changes nothing', async () => {
    const before = await everything();
    for (const call of calls.filter((one) => one.method === 'GET')) {
      for (const by of [buyer, stranger, null]) await send(call, inputFor(call, ids), by);
    }
    expect(await everything()).toEqual(before);
  });

  test('[BA16] keeps its answers out of caches', async () => {
    for (const call of calls) {
      const path = pathParts(call.path).reduce((at, part) => at.replace(`:${part}`, createId()), call.path);
      const answer = await app.fetch(path, { method: call.method, headers: authorization(buyer) });
      expect([call.name, answer.headers.get('cache-control')]).toEqual([call.name, 'no-store']);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    }
  });
});

/** Everything stored, as text. */
async function everything(): Promise<string[]> {
  const texts: string[] = [];
  for (const name of mongoose.modelNames().sort()) {
    texts.push(JSON.stringify([name, await mongoose.model(name).find().sort({ _id: 1 }).lean()]));
  }
  return texts;
}

/** The session an access token belongs to. */
function sessionOf(who: SignedIn): string {
  const claims: unknown = JSON.parse(
    Buffer.from(who.accessToken.split('.')[1] ?? '', 'base64url').toString(),
  );
  return typeof claims === 'object' && claims !== null && 'sid' in claims ? String(claims.sid) : '';
}
