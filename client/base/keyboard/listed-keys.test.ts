/** Keys that pages list for themselves. */
import { describe, expect, test } from 'vitest';
import { listedKeys, listKeys } from '#client/base/keyboard/listed-keys.ts';

const edit = { keys: ['Enter', 'F2'], words: 'Edit the cell' };
const open = { keys: ['Space'], words: 'Open the row' };

describe('keys of a page', () => {
  test('[CL17] stand in the list as long as their page does', () => {
    const leave = listKeys([edit, open]);
    expect(listedKeys()).toEqual([edit, open]);
    leave();
    expect(listedKeys()).toEqual([]);
  });

  test('[CL17] one page that leaves takes only its own, even where another lists the same', () => {
    const leave = listKeys([edit]);
    const leaveOther = listKeys([edit, open]);
    leave();
    expect(listedKeys()).toEqual([edit, open]);
    leaveOther();
    leaveOther();
    expect(listedKeys()).toEqual([]);
  });
});
