/** Keys and sequences, on any layout. */
import { describe, expect, test } from 'vitest';
import { type KeyPress, KeySequence, matchesStep, stepLabel } from '#client/base/keyboard/key-sequence.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const key = (code: string, written = code.slice(-1).toLowerCase()): KeyPress => ({
  ...plain,
  code,
  key: written,
});
const shortcuts = [['KeyG', 'KeyH'], ['KeyN', 'KeyI'], ['?'], ['KeyN']];

describe('key sequences', () => {
  test('[CL3] g h goes home; the first key alone does nothing yet', () => {
    const keys = new KeySequence();
    expect(keys.press(key('KeyG'), shortcuts, 0)).toBe('begun');
    expect(keys.press(key('KeyH'), shortcuts, 900)).toBe(0);
  });

  test('[CL3] a Greek layout matches by position', () => {
    const keys = new KeySequence();
    keys.press(key('KeyG', 'γ'), shortcuts, 0);
    expect(keys.press(key('KeyH', 'η'), shortcuts, 10)).toBe(0);
  });

  test('[CL3] a pause of more than a second forgets the first key', () => {
    const keys = new KeySequence();
    keys.press(key('KeyG'), shortcuts, 0);
    expect(keys.press(key('KeyH'), shortcuts, 1_001)).toBe(-1);
  });

  test('[CL3] a wrong first key does not spoil the sequence after it', () => {
    const keys = new KeySequence();
    expect(keys.press(key('KeyX'), shortcuts, 0)).toBe(-1);
    keys.press(key('KeyG'), shortcuts, 10);
    keys.press(key('KeyG'), shortcuts, 20);
    expect(keys.press(key('KeyH'), shortcuts, 30)).toBe(0);
  });

  test('[CL3] a sign is found wherever the layout has it, with Shift', () => {
    expect(matchesStep({ ...key('Minus', '?'), shiftKey: true }, '?')).toBe(true);
    expect(matchesStep({ ...key('KeyG'), shiftKey: true }, 'KeyG')).toBe(false);
  });

  test.each(['ctrlKey', 'metaKey', 'altKey'] as const)('[CL3] with %s it is another command', (modifier) => {
    expect(matchesStep({ ...key('KeyG'), [modifier]: true }, 'KeyG')).toBe(false);
  });

  test('[CL3] steps are written as on the key', () => {
    expect(['KeyG', 'Digit3', '?'].map(stepLabel)).toEqual(['G', '3', '?']);
  });
});
