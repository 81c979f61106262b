/** The rich text of a task's note, edited by both companies at once; a chunk of its own, loaded when a note is opened. */
import { Collaboration } from '@tiptap/extension-collaboration';
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret';
import { EditorContent, useEditor } from '@tiptap/react';
import { StarterKit } from '@tiptap/starter-kit';
import { useTranslation } from 'react-i18next';
import type { LiveView } from '#client/base/live/live-view.ts';
import styles from '#client/plans/panel/note-editor.module.css';
import { NoteGuard } from '#client/plans/panel/note-guard.ts';
import { NoteLink } from '#client/plans/panel/note-link.ts';
import { NoteToolbar } from '#client/plans/panel/note-toolbar.tsx';
import { noteField } from '#shared/plans/doc.ts';

/** The note's document as joined; who is told whether it holds text after an edit made here, and when it cannot be shown any more. */
export interface NoteEditorProps {
  live: LiveView;
  onEdited: (hasText: boolean) => void;
  onUnfit: () => void;
}

/** Render it anew (by key) when the document is replaced. Undo is that of the text, one's own edits only. */
export function NoteEditor({ live, onEdited, onUnfit }: NoteEditorProps) {
  const { t } = useTranslation('plans');
  const { doc, awareness, mayWrite } = live;
  const editor = useEditor(
    {
      extensions: [
        StarterKit.configure({
          undoRedo: false,
          link: false,
          heading: { levels: [3] },
        }),
        NoteLink,
        Collaboration.configure({ document: doc, field: noteField }),
        NoteGuard.configure({ onUnfit }),
        CollaborationCaret.configure({ provider: { awareness }, render: caretOf }),
      ],
      editable: mayWrite,
      // The content policy allows no style elements; the rules stand in our own sheet.
      injectCSS: false,
      editorProps: {
        attributes: {
          class: styles['text'] ?? '',
          'aria-label': t('note.label'),
          'aria-multiline': 'true',
          role: 'textbox',
          dir: 'auto',
        },
      },
      onUpdate: ({ editor: changed }) => {
        if (changed.isFocused) onEdited(!changed.isEmpty);
      },
    },
    [doc, awareness, mayWrite],
  );
  return (
    <div className={styles['note']} data-readonly={!mayWrite || undefined}>
      {mayWrite && <NoteToolbar editor={editor} />}
      <EditorContent editor={editor} />
    </div>
  );
}

/** A caret with its name; the side decides colour and shape in the sheet, so that no colour of a stranger is used. */
function caretOf(user: Record<string, unknown>): HTMLElement {
  const caret = document.createElement('span');
  caret.className = styles['caret'] ?? '';
  caret.dataset['side'] = user['side'] === 'supplier' ? 'supplier' : 'buyer';
  const name = document.createElement('span');
  name.className = styles['caretName'] ?? '';
  name.textContent = typeof user['name'] === 'string' ? user['name'] : '';
  caret.append(name);
  return caret;
}
