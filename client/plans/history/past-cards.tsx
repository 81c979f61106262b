/** A past plan on a phone: one card a row; a card opens the row. */
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import cardStyles from '#client/plans/cards/plan-cards.module.css';
import { showDate } from '#client/plans/date-text.ts';
import styles from '#client/plans/history/past-cards.module.css';
import type { PastLine } from '#client/plans/history/past-lines.ts';
import type { CellWriter } from '#client/plans/history/past-plan.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { OwnerCell } from '#client/plans/table/cells.tsx';
import { columns } from '#client/plans/table/columns.ts';
import { useRowWindow } from '#client/plans/table/use-row-window.ts';

const cardHeight = 84;

/** Only the cards in sight are drawn. */
export interface PastCardsProps {
  label: string;
  lines: readonly PastLine[];
  writer: CellWriter;
  onOpen: (taskId: string) => void;
}

export function PastCards({ label, lines, writer, onOpen }: PastCardsProps) {
  const scroller = useRef<HTMLUListElement>(null);
  const { range } = useRowWindow(scroller, { count: lines.length, rowHeight: cardHeight, headHeight: 0 });
  return (
    <ul ref={scroller} className={`${cardStyles['cards']} ${styles['cards']}`} aria-label={label}>
      <li aria-hidden style={{ blockSize: range.first * cardHeight }} />
      {lines.slice(range.first, range.end).map((line) => (
        <li
          key={`${line.row.task.id} ${line.fate === 'removed'}`}
          className={cardStyles['card']}
          data-depth={Math.min(line.row.depth, 3)}
        >
          <Card line={line} writer={writer} onOpen={onOpen} />
        </li>
      ))}
      <li aria-hidden style={{ blockSize: (lines.length - range.end) * cardHeight }} />
    </ul>
  );
}

function Card({ line, writer, onOpen }: Pick<PastCardsProps, 'writer' | 'onOpen'> & { line: PastLine }) {
  const { t } = useTranslation('plans');
  const { reading } = useOpenPlan();
  const { row, fate, cells, note } = line;
  const { task, dates } = row;
  const percent = new Intl.NumberFormat(reading.locale, { style: 'percent' }).format(row.progressPct / 100);
  const written = columns.find((column) => cells.has(column));
  const side = fate === 'removed' || written === undefined ? undefined : writer(task, written)?.author.side;
  const changed = columns.filter((column) => cells.has(column)).map((column) => t(`column.${column}`));
  if (note === true) changed.push(t('note.title'));
  return (
    <button
      type="button"
      className={`${cardStyles['button']} ${styles['card']}`}
      data-fate={fate}
      data-written={side}
      onClick={() => onOpen(task.id)}
    >
      <span className={cardStyles['head']}>
        <bdi className={cardStyles['title']}>{task.title === '' ? t('row.untitled') : task.title}</bdi>
        <span className={cardStyles['progress']}>
          <span className="visually-hidden">{t('card.progress')}</span> {percent}
        </span>
      </span>
      <span className={cardStyles['line']}>
        <OwnerCell task={task} />
        <span className={cardStyles['dates']}>
          {dates.start === null && dates.finish === null
            ? t('card.noDates')
            : t('card.dates', {
                start: showDate(dates.start, reading) || t('card.open'),
                finish: showDate(dates.finish, reading) || t('card.open'),
              })}
        </span>
      </span>
      {fate !== 'same' && (
        <span className={styles['fate']}>
          {t(`history.fate.${fate}`)}
          {fate === 'changed' && changed.length > 0 && `: ${changed.join(', ')}`}
        </span>
      )}
    </button>
  );
}
