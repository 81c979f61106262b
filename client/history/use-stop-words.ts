/** A stop of the slider in words, for those who hear it. */
import { useTranslation } from 'react-i18next';
import type { Stop } from '#client/history/stops.ts';
import { useMomentText } from '#client/history/use-moment-text.ts';

/** The moment, and what it is the moment of: a version before the change it ends. */
export function useStopWords(): (stop: Stop | undefined) => string {
  const { t } = useTranslation('history');
  const text = useMomentText();
  return (stop) => {
    if (stop === undefined || stop.atMs === null) return t('now');
    const moment = text.full(stop.atMs);
    const [version] = stop.versions;
    if (version !== undefined) return t('stop.version', { moment, name: version.name });
    const [change] = stop.changes;
    if (change === undefined) return moment;
    const { memberName: who, companyName: company, edits: count } = change;
    return t('stop.change', { moment, who, company, count });
  };
}
