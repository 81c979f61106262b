/** Keys that a page handles itself, told to the list that `?` shows; the shortcuts of the registry are listed anyway. */
import { useEffect, useSyncExternalStore } from 'react';

/** One line of the list: keys that do the same, and what they do. */
export interface ListedKeys {
  /** As written on the keys, such as `F2` or `Alt+↑`. */
  keys: readonly string[];
  words: string;
}

const listeners = new Set<() => void>();
let listed: readonly ListedKeys[] = [];

function change(next: readonly ListedKeys[]): void {
  listed = next;
  for (const listener of listeners) {
    listener();
  }
}

/** Adds lines below those that stand. @returns how to take them away again */
export function listKeys(lines: readonly ListedKeys[]): () => void {
  const own = lines.map((line) => ({ ...line }));
  change([...listed, ...own]);
  return () => change(listed.filter((line) => !own.includes(line)));
}

/** The lines standing now; [] on a page that has none. */
export function listedKeys(): readonly ListedKeys[] {
  return listed;
}

/** Lists keys while the calling page stands. @param lines - the same array as long as the words are the same */
export function useListedKeys(lines: readonly ListedKeys[]): void {
  useEffect(() => listKeys(lines), [lines]);
}

/** The lines standing now, in React. */
export function useAllListedKeys(): readonly ListedKeys[] {
  return useSyncExternalStore(subscribe, listedKeys);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
