import { expect, test } from 'vitest';
import { Turnstile } from '#server/base/live/connection/turnstile.ts';

test('[LV74] so many pieces of work run at once, the others in their order, and one that fails makes room too', async () => {
  const turnstile = new Turnstile(2);
  const begun: number[] = [];
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
  const results = gates.map(({ promise }, at) =>
    turnstile.pass(() => {
      begun.push(at);
      return promise;
    }),
  );
  const settled = Promise.allSettled(results);
  expect(begun).toEqual([0, 1]);
  gates[1]?.reject(new Error('not read'));
  await expect(results[1]).rejects.toThrow('not read');
  expect(begun).toEqual([0, 1, 2]);
  gates[0]?.resolve(0);
  await results[0];
  expect(begun).toEqual([0, 1, 2, 3]);
  gates[2]?.resolve(2);
  gates[3]?.resolve(3);
  await settled;
  expect(await turnstile.pass(async () => 'again')).toBe('again');
});
