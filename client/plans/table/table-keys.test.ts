import { describe, expect, test } from 'vitest';
import { type PressedKey, readKey } from '#client/plans/table/table-keys.ts';

const settings = { isRtl: false, letters: true };

function press(key: string, more: Partial<PressedKey> = {}): PressedKey {
  return { key, code: key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more };
}

describe('keys of the plan table', () => {
  test.each([
    [press('ArrowDown'), { kind: 'go', rows: 1, columns: 0 }],
    [press('ArrowLeft'), { kind: 'go', rows: 0, columns: -1 }],
    [press('ArrowDown', { ctrlKey: true }), { kind: 'goEdge', edge: 'last' }],
    [press('ArrowRight', { metaKey: true }), { kind: 'goEdge', edge: 'rowEnd' }],
    [press('Home'), { kind: 'goEdge', edge: 'rowStart' }],
    [press('End', { ctrlKey: true }), { kind: 'goEdge', edge: 'last' }],
    [press('PageDown'), { kind: 'goPage', pages: 1 }],
    [press('Enter'), { kind: 'edit', text: null }],
    [press('F2'), { kind: 'edit', text: null }],
    [press('Backspace'), { kind: 'edit', text: '' }],
    [press('7', { code: 'Digit7' }), { kind: 'edit', text: '7' }],
    [press('N', { code: 'KeyN', shiftKey: true }), { kind: 'edit', text: 'N' }],
    [press('n', { code: 'KeyN' }), { kind: 'add' }],
    [press('ν', { code: 'KeyN' }), { kind: 'add' }],
    [press('Delete'), { kind: 'remove' }],
    [press(' ', { code: 'Space' }), { kind: 'open' }],
    [press('ArrowUp', { altKey: true }), { kind: 'moveRow', way: 'up' }],
    [press('ArrowRight', { altKey: true, shiftKey: true }), { kind: 'moveRow', way: 'deeper' }],
    [press('ArrowLeft', { altKey: true }), { kind: 'shiftDays', days: -1 }],
    [press('z', { code: 'KeyZ', ctrlKey: true }), { kind: 'undo' }],
    [press('Z', { code: 'KeyZ', ctrlKey: true, shiftKey: true }), { kind: 'redo' }],
    [press('F10', { shiftKey: true }), { kind: 'menu' }],
  ])('[PL21] %j', (key, command) => {
    expect(readKey(key, settings)).toEqual(command);
  });

  test('[PL21] keys of the browser and of the person’s system are left alone', () => {
    for (const key of [
      press('Tab'),
      press('Escape'),
      press('Shift'),
      press('c', { ctrlKey: true }),
      press('F5'),
    ]) {
      expect(readKey(key, settings)).toBeNull();
    }
    expect(readKey(press('d', { altKey: true, code: 'KeyD' }), settings)).toBeNull();
  });

  test('[PL21] arrows follow the eye where writing runs from right to left', () => {
    const rtl = { ...settings, isRtl: true };
    expect(readKey(press('ArrowLeft'), rtl)).toEqual({ kind: 'go', rows: 0, columns: 1 });
    expect(readKey(press('ArrowLeft', { altKey: true }), rtl)).toEqual({ kind: 'shiftDays', days: 1 });
  });

  test('[PL21] with single letters switched off, `n` types an n', () => {
    expect(readKey(press('n', { code: 'KeyN' }), { ...settings, letters: false })).toEqual({
      kind: 'edit',
      text: 'n',
    });
  });
});
