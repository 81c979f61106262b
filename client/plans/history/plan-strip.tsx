/** The strip over a past plan: whose work or which version it is, and comparing and restoring. */
import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CompareChoice } from '#client/history/compare-choice.tsx';
import { HistoryStrip } from '#client/history/history-strip.tsx';
import type { HistoryScreen } from '#client/plans/history/use-history-screen.ts';

/** `onRestore` is null where nothing can be restored. */
export interface PlanStripProps {
  screen: HistoryScreen;
  onRestore: (() => void) | null;
  onBack: () => void;
}

/** The name of a version comes before whose work it is. */
export function PlanStrip({ screen, onRestore, onBack }: PlanStripProps) {
  const { t } = useTranslation('plans');
  const { title, work, version, place, stops, atMs } = screen;
  const { versions } = screen.known;
  const detail = version?.name ?? (work === null ? '' : `${work.memberName} · ${work.companyName}`);
  return (
    <HistoryStrip
      title={title}
      detail={detail}
      stops={stops}
      atMs={atMs}
      onGo={screen.slideTo}
      onBack={onBack}
    >
      {(atMs !== null || versions.length > 0) && (
        <CompareChoice
          point={place.point}
          against={place.against}
          versions={versions}
          onChoose={screen.compare}
        />
      )}
      {onRestore !== null && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconArrowBackUp size={15} aria-hidden />}
          onClick={onRestore}
        >
          {t('history.restore.whole')}
        </Button>
      )}
    </HistoryStrip>
  );
}
