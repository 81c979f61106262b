/** One undo stack over several documents: one's own steps only, each taken back wherever it was written. */
import { type Doc, UndoManager } from 'yjs';
import type { PlanUndo } from '#client/plans/plan-context.ts';
import { type PlanDocs, undoScope } from '#shared/plans/doc.ts';

/** A part of a step: how high its manager's stack stood with it. */
interface Part {
  manager: UndoManager;
  height: number;
}

/** Undo that can be ended with its documents. */
export interface EndableUndo extends PlanUndo {
  end(): void;
}

/** Most steps kept. */
const mostSteps = 200;

/** @param origin - marks one's own edits; nothing else is ever taken back */
export function createPlanUndo(docs: PlanDocs, origin: unknown): EndableUndo {
  const done: Part[][] = [];
  const undone: Part[][] = [];
  let current: Part[] | null = null;
  let isReplaying = false;

  /** What is written in one turn, in whatever documents, is one step. */
  function record(manager: UndoManager): void {
    if (isReplaying) return;
    if (current === null) {
      current = [];
      done.push(current);
      if (done.length > mostSteps) done.shift();
      undone.length = 0;
      queueMicrotask(() => {
        current = null;
      });
    }
    current.push({ manager, height: manager.undoStack.length });
  }

  const managers = [docs.shared, docs.buyer, docs.supplier].map((doc) => managerOf(doc, docs, origin));
  for (const manager of managers) {
    manager.on('stack-item-added', ({ type }: { type: 'undo' | 'redo' }) => {
      if (type === 'undo') record(manager);
    });
  }

  function replay(from: Part[][], to: Part[][], way: 'undo' | 'redo'): void {
    for (let step = from.pop(); step !== undefined; step = from.pop()) {
      isReplaying = true;
      const changed = step.filter((part) => replayPart(part, way));
      isReplaying = false;
      if (changed.length === 0) continue;
      to.push(changed.map(({ manager }) => ({ manager, height: stackFor(manager, opposite[way]).length })));
      return;
    }
  }

  return {
    undo: () => replay(done, undone, 'undo'),
    redo: () => replay(undone, done, 'redo'),
    end() {
      for (const manager of managers) manager.destroy();
    },
  };
}

const opposite = { undo: 'redo', redo: 'undo' } as const;

function stackFor(manager: UndoManager, way: 'undo' | 'redo') {
  return way === 'undo' ? manager.undoStack : manager.redoStack;
}

/** Yjs passes over steps that others have already overwritten; the height says whether this one is still there. */
function replayPart({ manager, height }: Part, way: 'undo' | 'redo'): boolean {
  return stackFor(manager, way).length >= height && manager[way]() !== null;
}

function managerOf(doc: Doc, docs: PlanDocs, origin: unknown): UndoManager {
  const scope = undoScope(docs).filter((map) => map.doc === doc);
  return new UndoManager(scope, { trackedOrigins: new Set([origin]), captureTimeout: 0, doc });
}
