/** What the list says of the table's keys is what they do. */
import { describe, expect, test } from 'vitest';
import { planKeys } from '#client/plans/plan-keys.ts';
import { type PressedKey, readKey } from '#client/plans/table/table-keys.ts';

const named: Record<string, string> = {
  Space: ' ',
  Del: 'Delete',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
};
const kinds = { move: 'moveRow', level: 'moveRow', day: 'shiftDays' } as const;
const each = planKeys.flatMap(({ keys, words }) => keys.map((written) => ({ written, words })));

/** The press of a key as the list writes it. */
function press(written: string): PressedKey {
  const parts = written.split('+');
  const key = parts.at(-1) ?? '';
  return {
    key: named[key] ?? (key.length === 1 ? key.toLowerCase() : key),
    code: `Key${key}`,
    ctrlKey: parts.includes('Ctrl'),
    metaKey: false,
    altKey: parts.includes('Alt'),
    shiftKey: parts.includes('Shift'),
  };
}

describe('the listed keys of a plan', () => {
  test.each(each)('[CL17] $written does what is listed: $words', ({ written, words }) => {
    const wanted = words in kinds ? kinds[words as keyof typeof kinds] : words;
    expect(readKey(press(written), { isRtl: false, letters: true })?.kind).toBe(wanted);
  });
});
