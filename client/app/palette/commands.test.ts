/** Finding commands. */
import { describe, expect, test } from 'vitest';
import { type Command, findCommands } from '#client/app/palette/commands.ts';

const command = (group: Command['group'], words: string): Command => ({
  id: words,
  group,
  words,
  keys: [],
  run: () => undefined,
});

const commands = [
  command('create', 'Invite a company'),
  command('go', 'Home'),
  command('go', 'Gdańsk Pumps: HX pump programme'),
  command('page', 'Add a task'),
];
const found = (query: string) => findCommands(commands, query).map(({ words }) => words);

describe('palette', () => {
  test('[CL5] an empty query shows all, the page at hand first', () => {
    expect(found(' ')).toEqual(['Add a task', 'Home', 'Gdańsk Pumps: HX pump programme', 'Invite a company']);
  });

  test('[CL5] words match by their beginning, in any order, without case and accents', () => {
    expect(found('pum gdan')).toEqual(['Gdańsk Pumps: HX pump programme']);
    expect(found('ANSK')).toEqual([]);
  });

  test('[CL5] nothing is found where one word does not match', () => {
    expect(found('home zebra')).toEqual([]);
  });
});
