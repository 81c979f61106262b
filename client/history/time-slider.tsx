/** The slider over the life of a subject: one stop a change, with the named versions marked on it. */
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { dayBreaks, type Stop, stopAt, stopByDay } from '#client/history/stops.ts';
import styles from '#client/history/time-slider.module.css';
import { useMomentText } from '#client/history/use-moment-text.ts';
import { useStopWords } from '#client/history/use-stop-words.ts';

/** `atMs` is the moment shown, null for the present; `onGo` gets that of a stop. */
export interface TimeSliderProps {
  stops: readonly Stop[];
  atMs: number | null;
  onGo: (atMs: number | null) => void;
}

/** Each change is a mark of its own up to this many; more would be a bar without gaps. */
const mostMarks = 160;

/** Arrows go change by change, Home and End to the ends, Page Up and Page Down by days. */
export function TimeSlider({ stops, atMs, onGo }: TimeSliderProps) {
  const { t } = useTranslation('history');
  const text = useMomentText();
  const stopWords = useStopWords();
  const at = stopAt(stops, atMs);
  const last = stops.length - 1;
  const go = (index: number) => onGo(stops[Math.min(last, Math.max(0, index))]?.atMs ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    const way = { PageUp: 'back', PageDown: 'on' }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    go(stopByDay(stops, at, way === 'back' ? 'back' : 'on', text.day));
  };
  const first = stops[0]?.atMs ?? null;
  return (
    <div className={styles['slider']}>
      <button
        type="button"
        className={styles['step']}
        aria-label={t('before')}
        title={t('before')}
        disabled={at === 0}
        onClick={() => go(at - 1)}
      >
        <IconChevronLeft size={17} stroke={1.7} aria-hidden />
      </button>
      <div className={styles['line']}>
        <Marks stops={stops} at={at} />
        <input
          type="range"
          className={styles['input']}
          aria-label={t('slider')}
          aria-valuetext={stopWords(stops[at])}
          min={0}
          max={last}
          step={1}
          value={at}
          onChange={(event) => go(Number(event.currentTarget.value))}
          onKeyDown={onKeyDown}
        />
        <span className={styles['ends']} aria-hidden>
          <span>{first === null ? '' : text.full(first)}</span>
          <span>{t('now')}</span>
        </span>
      </div>
      <button
        type="button"
        className={styles['step']}
        aria-label={t('after')}
        title={t('after')}
        disabled={at === last}
        onClick={() => go(at + 1)}
      >
        <IconChevronRight size={17} stroke={1.7} aria-hidden />
      </button>
    </div>
  );
}

/** What stands on the line is for the eye: the list says all of it. */
function Marks({ stops, at }: { stops: readonly Stop[]; at: number }) {
  const text = useMomentText();
  const last = Math.max(1, stops.length - 1);
  const breaks = useMemo(() => dayBreaks(stops, text.day), [stops, text]);
  const place = (part: number) => ({ insetInlineStart: `${part * 100}%` });
  const hasRoom = stops.length <= mostMarks;
  return (
    <div className={styles['marks']} aria-hidden>
      <span className={styles['done']} style={{ inlineSize: `${(at / last) * 100}%` }} />
      {breaks.map((part) => (
        <span key={part} className={styles['day']} style={place(part)} />
      ))}
      {stops.map(({ atMs, changes, versions }, index) => {
        const [version] = versions;
        const side = changes[0]?.side;
        if (version !== undefined) {
          return (
            <span key={atMs} className={styles['version']} style={place(index / last)} title={version.name} />
          );
        }
        if (!hasRoom || side === undefined) return null;
        return <span key={atMs} className={styles['change']} data-side={side} style={place(index / last)} />;
      })}
    </div>
  );
}
