/** Stands between a note's document and its editor: a change the editor cannot show ends the editor, and nothing else. */
import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import type * as Y from 'yjs';
import { isNoteFit } from '#client/plans/panel/note-shape.ts';

/** Told when the text can no longer be shown; the editor hears of no change from then on. */
export interface NoteGuardOptions {
  onUnfit: () => void;
}

/** The parts of the editor's binding that are stood before (source: @tiptap/y-tiptap 3.0.9, `ProsemirrorBinding`). */
interface Binding {
  type: Y.XmlFragment;
  /** Hears of changes of the document, from the moment the view stands. */
  _observeFunction: Parameters<Y.XmlFragment['observeDeep']>[0];
  /** Shows the whole document, when the view is made. */
  _forceRerender: () => void;
  /** Writes what was typed into the document. */
  _prosemirrorChanged: (text: unknown) => void;
}

/**
 * What the binding throws would go through the document's own transaction, into everything else that waits for it,
 * or through the page that mounts the editor.
 */
export const NoteGuard = Extension.create<NoteGuardOptions>({
  name: 'noteGuard',
  // Above the binding's, so that it is guarded before it shows anything.
  priority: 1001,
  addOptions: () => ({ onUnfit: () => undefined }),
  addProseMirrorPlugins() {
    const { onUnfit } = this.options;
    return [
      new Plugin({
        view: ({ state }) => {
          guard(ySyncPluginKey.getState(state).binding, onUnfit);
          return {};
        },
      }),
    ];
  },
});

/** From the first thing on that cannot be shown, the binding neither reads nor writes. */
function guard(binding: Binding, onUnfit: () => void): void {
  const { type, _observeFunction: observe, _forceRerender: showAll } = binding;
  let ended = false;
  const end = () => {
    ended = true;
    // What is typed until the editor is gone must not be compared with what it cannot read.
    binding._prosemirrorChanged = () => undefined;
    onUnfit();
  };
  const attempt = (isTrusted: boolean, work: () => void) => {
    if (ended) return;
    if (!isTrusted && !isNoteFit(type)) return end();
    try {
      work();
    } catch {
      end();
    }
  };
  binding._observeFunction = (events, transaction) =>
    attempt(transaction.local, () => observe(events, transaction));
  binding._forceRerender = () => attempt(false, () => showAll.call(binding));
}
