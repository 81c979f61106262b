import { expect, test, vi } from 'vitest';
import { gathered } from '#server/base/gathered.ts';

test('[LV77] what is asked for at once is read once, and nothing is kept', async () => {
  const reads: string[][] = [];
  const read = gathered<string>(async (keys) => {
    reads.push(keys);
    return new Map(keys.filter((key) => key !== 'none').map((key) => [key, `${key}!`]));
  });
  expect(await Promise.all(['a', 'b', 'a', 'none'].map(read))).toEqual(['a!', 'b!', 'a!', null]);
  expect(await read('a')).toBe('a!');
  expect(reads).toEqual([['a', 'b', 'none'], ['a']]);
});

test('[LV77] a question is never answered by a read that began before it', async () => {
  let stored = 'old';
  let arrive = () => {};
  const read = gathered<string>(async (keys) => {
    const found = stored;
    await new Promise<void>((resolve) => {
      arrive = resolve;
      if (found === 'new') resolve();
    });
    return new Map(keys.map((key) => [key, found]));
  });
  const first = read('a');
  await new Promise(setImmediate);
  stored = 'new';
  const second = read('a');
  arrive();
  expect(await Promise.all([first, second])).toEqual(['old', 'new']);
});

test('[LV77] a read that fails fails for those who share it, and one that hangs keeps nobody else waiting', async () => {
  let count = 0;
  const read = gathered<string>((keys) => {
    count += 1;
    if (count === 1) return Promise.reject(new Error('away'));
    return count === 2 ? new Promise(() => {}) : Promise.resolve(new Map(keys.map((key) => [key, key])));
  });
  const refused = await Promise.allSettled([read('a'), read('b')]);
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  void read('hangs');
  await vi.waitFor(() => expect(count).toBe(2));
  expect(await read('c')).toBe('c');
});

test('[LV77] a crowd is read in parts', async () => {
  const sizes: number[] = [];
  const read = gathered<number>(async (keys) => {
    sizes.push(keys.length);
    return new Map(keys.map((key) => [key, Number(key)]));
  });
  const found = await Promise.all(Array.from({ length: 1_200 }, (_, index) => read(String(index))));
  expect(found).toEqual(Array.from({ length: 1_200 }, (_, index) => index));
  expect(sizes).toEqual([500, 500, 200]);
});
