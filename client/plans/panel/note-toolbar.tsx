/** The note's toolbar: one tab stop, arrows move along it, each button says whether it is on. */
import {
  IconBold,
  IconHeading,
  IconItalic,
  IconList,
  IconListNumbers,
  IconQuote,
  IconStrikethrough,
} from '@tabler/icons-react';
import { type Editor, useEditorState } from '@tiptap/react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '#client/plans/panel/note-toolbar.module.css';

const tools = {
  bold: { icon: IconBold, run: (editor: Editor) => editor.chain().focus().toggleBold().run() },
  italic: { icon: IconItalic, run: (editor: Editor) => editor.chain().focus().toggleItalic().run() },
  strike: { icon: IconStrikethrough, run: (editor: Editor) => editor.chain().focus().toggleStrike().run() },
  heading: {
    icon: IconHeading,
    run: (editor: Editor) => editor.chain().focus().toggleHeading({ level: 3 }).run(),
  },
  bulletList: { icon: IconList, run: (editor: Editor) => editor.chain().focus().toggleBulletList().run() },
  orderedList: {
    icon: IconListNumbers,
    run: (editor: Editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  blockquote: { icon: IconQuote, run: (editor: Editor) => editor.chain().focus().toggleBlockquote().run() },
} as const;
type Tool = keyof typeof tools;
const order = Object.keys(tools) as Tool[];

/** Buttons for what the editor can do. */
export function NoteToolbar({ editor }: { editor: Editor }) {
  const { t } = useTranslation('plans');
  const bar = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState(0);
  const on = useEditorState({
    editor,
    selector: ({ editor: now }) => order.map((tool) => now.isActive(tool)).join(),
  }).split(',');
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const onward = getComputedStyle(event.currentTarget).direction === 'rtl' ? -by : by;
    const next = (stop + onward + order.length) % order.length;
    setStop(next);
    bar.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div
      ref={bar}
      role="toolbar"
      tabIndex={-1}
      aria-label={t('note.toolbar')}
      className={styles['bar']}
      onKeyDown={onKeyDown}
    >
      {order.map((tool, index) => {
        const { icon: Icon, run } = tools[tool];
        return (
          <button
            key={tool}
            type="button"
            tabIndex={index === stop ? 0 : -1}
            aria-label={t(`note.tool.${tool}`)}
            title={t(`note.tool.${tool}`)}
            aria-pressed={on[index] === 'true'}
            onFocus={() => setStop(index)}
            onClick={() => run(editor)}
          >
            <Icon size={17} stroke={1.7} aria-hidden />
          </button>
        );
      })}
    </div>
  );
}
