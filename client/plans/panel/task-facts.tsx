/** The facts of a task as fields; those one may not write are shown as text, with the reason. */
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SideMark } from '#client/base/parts/side-mark.tsx';
import { type TextColumn, textOf } from '#client/plans/cell-edit.ts';
import { lockOf } from '#client/plans/cell-lock.ts';
import { takeText } from '#client/plans/clashes/take-text.ts';
import styles from '#client/plans/panel/task-facts.module.css';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { OwnerMenu } from '#client/plans/table/cell-menus.tsx';
import { OwnerCell } from '#client/plans/table/cells.tsx';
import { TextEditor } from '#client/plans/table/text-editor.tsx';
import { useLockWords } from '#client/plans/use-lock-words.ts';
import type { PlanRow } from '#shared/plans/outline.ts';

const fields: readonly TextColumn[] = ['title', 'start', 'finish', 'progress'];

/** Title, owner, days and progress, then who owns them in words. `titleFirst` begins with the title's editor open. */
export function TaskFacts({ row, titleFirst }: { row: PlanRow; titleFirst: boolean }) {
  const { t } = useTranslation('plans');
  const { companies, desk } = useOpenPlan();
  const { owner } = row.task;
  return (
    <div>
      <dl className={styles['facts']}>
        {fields.slice(0, 1).map((column) => (
          <TextFact key={column} row={row} column={column} isOpen={titleFirst} />
        ))}
        <OwnerFact row={row} />
        {fields.slice(1).map((column) => (
          <TextFact key={column} row={row} column={column} isOpen={false} />
        ))}
      </dl>
      <p className={styles['owned']}>
        <SideMark side={owner} />
        {owner !== desk.standing.side && t('owned.byThem', { company: companies[owner] })}
        {owner === desk.standing.side && t(desk.standing.mayWrite ? 'owned.byUs' : 'owned.byYours')}
      </p>
    </div>
  );
}

/** Text that becomes a field when pressed; the same editor as in the table. */
function TextFact({ row, column, isOpen }: { row: PlanRow; column: TextColumn; isOpen: boolean }) {
  const { t } = useTranslation('plans');
  const plan = useOpenPlan();
  const lockWords = useLockWords();
  const button = useRef<HTMLButtonElement>(null);
  const [editing, setEditing] = useState(isOpen);
  const lock = lockOf(plan.desk.standing, row, column);
  const text = textOf(row, column, plan.reading);
  const words = column === 'progress' ? formatPercent(row.progressPct, plan.reading.locale) : text;
  const close = () => {
    setEditing(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <Fact label={t(`column.${column}`)}>
      {lock !== null ? (
        <span className={styles['locked']} title={lockWords(lock, row, column)}>
          <bdi>{words === '' ? t('fact.none') : words}</bdi>
        </span>
      ) : (
        <button
          ref={button}
          type="button"
          className={styles['value']}
          data-blank={words === '' || undefined}
          onClick={() => setEditing(true)}
        >
          <bdi>{words === '' ? t(column === 'title' ? 'fact.addTitle' : 'fact.addDate') : words}</bdi>
        </button>
      )}
      {editing && lock === null && (
        <TextEditor
          label={t(`column.${column}`)}
          column={column}
          text={text}
          stands={text}
          selectsAll={column !== 'title'}
          chosen={column === 'start' || column === 'finish' ? row.dates[column] : null}
          reading={plan.reading}
          take={(taken, stood) => takeText(t, plan, row.task.id, { column, text: taken, stood })}
          onDone={close}
          onCancel={close}
        />
      )}
    </Fact>
  );
}

function OwnerFact({ row }: { row: PlanRow }) {
  const { t } = useTranslation('plans');
  const { desk } = useOpenPlan();
  const lockWords = useLockWords();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const lock = lockOf(desk.standing, row, 'owner');
  return (
    <Fact label={t('column.owner')}>
      {lock !== null ? (
        <span className={styles['locked']} title={lockWords(lock, row, 'owner')}>
          <OwnerCell task={row.task} />
        </span>
      ) : (
        <button
          ref={button}
          type="button"
          className={styles['value']}
          aria-haspopup="menu"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <OwnerCell task={row.task} />
        </button>
      )}
      {open && button.current !== null && (
        <OwnerMenu
          task={row.task}
          anchor={button.current}
          onClose={() => {
            setOpen(false);
            button.current?.focus();
          }}
        />
      )}
    </Fact>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles['fact']}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function formatPercent(percent: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(percent / 100);
}
