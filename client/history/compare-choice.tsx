/** Chooses what a moment is compared with: nothing, the present, or a named version. */
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '#client/history/compare-choice.module.css';
import type { Point } from '#client/history/place.ts';
import { useMomentText } from '#client/history/use-moment-text.ts';
import type { Version } from '#shared/history/shape.ts';

/** `point` is what is looked at, which is never compared with itself; `against` null for nothing. */
export interface CompareChoiceProps {
  point: Point;
  against: Point | null;
  versions: readonly Version[];
  onChoose: (against: Point | null) => void;
}

/** The browser's own list: every key and every reader of the screen knows it. */
export function CompareChoice({ point, against, versions, onChoose }: CompareChoiceProps) {
  const { t } = useTranslation('history');
  const text = useMomentText();
  const id = useId();
  const shown = typeof point === 'object' && 'versionId' in point ? point.versionId : null;
  const offered = versions.filter((version) => version.id !== shown);
  const moment = typeof against === 'object' && against !== null && 'atMs' in against ? against.atMs : null;
  return (
    <span className={styles['choice']}>
      <label htmlFor={id}>{t('compare.label')}</label>
      <select
        id={id}
        value={choiceOf(against)}
        onChange={(event) => onChoose(pointOf(event.currentTarget.value))}
      >
        <option value="">{t('compare.none')}</option>
        {point !== 'now' && <option value="now">{t('compare.now')}</option>}
        {moment !== null && <option value={String(moment)}>{text.full(moment)}</option>}
        {offered.map(({ id: versionId, name, at }) => (
          <option key={versionId} value={versionId}>
            {name} · {text.full(Date.parse(at))}
          </option>
        ))}
      </select>
    </span>
  );
}

function choiceOf(point: Point | null): string {
  if (point === null) return '';
  if (point === 'now') return 'now';
  return 'atMs' in point ? String(point.atMs) : point.versionId;
}

/** Versions have ids of 20 signs, so that no moment is taken for one. */
function pointOf(value: string): Point | null {
  if (value === '') return null;
  if (value === 'now') return 'now';
  return /^\d{1,15}$/.test(value) ? { atMs: Number(value) } : { versionId: value };
}
