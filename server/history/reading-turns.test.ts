import { expect, test } from 'vitest';
import { ReadingTurns } from '#server/history/reading-turns.ts';

function setUp() {
  const turns = new ReadingTurns();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const read = (companyId: string, memberId: string, name: string) =>
    turns.run({ companyId, memberId }, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  return { begun, read, end: (name: string) => ends.get(name)?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('[HI9] however many of one company read, a reading of another one begins at once', async () => {
  const { begun, read } = setUp();
  for (let at = 0; at < 12; at += 1) void read('flood', `member${at}`, `flood${at}`);
  void read('b', 'bo', 'bo');
  await turn();
  expect(begun).toEqual(['flood0', 'flood1', 'flood2', 'bo']);
});

test('[HI9] a free place goes to the company that has the fewest, and in it to who waited longest', async () => {
  const { begun, read, end } = setUp();
  for (let at = 0; at < 6; at += 1) void read('flood', `member${at}`, `flood${at}`);
  void read('b', 'bo', 'bo0');
  void read('b', 'bo', 'bo1');
  void read('c', 'cy', 'cy');
  await turn();
  begun.length = 0;
  end('flood0');
  await turn();
  end('flood1');
  await turn();
  end('flood2');
  await turn();
  expect(begun).toEqual(['cy', 'flood3', 'flood4']);
});

test('[HI9] one person has six at most, and again when one has ended', async () => {
  const { read, end, begun } = setUp();
  const running = Array.from({ length: 6 }, (_, at) => read('a', 'ann', `${at}`));
  await expect(read('a', 'ann', 'late')).rejects.toMatchObject({ code: 'rate.limited' });
  await turn();
  end('0');
  await running[0];
  void read('a', 'ann', 'again');
  for (const at of ['1', '2', '3', '4', '5']) {
    await turn();
    end(at);
  }
  await turn();
  expect(begun.at(-1)).toBe('again');
});
