/** The plan on a phone: one card a row, with its days as a small bar; a card opens the panel, where all is edited. */
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '#client/plans/cards/plan-cards.module.css';
import { type Span, spanOf, spanPlace } from '#client/plans/cards/span.ts';
import { showDate } from '#client/plans/date-text.ts';
import type { Other } from '#client/plans/others.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { OwnerCell } from '#client/plans/table/cells.tsx';
import { useRowWindow } from '#client/plans/table/use-row-window.ts';
import type { PlanRow } from '#shared/plans/outline.ts';
import type { TaskDates } from '#shared/plans/task.ts';

const cardHeight = 84;

/** All rows, unfolded; only the cards in sight are drawn. */
export interface PlanCardsProps {
  name: string;
  rows: readonly PlanRow[];
  others: ReadonlyMap<string, readonly Other[]>;
  onOpen: (taskId: string) => void;
}

export function PlanCards({ name, rows, others, onOpen }: PlanCardsProps) {
  const scroller = useRef<HTMLUListElement>(null);
  const { range } = useRowWindow(scroller, { count: rows.length, rowHeight: cardHeight, headHeight: 0 });
  const span = spanOf(rows);
  return (
    <ul ref={scroller} className={styles['cards']} aria-label={name}>
      <li aria-hidden style={{ blockSize: range.first * cardHeight }} />
      {rows.slice(range.first, range.end).map((row) => (
        <li key={row.task.id} className={styles['card']} data-depth={Math.min(row.depth, 3)}>
          <Card row={row} span={span} here={others.get(row.task.id) ?? []} onOpen={onOpen} />
        </li>
      ))}
      <li aria-hidden style={{ blockSize: (rows.length - range.end) * cardHeight }} />
    </ul>
  );
}

interface CardProps {
  row: PlanRow;
  span: Span | null;
  here: readonly Other[];
  onOpen: (taskId: string) => void;
}

function Card({ row, span, here, onOpen }: CardProps) {
  const { t } = useTranslation('plans');
  const { reading } = useOpenPlan();
  const { task, dates } = row;
  const place = span === null ? null : spanPlace(span, dates);
  const first = here[0];
  const percent = new Intl.NumberFormat(reading.locale, { style: 'percent' }).format(row.progressPct / 100);
  return (
    <button
      type="button"
      className={styles['button']}
      data-row={task.id}
      data-kind={task.kind}
      data-here={first?.side}
      onClick={() => onOpen(task.id)}
    >
      <span className={styles['head']}>
        {task.kind === 'milestone' && (
          <span
            className={styles['diamond']}
            data-side={task.owner}
            role="img"
            aria-label={t('kind.milestone')}
          />
        )}
        <bdi className={styles['title']}>{task.title === '' ? t('row.untitled') : task.title}</bdi>
        <span className={styles['progress']}>
          <span className="visually-hidden">{t('card.progress')}</span> {percent}
        </span>
      </span>
      <span className={styles['line']}>
        <OwnerCell task={task} />
        <span className={styles['dates']}>
          <CardDates dates={dates} />
        </span>
      </span>
      <span className={styles['track']} aria-hidden>
        {place !== null && (
          <span
            className={styles['bar']}
            data-side={task.owner}
            data-kind={task.kind}
            style={{ insetInlineStart: `${place.startPct}%`, inlineSize: `${place.widthPct}%` }}
          />
        )}
      </span>
    </button>
  );
}

/** One day is said once, as that of a milestone is. */
function CardDates({ dates: { start, finish } }: { dates: TaskDates }) {
  const { t } = useTranslation('plans');
  const { reading } = useOpenPlan();
  if (start === null && finish === null) return t('card.noDates');
  if (start === finish) return showDate(start, reading);
  return t('card.dates', {
    start: showDate(start, reading) || t('card.open'),
    finish: showDate(finish, reading) || t('card.open'),
  });
}
