/** Says that a plan cannot be changed because the hub could not read it, and lets leads take it back. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callHub } from '#client/base/http.ts';
import { Confirm } from '#client/base/parts/confirm.tsx';
import styles from '#client/plans/notices/notices.module.css';
import type { PlanDocuments } from '#client/plans/use-plan-documents.ts';
import { takeBackPlan } from '#shared/plans/calls.ts';

const parts = ['shared', 'buyer', 'supplier'] as const;

/** Nothing for a plan that can be read. `mayTakeBack` for leads of either side. */
export interface QuarantineNoticeProps {
  planId: string;
  live: PlanDocuments['live'];
  mayTakeBack: boolean;
}

export function QuarantineNotice({ planId, live, mayTakeBack }: QuarantineNoticeProps) {
  const { t } = useTranslation('plans');
  const [asking, setAsking] = useState(false);
  const takingBack = useMutation({
    mutationFn: (input: { planId: string; part: (typeof parts)[number] }) => callHub(takeBackPlan, input),
    onSuccess: () => setAsking(false),
  });
  const part = parts.find((each) => live[each].quarantined);
  if (part === undefined) return null;
  return (
    <div className={styles['notice']} role="status">
      <p className={styles['words']}>{t('quarantine.text')}</p>
      {mayTakeBack ? (
        <Button variant="default" size="xs" onClick={() => setAsking(true)}>
          {t('quarantine.open')}
        </Button>
      ) : (
        <p className={styles['words']}>{t('quarantine.askLead')}</p>
      )}
      {asking && (
        <Confirm
          title={t('quarantine.title')}
          text={t('quarantine.question')}
          act={t('quarantine.act')}
          pending={takingBack.isPending}
          error={takingBack.error}
          onAct={() => takingBack.mutate({ planId, part })}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
