/** The side panel of a task: its facts, everything that can be done with it, and its note. */
import { IconDots, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NoteSection } from '#client/plans/panel/note-section.tsx';
import { TaskFacts } from '#client/plans/panel/task-facts.tsx';
import styles from '#client/plans/panel/task-panel.module.css';
import { RowMenu } from '#client/plans/table/cell-menus.tsx';
import type { PlanRow } from '#shared/plans/outline.ts';

/** The panel of one row; `onAdd` adds a row below it. One that is `isNew` begins with its title. */
export interface TaskPanelProps {
  row: PlanRow;
  isNew: boolean;
  onAdd: () => void;
  onClose: () => void;
}

/** Beside the table on wide screens, over the list on phones. Escape closes it; focus starts at its heading, or in the title of a new row. */
export function TaskPanel({ row, isNew, onAdd, onClose }: TaskPanelProps) {
  const { t } = useTranslation('plans');
  const { task } = row;
  const heading = useRef<HTMLHeadingElement>(null);
  const more = useRef<HTMLButtonElement>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const [titleFirst] = useState(isNew);
  useEffect(() => {
    if (!titleFirst) heading.current?.focus({ preventScroll: true });
  }, [titleFirst]);
  return (
    <aside
      className={styles['panel']}
      aria-labelledby="task-title"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className={styles['head']}>
        <h2 id="task-title" ref={heading} tabIndex={-1}>
          <bdi>{task.title === '' ? t('row.untitled') : task.title}</bdi>
        </h2>
        <button
          ref={more}
          type="button"
          aria-label={t('menu.label')}
          aria-haspopup="menu"
          aria-expanded={menuOpen}
          onClick={() => setMenuOpen(!menuOpen)}
        >
          <IconDots size={17} stroke={1.7} aria-hidden />
        </button>
        <button type="button" aria-label={t('panel.close')} onClick={onClose}>
          <IconX size={17} stroke={1.7} aria-hidden />
        </button>
      </header>
      <div className={styles['content']}>
        <TaskFacts key={task.id} row={row} titleFirst={titleFirst} />
        <NoteSection key={`note ${task.id}`} taskId={task.id} isNoted={task.noted} />
      </div>
      {menuOpen && more.current !== null && (
        <RowMenu
          task={task}
          anchor={more.current}
          add={onAdd}
          onClose={() => {
            setMenuOpen(false);
            more.current?.focus();
          }}
        />
      )}
    </aside>
  );
}
