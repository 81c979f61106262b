/** The registry of shortcuts: pages add theirs while they stand, one listener on the window runs them. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { KeySequence, type KeyStep } from '#client/base/keyboard/key-sequence.ts';

/** Groups of the list that `?` shows, in its order. */
export const shortcutGroups = ['page', 'go', 'create', 'general'] as const;
export type ShortcutGroup = (typeof shortcutGroups)[number];

/** One shortcut. Each must also have a visible control: a shortcut is never the only way. */
export interface Shortcut {
  /** Steps by position (`KeyG`) or sign (`?`); one or two. */
  steps: readonly KeyStep[];
  /** What it does, already in words. */
  words: string;
  group: ShortcutGroup;
  run: () => void;
}

const offKey = 'tandem-shortcuts-off';
const listeners = new Set<() => void>();
let standing: readonly Shortcut[] = [];
const sequence = new KeySequence();

function tell(): void {
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Adds shortcuts while the calling component stands; later ones win over earlier ones with the same steps. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const key = shortcuts.map(({ steps, words }) => `${steps.join(' ')}=${words}`).join('|');
  useEffect(() => {
    const added = latest.current.map((shortcut, index) => ({
      ...shortcut,
      run: () => latest.current[index]?.run(),
    }));
    if (key === '') {
      return undefined;
    }
    standing = [...added, ...standing];
    tell();
    return () => {
      standing = standing.filter((shortcut) => !added.includes(shortcut));
      tell();
    };
  }, [key]);
}

/** All shortcuts standing now, newest first. */
export function useStandingShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, () => standing);
}

/** Whether shortcuts without Ctrl are on (WCAG 2.1.4 asks for the switch); kept on this device. */
export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(offKey) === null;
  } catch {
    return true;
  }
}

/** The switch in React, with its setter. */
export function useShortcutsSwitch(): [boolean, (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, shortcutsOn), switchShortcuts];
}

function switchShortcuts(on: boolean): void {
  try {
    on ? localStorage.removeItem(offKey) : localStorage.setItem(offKey, '1');
  } catch {
    // Without storage the choice cannot be kept; shortcuts then stay on.
  }
  tell();
}

/** Keys belong to whoever is typing, and to widgets that mark themselves as keyboard owners. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  const owner =
    'input, textarea, select, [contenteditable="true"], [data-owns-keys], dialog, [role="dialog"]';
  return event.defaultPrevented || event.isComposing || target?.closest(owner) != null;
}

function onKeyDown(event: KeyboardEvent): void {
  if (isTaken(event) || !shortcutsOn()) {
    return;
  }
  const found = sequence.press(
    event,
    standing.map(({ steps }) => steps),
    event.timeStamp,
  );
  if (typeof found === 'number' && found >= 0) {
    event.preventDefault();
    standing[found]?.run();
  }
}

/** Starts listening; called once at the start of the page. */
export function listenForShortcuts(): void {
  window.addEventListener('keydown', onKeyDown);
}
