/** Commands of the palette, and how a query finds them. Pure. */

/** Groups in the order they are shown: the page at hand first. */
export const commandGroups = ['page', 'go', 'create', 'preferences'] as const;

/** One row of the palette. */
export interface Command {
  id: string;
  group: (typeof commandGroups)[number];
  words: string;
  /** Keys that do the same, as written on them; [] when there are none. */
  keys: readonly string[];
  run: () => void;
}

/**
 * Commands a query finds: every word of the query must begin a word of the command, without regard to case or
 * accents. The order is by group, then as given; an empty query finds all.
 */
export function findCommands(commands: readonly Command[], query: string): Command[] {
  const wanted = wordsOf(query);
  const found = commands.filter(({ words }) => {
    const has = wordsOf(words);
    return wanted.every((want) => has.some((word) => word.startsWith(want)));
  });
  return commandGroups.flatMap((group) => found.filter((command) => command.group === group));
}

function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
