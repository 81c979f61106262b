/** The route table: every call is served, and nothing else is. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Hub } from '#server/base/hub.ts';
import { rooms } from '#server/rooms.ts';
import { type Call, defineCall } from '#shared/base/call.ts';
import { allCalls, routeGaps } from '#tests/architecture/route-table.ts';
import { readProject } from '#tests/support/project-files.ts';

/** A made-up call. */
function call(name: string): Call {
  const path = `/api/${name.replace('.', '/')}`;
  return defineCall({
    name,
    method: 'GET',
    path,
    access: 'member',
    input: z.object({}),
    output: z.object({}),
  });
}

describe('the route table', () => {
  test('[HO15] a call without a route, a route without a call and a copy are reported', () => {
    const [both, lonely, extra, copied] = ['a.one', 'a.two', 'a.three', 'a.four'].map(call) as [
      Call,
      Call,
      Call,
      Call,
    ];
    expect(routeGaps([both, lonely, copied], [both, extra, { ...copied }, both])).toEqual({
      withoutRoute: ['a.two', 'a.four'],
      withoutCall: ['a.three', 'a.four'],
      twice: ['a.one'],
    });
  });

  test('[HO15] every call here is served once, and nothing else is', async () => {
    // Making the table touches nothing of the hub; only a handler that runs would.
    const hub = {} as Hub;
    const served = rooms.flatMap((room) => room.routes(hub).map((route) => route.call));
    const calls = await allCalls(readProject());
    expect(calls.length).toBeGreaterThan(20);
    expect(routeGaps(calls, served)).toEqual({ withoutRoute: [], withoutCall: [], twice: [] });
  });
});
