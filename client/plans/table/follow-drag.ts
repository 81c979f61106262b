/** Hears on the window how a drag goes on, and whether it is dropped or called off. */

/** What a drag does while it is followed. */
export interface DragFollower {
  /** @param y - the pointer's distance from the top of the window, in CSS pixels */
  move(y: number): void;
  drop(): void;
  /** Escape, or the browser took the pointer away, as for scrolling or when the device turns. */
  callOff(): void;
}

/** Begins to hear. @returns how to stop */
export function followDrag(target: EventTarget, { move, drop, callOff }: DragFollower): () => void {
  const ears: Record<string, (event: Event) => void> = {
    pointermove: (event) => {
      if ('clientY' in event && typeof event.clientY === 'number') move(event.clientY);
    },
    pointerup: drop,
    pointercancel: callOff,
    keydown: (event) => {
      if ('key' in event && event.key === 'Escape') callOff();
    },
  };
  for (const [name, ear] of Object.entries(ears)) target.addEventListener(name, ear);
  return () => {
    for (const [name, ear] of Object.entries(ears)) target.removeEventListener(name, ear);
  };
}
