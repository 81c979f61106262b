/** Initials of a person's name, for avatars. */

/** First letters of the first and the last word, upper case; one letter for one word, '?' for an empty name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = firstLetter(words[0]);
  const last = words.length > 1 ? firstLetter(words.at(-1)) : '';
  return `${first}${last}` === '' ? '?' : `${first}${last}`.toLocaleUpperCase();
}

function firstLetter(word: string | undefined): string {
  // Splitting by code point keeps letters outside the basic plane whole.
  return Array.from(word ?? '')[0] ?? '';
}
