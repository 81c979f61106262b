/** Initials of names of many kinds. */
import { describe, expect, test } from 'vitest';
import { initialsOf } from '#client/base/parts/initials.ts';

describe('initials', () => {
  test.each([
    ['Eleni Papadaki', 'EP'],
    ['  Piotr   Maria  Nowak ', 'PN'],
    ['ольга', 'О'],
    ['𝒜da Lovelace', '𝒜L'],
    ['   ', '?'],
  ])('[CL2] %j becomes %j', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});
