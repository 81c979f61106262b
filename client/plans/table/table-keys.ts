/** What a key means in the plan's table, apart from any screen: so that every key is tested as a table. */

/** What the table can be told to do by keyboard. */
export type TableCommand =
  | { kind: 'go'; rows: number; columns: number }
  | { kind: 'goEdge'; edge: 'rowStart' | 'rowEnd' | 'first' | 'last' }
  | { kind: 'goPage'; pages: number }
  /** `text` replaces what stands in the cell; null keeps it. */
  | { kind: 'edit'; text: string | null }
  | { kind: 'add' }
  | { kind: 'remove' }
  | { kind: 'undo' }
  | { kind: 'redo' }
  | { kind: 'moveRow'; way: 'up' | 'down' | 'deeper' | 'shallower' }
  | { kind: 'shiftDays'; days: number }
  | { kind: 'open' }
  | { kind: 'menu' };

/** The part of a keyboard event that decides. */
export interface PressedKey {
  key: string;
  /** The key's place on the board; letters are read by it, so that Greek and Russian boards work. */
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** How keys are read: arrows follow the eye, and single letters can be switched off (WCAG 2.1.4). */
export interface KeySettings {
  isRtl: boolean;
  letters: boolean;
}

const arrows: Record<string, { rows: number; columns: number }> = {
  ArrowUp: { rows: -1, columns: 0 },
  ArrowDown: { rows: 1, columns: 0 },
  ArrowLeft: { rows: 0, columns: -1 },
  ArrowRight: { rows: 0, columns: 1 },
};

const plain: Record<string, TableCommand> = {
  Home: { kind: 'goEdge', edge: 'rowStart' },
  End: { kind: 'goEdge', edge: 'rowEnd' },
  PageUp: { kind: 'goPage', pages: -1 },
  PageDown: { kind: 'goPage', pages: 1 },
  Enter: { kind: 'edit', text: null },
  F2: { kind: 'edit', text: null },
  Backspace: { kind: 'edit', text: '' },
  Delete: { kind: 'remove' },
  Insert: { kind: 'add' },
  ' ': { kind: 'open' },
  ContextMenu: { kind: 'menu' },
};

/** The command of a key; null when it is not the table's. */
export function readKey(pressed: PressedKey, settings: KeySettings): TableCommand | null {
  const step = arrowStep(pressed.key, settings.isRtl);
  if (pressed.altKey) return step === null ? null : withAlt(step, pressed.shiftKey);
  if (pressed.ctrlKey || pressed.metaKey) return withControl(pressed, step);
  if (pressed.shiftKey && pressed.key === 'F10') return { kind: 'menu' };
  if (step !== null) return { kind: 'go', ...step };
  if (settings.letters && !pressed.shiftKey && pressed.code === 'KeyN') return { kind: 'add' };
  return plain[pressed.key] ?? typed(pressed.key);
}

function arrowStep(key: string, isRtl: boolean): { rows: number; columns: number } | null {
  const step = arrows[key];
  if (step === undefined) return null;
  return isRtl ? { rows: step.rows, columns: -step.columns } : step;
}

function withAlt({ rows, columns }: { rows: number; columns: number }, shift: boolean): TableCommand {
  if (rows !== 0) return { kind: 'moveRow', way: rows < 0 ? 'up' : 'down' };
  if (shift) return { kind: 'moveRow', way: columns < 0 ? 'shallower' : 'deeper' };
  return { kind: 'shiftDays', days: columns };
}

function withControl(
  { key, code, shiftKey }: PressedKey,
  step: { rows: number; columns: number } | null,
): TableCommand | null {
  if (code === 'KeyZ') return { kind: shiftKey ? 'redo' : 'undo' };
  if (code === 'KeyY') return { kind: 'redo' };
  if (key === 'Home') return { kind: 'goEdge', edge: 'first' };
  if (key === 'End') return { kind: 'goEdge', edge: 'last' };
  if (step === null) return null;
  if (step.rows !== 0) return { kind: 'goEdge', edge: step.rows < 0 ? 'first' : 'last' };
  return { kind: 'goEdge', edge: step.columns < 0 ? 'rowStart' : 'rowEnd' };
}

/** A printed character begins an edit with it; named keys such as `Shift` have longer names. */
function typed(key: string): TableCommand | null {
  return Array.from(key).length === 1 ? { kind: 'edit', text: key } : null;
}
