/** Matches keys and two-key sequences by the position of the key, so that any keyboard layout works. Pure. */

/** The part of a KeyboardEvent that matching needs. */
export interface KeyPress {
  /** Position, such as `KeyG`. */
  code: string;
  /** What the layout writes there. */
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** One step: a `code`, or a character for signs whose position differs between layouts, such as `?`. */
export type KeyStep = string;

const sequenceMs = 1_000;

/** Whether a press is a step: positions without Shift, characters with or without it; never with Ctrl, Meta or Alt. */
export function matchesStep(press: KeyPress, step: KeyStep): boolean {
  if (press.ctrlKey || press.metaKey || press.altKey) {
    return false;
  }
  return step.length === 1 ? press.key === step : press.code === step && !press.shiftKey;
}

/** Remembers the steps typed so far; a pause of one second forgets them. */
export class KeySequence {
  private typed: KeyPress[] = [];
  private lastMs = Number.NEGATIVE_INFINITY;

  /**
   * Takes one press and finds the shortcut it completes.
   * @param shortcuts - step lists, longest match first wins
   * @param nowMs - monotonic time of the press
   * @returns index of the shortcut, -1 for none, or 'begun' when the press may begin a longer one
   */
  press(press: KeyPress, shortcuts: readonly (readonly KeyStep[])[], nowMs: number): number | 'begun' {
    if (nowMs - this.lastMs > sequenceMs) {
      this.typed = [];
    }
    this.lastMs = nowMs;
    this.typed = [...this.typed, press].slice(-2);
    for (let from = 0; from < this.typed.length; from += 1) {
      const tail = this.typed.slice(from);
      const found = shortcuts.findIndex((steps) => steps.length === tail.length && isPrefix(tail, steps));
      if (found !== -1) {
        this.typed = [];
        return found;
      }
      if (shortcuts.some((steps) => steps.length > tail.length && isPrefix(tail, steps))) {
        return 'begun';
      }
    }
    this.typed = [];
    return -1;
  }
}

function isPrefix(typed: readonly KeyPress[], steps: readonly KeyStep[]): boolean {
  return typed.every((press, index) => {
    const step = steps[index];
    return step !== undefined && matchesStep(press, step);
  });
}

/** How a step is written for people: `KeyG` → G, `?` → ?. */
export function stepLabel(step: KeyStep): string {
  return step.replace(/^(Key|Digit)/, '');
}
