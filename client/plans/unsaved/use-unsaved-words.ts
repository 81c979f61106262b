/** What was not saved as lines of words; the same lines are shown and copied. */
import { useTranslation } from 'react-i18next';
import { showDate } from '#client/plans/date-text.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import type { Unsaved } from '#client/plans/unsaved/read-unsaved.ts';
import type { UnsavedChange } from '#client/plans/unsaved/unsaved-change.ts';
import { otherSide } from '#shared/base/audience.ts';
import type { TaskDates } from '#shared/plans/task.ts';

/** One change in words; `now` is what the plan says instead, null where that goes without saying. */
export interface UnsavedLine {
  words: string;
  now: string | null;
}

/** A row or a note with its lines. */
export interface UnsavedBlock {
  id: string;
  title: string;
  lines: readonly UnsavedLine[];
  /** Text of a note, several lines long; null for a row. */
  text: string | null;
}

/** @returns how to turn what was not saved into words, rows first */
export function useUnsavedWords(): (unsaved: Unsaved) => UnsavedBlock[] {
  const { t } = useTranslation('plans');
  const line = useChangeWords();
  const named = (title: string) => (title === '' ? t('row.untitled') : title);
  return ({ rows, notes }) => [
    ...rows.map(({ id, title, changes }) => ({
      id,
      title: named(title),
      lines: changes.map(line),
      text: null,
    })),
    ...notes.map(({ taskId, title, text }) => ({
      id: `note ${taskId} ${text}`,
      title: t('save.noteOf', { title: named(title) }),
      lines: [],
      text: text === '' ? t('unsaved.emptyNote') : text,
    })),
  ];
}

/** The blocks as plain text, a blank line between them. */
export function unsavedText(blocks: readonly UnsavedBlock[]): string {
  return blocks
    .map(({ title, lines, text }) =>
      [title, ...lines.map(({ words }) => `- ${words}`), ...(text === null ? [] : [text])].join('\n'),
    )
    .join('\n\n');
}

function useChangeWords(): (change: UnsavedChange) => UnsavedLine {
  const { t } = useTranslation('plans');
  const { desk, companies } = useOpenPlan();
  const valueWords = useValueWords();
  const planSays = (change: UnsavedChange) => {
    if (!('now' in change) || change.now === null) return null;
    return t('unsaved.now', { value: valueWords({ what: change.what, value: change.now }) });
  };
  return (change) => {
    if (!('value' in change)) {
      const company = companies[otherSide(desk.standing.side)];
      return { words: t(`unsaved.did.${change.what}`, { company }), now: null };
    }
    const field = t(`unsaved.field.${change.what}`);
    return { words: t('unsaved.line', { field, value: valueWords(change) }), now: planSays(change) };
  };
}

/** A field with a value of whatever kind that field has. */
interface Value {
  what: Extract<UnsavedChange, { value: unknown }>['what'];
  value: string | number | TaskDates;
}

function useValueWords(): (value: Value) => string {
  const { t } = useTranslation('plans');
  const { people, reading } = useOpenPlan();
  const percent = new Intl.NumberFormat(reading.locale, { style: 'percent' });
  const datesWords = ({ start, finish }: TaskDates) => {
    if (start === null && finish === null) return t('card.noDates');
    const day = (date: string | null) => showDate(date, reading) || t('card.open');
    return start === finish ? day(start) : t('card.dates', { start: day(start), finish: day(finish) });
  };
  return ({ what, value }) => {
    if (typeof value === 'object') return datesWords(value);
    if (typeof value === 'number') return percent.format(value / 100);
    if (what === 'person') return people.get(value)?.name ?? t('owner.nobody');
    if (what === 'kind') return t(`kind.${value as 'task'}`);
    return value === '' ? t('row.untitled') : value;
  };
}
