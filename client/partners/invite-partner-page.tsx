/** Invites another company to a workspace; the result is a link to hand on, or the word that mail is on its way. */
import '#client/partners/words.ts';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMomentWords } from '#client/base/moments.ts';
import { CopyField } from '#client/base/parts/copy-field.tsx';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { PageHead } from '#client/base/parts/page-head.tsx';
import { pathPatterns } from '#client/base/paths.ts';
import { useMe } from '#client/base/session.ts';
import { usePartnerInvitations } from '#client/partners/api.ts';
import { InvitePartnerForm, type SentInvitation } from '#client/partners/invite-partner-form.tsx';
import styles from '#client/partners/invite-partner-page.module.css';
import { SentInvitations } from '#client/partners/sent-invitations.tsx';

/** Members who are no admins are told who can do this. */
export function InvitePartnerPage() {
  const { t } = useTranslation('partners');
  const { member } = useMe();
  const [sent, setSent] = useState<SentInvitation | null>(null);
  return (
    <>
      <PageHead title={t('invite.title')} />
      <div className={styles['page']}>
        {member.role === 'admin' ? (
          <>
            {sent === null ? (
              <>
                <p className={styles['lead']}>{t('invite.lead')}</p>
                <InvitePartnerForm onSent={setSent} />
              </>
            ) : (
              <Sent sent={sent} onAnother={() => setSent(null)} />
            )}
            <SentInvitations />
          </>
        ) : (
          <EmptyState kind="noAccess" title={t('invite.title')} text={t('invite.onlyAdmins')} />
        )}
      </div>
    </>
  );
}

/** Once it is answered there is no link to hand on any more. */
function Sent({ sent, onAnother }: { sent: SentInvitation; onAnother: () => void }) {
  const { t } = useTranslation('partners');
  const { day } = useMomentWords();
  const { id, email, expiresAt } = sent.invitation;
  const { data = [] } = usePartnerInvitations();
  const state = data.find((invitation) => invitation.id === id)?.state ?? 'open';
  const values = { email, day: day(expiresAt) };
  return (
    <div className={styles['sent']} role="status">
      {state === 'open' ? (
        <>
          <h2>{t('invite.doneTitle')}</h2>
          <p>{sent.link === null ? t('invite.mailed', values) : t('invite.linkText', values)}</p>
          {sent.link !== null && (
            <CopyField label={t('invite.linkLabel', { email })} value={sent.link} primary />
          )}
        </>
      ) : (
        <>
          <h2>{t(`invitationState.${state}`)}</h2>
          <p>{t(`invite.over.${state}`, values)}</p>
        </>
      )}
      <p className={styles['next']}>
        <Button
          component={Link}
          to={pathPatterns.home}
          variant={state === 'open' && sent.link !== null ? 'default' : 'filled'}
        >
          {t('invite.home')}
        </Button>
        <Button variant="default" onClick={onAnother}>
          {t('invite.another')}
        </Button>
      </p>
    </div>
  );
}
