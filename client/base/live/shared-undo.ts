/** One undo stack over several live documents: in the order of time, one's own edits only. */
import * as Y from 'yjs';

/** Any shared type, as Yjs' own undo takes it. */
type SharedType = Extract<ConstructorParameters<typeof Y.UndoManager>[0], unknown[]>[number];

/** One document, and which of its parts are undone here; rich text with an undo of its own stays out. */
export interface UndoScope {
  doc: Y.Doc;
  /** Shared types of this document; [] means all of it. */
  types: readonly SharedType[];
}

/** How an undo stack is made. */
export interface SharedUndoOptions {
  scopes: readonly UndoScope[];
  /** Edits of these origins only; by default every edit made in this tab, whatever its origin. */
  trackedOrigins?: readonly unknown[];
  /** Edits that follow each other within this time are undone together. */
  captureTimeoutMs?: number;
  /** Milliseconds; moved by hand in tests. */
  now?: () => number;
  /** Watches for what makes everything before it final, and calls `end` then. @returns how to stop */
  endedBy?: (end: () => void) => () => void;
}

/** What a page does with undo; made anew when a document is replaced. */
export interface SharedUndo {
  /** @returns false when there was nothing left to undo */
  undo(): boolean;
  /** @returns false when there was nothing left to redo */
  redo(): boolean;
  canUndo(): boolean;
  canRedo(): boolean;
  /** The next edit begins a new step, however soon it comes. */
  stopCapturing(): void;
  /** Calls back whenever `canUndo` or `canRedo` may have changed. @returns how to stop */
  onChange(listener: () => void): () => void;
  destroy(): void;
}

/** A step: the stacks that an item of each edit lies on, in the order of the edits. */
type Step = Y.UndoManager[];

const defaultCaptureTimeoutMs = 400;

/** Own edits come with many origins (null, an editor's, a row's); what others did is told apart by `local`. */
class EveryOrigin extends Set<unknown> {
  override has(): boolean {
    return true;
  }
}

/** Starts to record. Edits made before are not undone. */
export function createSharedUndo(options: SharedUndoOptions): SharedUndo {
  return new UndoLine(options);
}

class UndoLine implements SharedUndo {
  private readonly managers: Y.UndoManager[];
  private readonly captureTimeoutMs: number;
  private readonly now: () => number;
  private readonly listeners = new Set<() => void>();
  private readonly stopEnding: () => void;
  private undoSteps: Step[] = [];
  private redoSteps: Step[] = [];
  private lastEditMs = Number.NEGATIVE_INFINITY;
  /** Where items go that undoing or redoing makes; null while a person edits. */
  private collecting: Step | null = null;
  private isClearing = false;

  constructor({ scopes, trackedOrigins, captureTimeoutMs, now, endedBy }: SharedUndoOptions) {
    this.captureTimeoutMs = captureTimeoutMs ?? defaultCaptureTimeoutMs;
    this.now = now ?? Date.now;
    this.managers = scopes.map(({ doc, types }) => {
      const manager = new Y.UndoManager(types.length === 0 ? doc : [...types], {
        doc,
        // Every edit is an item of its own there; which of them belong together is decided here, over all documents.
        captureTimeout: 0,
        // Yjs clears its stacks in transactions too; those change nothing and are no step.
        captureTransaction: ({ local, changed }) => local && changed.size > 0,
        trackedOrigins: trackedOrigins === undefined ? new EveryOrigin() : new Set(trackedOrigins),
      });
      manager.on('stack-item-added', () => this.added(manager));
      return manager;
    });
    this.stopEnding = endedBy?.(() => this.clear()) ?? (() => undefined);
  }

  undo(): boolean {
    return this.turnBack(this.undoSteps, this.redoSteps, 'undo');
  }

  redo(): boolean {
    return this.turnBack(this.redoSteps, this.undoSteps, 'redo');
  }

  canUndo(): boolean {
    return this.undoSteps.length > 0;
  }

  canRedo(): boolean {
    return this.redoSteps.length > 0;
  }

  stopCapturing(): void {
    this.lastEditMs = Number.NEGATIVE_INFINITY;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  destroy(): void {
    this.stopEnding();
    this.listeners.clear();
    for (const manager of this.managers) manager.destroy();
  }

  private clear(): void {
    this.undoSteps = [];
    this.redoSteps = [];
    for (const manager of this.managers) manager.clear();
    this.stopCapturing();
    this.changed();
  }

  private added(manager: Y.UndoManager): void {
    if (this.collecting !== null) {
      this.collecting.push(manager);
      return;
    }
    const nowMs = this.now();
    const last = this.undoSteps.at(-1);
    if (last !== undefined && nowMs - this.lastEditMs < this.captureTimeoutMs) last.push(manager);
    else this.undoSteps.push([manager]);
    this.lastEditMs = nowMs;
    this.forgetRedo();
    this.changed();
  }

  /** A new edit makes what was undone unreachable, in the other documents too. */
  private forgetRedo(): void {
    if (this.redoSteps.length === 0 || this.isClearing) return;
    this.isClearing = true;
    this.redoSteps = [];
    for (const manager of this.managers) manager.clear(false, true);
    this.isClearing = false;
  }

  /** A step that changes nothing any more, because others removed what it touched, is passed over. */
  private turnBack(from: Step[], to: Step[], way: 'undo' | 'redo'): boolean {
    this.stopCapturing();
    let hasChanged = false;
    for (
      let step = from.pop();
      step !== undefined && !hasChanged;
      step = hasChanged ? undefined : from.pop()
    ) {
      const made: Step = [];
      this.collecting = made;
      for (const manager of step.toReversed()) hasChanged = popOne(manager, way) || hasChanged;
      this.collecting = null;
      if (made.length > 0) to.push(made);
    }
    this.changed();
    return hasChanged;
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/**
 * Turns back exactly one item. Yjs by itself goes on to the next one when an item changes nothing, but that one may
 * belong to an earlier step.
 */
function popOne(manager: Y.UndoManager, way: 'undo' | 'redo'): boolean {
  const stack = way === 'undo' ? manager.undoStack : manager.redoStack;
  const below = stack.splice(0, stack.length - 1);
  const popped = way === 'undo' ? manager.undo() : manager.redo();
  stack.unshift(...below);
  return popped !== null;
}
