/** Invitations one's company has sent to others; open ones can be withdrawn. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { callHub } from '#client/base/http.ts';
import { useMomentWords } from '#client/base/moments.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { Panel } from '#client/base/parts/panel.tsx';
import { SideMark } from '#client/base/parts/side-mark.tsx';
import { refreshInvitations, usePartnerInvitations } from '#client/partners/api.ts';
import styles from '#client/partners/sent-invitations.module.css';
import { revokePartnerInvitation } from '#shared/partners/calls.ts';
import type { PartnerInvitation } from '#shared/partners/shape.ts';

/** Shows nothing while there are none. */
export function SentInvitations() {
  const { t } = useTranslation('partners');
  const { data = [] } = usePartnerInvitations();
  const revoking = useMutation({
    mutationFn: (invitationId: string) => callHub(revokePartnerInvitation, { invitationId }),
    onSettled: refreshInvitations,
  });
  if (data.length === 0) {
    return null;
  }
  return (
    <Panel title={t('sent.title')}>
      <ErrorBanner error={revoking.error} />
      <ul className={styles['list']}>
        {data.map((invitation) => (
          <SentRow
            key={invitation.id}
            invitation={invitation}
            onRevoke={() => revoking.mutate(invitation.id)}
          />
        ))}
      </ul>
    </Panel>
  );
}

function SentRow({ invitation, onRevoke }: { invitation: PartnerInvitation; onRevoke: () => void }) {
  const { t } = useTranslation('partners');
  const { day } = useMomentWords();
  const { relationshipName: name, email, offeredSide, state, expiresAt } = invitation;
  const open = state === 'open';
  return (
    <li className={styles['row']}>
      <SideMark side={offeredSide} />
      <span className={styles['what']}>
        <bdi className={styles['name']}>{name}</bdi>
        <span>{t(offeredSide === 'buyer' ? 'sent.rowBuyer' : 'sent.rowSupplier', { email })}</span>
      </span>
      <span className={styles['state']} data-state={state}>
        {t(`invitationState.${state}`)}
        {open && <span>{t('sent.until', { day: day(expiresAt) })}</span>}
      </span>
      {open && (
        <Button variant="default" size="xs" aria-label={t('sent.revokeLabel', { name })} onClick={onRevoke}>
          {t('sent.revoke')}
        </Button>
      )}
    </li>
  );
}
