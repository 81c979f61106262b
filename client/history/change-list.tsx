/** Changes and named versions, newest first, by day; choosing one goes to its moment. One tab stop, arrows move. */
import { IconFlag3 } from '@tabler/icons-react';
import { type KeyboardEvent, memo, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { PersonAvatar } from '#client/base/parts/person-avatar.tsx';
import styles from '#client/history/change-list.module.css';
import { daysOf, type Entry } from '#client/history/days.ts';
import { useMomentText } from '#client/history/use-moment-text.ts';
import type { Change, Version } from '#shared/history/shape.ts';

/** `chosen` is the key of the line that is looked at; 'now' for the present, null for a moment between two lines. */
export interface ChangeListProps {
  changes: readonly Change[];
  versions: readonly Version[];
  chosen: string | null;
  /** Names of the things a change touched, the most important first; [] where that is not known. */
  touched: (change: Change) => readonly string[];
  onChoose: (entry: Entry | 'now') => void;
}

const namedTitles = 2;

/** The present stands first. */
export function ChangeList(props: ChangeListProps) {
  const { changes, versions, chosen, touched, onChoose } = props;
  const { t } = useTranslation('history');
  const text = useMomentText();
  const list = useRef<HTMLFieldSetElement>(null);
  const days = useMemo(() => daysOf(changes, versions, text.day), [changes, versions, text]);
  const first = chosen ?? 'now';
  const latest = useRef(onChoose);
  latest.current = onChoose;
  const choose = useMemo(() => (entry: Entry | 'now') => latest.current(entry), []);
  return (
    <fieldset
      ref={list}
      aria-label={t('list.label')}
      className={styles['list']}
      onKeyDown={(event) => moveFocus(event, list.current)}
    >
      <button
        type="button"
        className={styles['entry']}
        data-entry
        tabIndex={first === 'now' ? 0 : -1}
        aria-current={chosen === 'now' || undefined}
        onClick={() => onChoose('now')}
      >
        <span className={styles['present']} aria-hidden />
        <span className={styles['words']}>
          <span className={styles['who']}>{t('now')}</span>
          <span className={styles['soft']}>{t('list.present')}</span>
        </span>
      </button>
      {days.map(({ day, entries }) => (
        <section key={day} aria-label={day}>
          <h3 className={styles['day']}>{day}</h3>
          <ul>
            {entries.map((entry) => (
              <li key={entry.key} className={styles['item']}>
                <EntryLine
                  entry={entry}
                  isChosen={entry.key === chosen}
                  isStop={entry.key === first}
                  titles={entry.what === 'change' ? touched(entry.change).join('\n') : ''}
                  onChoose={choose}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </fieldset>
  );
}

interface EntryLineProps {
  entry: Entry;
  isChosen: boolean;
  isStop: boolean;
  /** One a line, so that equal ones are equal. */
  titles: string;
  onChoose: (entry: Entry) => void;
}

const EntryLine = memo(function EntryLine({ entry, isChosen, isStop, titles, onChoose }: EntryLineProps) {
  return (
    <button
      type="button"
      className={styles['entry']}
      data-entry
      data-what={entry.what}
      tabIndex={isStop ? 0 : -1}
      aria-current={isChosen || undefined}
      onClick={() => onChoose(entry)}
    >
      {entry.what === 'version' ? (
        <VersionWords version={entry.version} />
      ) : (
        <ChangeWords change={entry.change} titles={titles === '' ? [] : titles.split('\n')} />
      )}
    </button>
  );
}, sameLine);

function sameLine(one: EntryLineProps, other: EntryLineProps): boolean {
  const isSame =
    one.isChosen === other.isChosen && one.isStop === other.isStop && one.titles === other.titles;
  return (
    isSame && one.onChoose === other.onChoose && one.entry.key === other.entry.key && sameName(one, other)
  );
}

/** Of what can change under one key: the name of a version. */
function sameName({ entry: one }: EntryLineProps, { entry: other }: EntryLineProps): boolean {
  if (one.what === 'change' || other.what === 'change') return one.what === other.what;
  return one.version.name === other.version.name;
}

function ChangeWords({ change, titles }: { change: Change; titles: readonly string[] }) {
  const { t } = useTranslation('history');
  const text = useMomentText();
  const { memberName, companyName, side, edits, from, to } = change;
  const named = titles.slice(0, namedTitles).join(', ');
  const more = titles.length - namedTitles;
  return (
    <>
      <PersonAvatar name={memberName} side={side} decorative />
      <span className={styles['words']}>
        <span className={styles['line']}>
          <bdi className={styles['who']}>{memberName}</bdi>
          <time dateTime={to} className={styles['time']}>
            {text.span(Date.parse(from), Date.parse(to))}
          </time>
        </span>
        <span className={styles['soft']}>
          <bdi>{companyName}</bdi> · {t('list.edits', { count: edits })}
        </span>
        {named !== '' && (
          <span className={styles['titles']} dir="auto">
            {more > 0 ? t('list.more', { titles: named, count: more }) : named}
          </span>
        )}
      </span>
    </>
  );
}

function VersionWords({ version: { name, at, memberName } }: { version: Version }) {
  const { t } = useTranslation('history');
  const text = useMomentText();
  return (
    <>
      <span className={styles['flag']}>
        <IconFlag3 size={15} stroke={1.9} aria-hidden />
      </span>
      <span className={styles['words']}>
        <span className={styles['line']}>
          <bdi className={styles['who']}>{name}</bdi>
          <time dateTime={at} className={styles['time']}>
            {text.time(Date.parse(at))}
          </time>
        </span>
        <span className={styles['soft']}>{t('list.version', { who: memberName })}</span>
      </span>
    </>
  );
}

/** Arrows, Home and End among the lines, whatever day they stand under. */
function moveFocus(event: KeyboardEvent, list: HTMLElement | null): void {
  const lines = [...(list?.querySelectorAll<HTMLElement>('[data-entry]') ?? [])];
  const at = lines.findIndex((line) => line.matches(':focus'));
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key];
  if (next === undefined || at < 0) return;
  event.preventDefault();
  lines[Math.min(lines.length - 1, Math.max(0, next))]?.focus();
}
