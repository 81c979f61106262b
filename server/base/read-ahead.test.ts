import { expect, test } from 'vitest';
import { ReadAhead } from '#server/base/read-ahead.ts';

function records() {
  const plans = new Map([['plan', 'one']]);
  const groups = new Map([
    ['one', 'first group'],
    ['two', 'second group'],
  ]);
  const reads: string[] = [];
  const read = (from: Map<string, string>) => (key: string) => {
    reads.push(key);
    return Promise.resolve(from.get(key) ?? null);
  };
  const way = { read: read(plans), targetOf: (group: string) => group, readTarget: read(groups) };
  const readsAtOnce = () => reads.splice(0);
  return { plans, groups, way, readsAtOnce };
}

test('[LV126] where a reference led before is read at the same time, and what is there now is the answer', async () => {
  const { plans, groups, way, readsAtOnce } = records();
  const ahead = new ReadAhead();
  expect(await ahead.follow('plan', way)).toEqual({ from: 'one', to: 'first group' });
  readsAtOnce();
  groups.set('one', 'renamed');
  const again = ahead.follow('plan', way);
  expect(readsAtOnce()).toEqual(['plan', 'one']);
  expect(await again).toEqual({ from: 'one', to: 'renamed' });
  groups.delete('one');
  expect(await ahead.follow('plan', way)).toEqual({ from: 'one', to: null });
  plans.delete('plan');
  expect(await ahead.follow('plan', way)).toBeNull();
});

test('[LV126] a reference that leads elsewhere now is followed, also one that was only expected', async () => {
  const { plans, way } = records();
  const ahead = new ReadAhead();
  ahead.expect('plan', 'two');
  expect(await ahead.follow('plan', way)).toEqual({ from: 'one', to: 'first group' });
  plans.set('plan', 'two');
  expect(await ahead.follow('plan', way)).toEqual({ from: 'two', to: 'second group' });
  plans.set('plan', 'three');
  expect(await ahead.follow('plan', way)).toEqual({ from: 'three', to: null });
});

test('[LV126] of many references the oldest are forgotten', async () => {
  const { plans, way, readsAtOnce } = records();
  const ahead = new ReadAhead(1);
  plans.set('other', 'two');
  await ahead.follow('plan', way);
  await ahead.follow('other', way);
  readsAtOnce();
  const again = ahead.follow('plan', way);
  expect(readsAtOnce()).toEqual(['plan']);
  await again;
});
