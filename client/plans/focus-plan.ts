/** Where the focus goes when what had it is gone: to the table, to a card, or to the plan itself. */

/** Does nothing while something else has the focus by now. */
export function keepFocus(): void {
  if (document.activeElement === null || document.activeElement === document.body) focusPlan();
}

/** @param taskId - the row to prefer on a phone, where each row has its own stop */
export function focusPlan(taskId: string | null = null): void {
  const places = ['[role="treegrid"]', `[data-row="${taskId}"]`, '[data-row]', '[data-plan]'];
  const found = places.map((place) => document.querySelector<HTMLElement>(place)).find((one) => one !== null);
  found?.focus({ preventScroll: true });
}
