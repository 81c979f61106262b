/** Inviting colleagues, and the invitations that wait for an answer; for admins only. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFields } from '#client/base/fields.ts';
import { callHub } from '#client/base/http.ts';
import { useMomentWords } from '#client/base/moments.ts';
import { CopyField } from '#client/base/parts/copy-field.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { Loaded } from '#client/base/parts/loaded.tsx';
import { Panel } from '#client/base/parts/panel.tsx';
import { refreshPeople, useColleagueInvitations } from '#client/people/api.ts';
import styles from '#client/people/company-page.module.css';
import { usePeopleFields } from '#client/people/fields.ts';
import type { CallInput, CallOutput } from '#shared/base/call.ts';
import { inviteColleague, revokeColleagueInvitation } from '#shared/people/calls.ts';
import { type CompanyRole, companyRoleShape } from '#shared/people/shape.ts';

/** The form first, then what it has brought. */
export function ColleagueInvitations() {
  const { t } = useTranslation('people');
  const [sent, setSent] = useState<CallOutput<typeof inviteColleague> | null>(null);
  return (
    <>
      <Panel title={t('company.invite')}>
        <div className={styles['form']}>
          <InviteForm onSent={setSent} />
          {sent !== null && <SentInvitation sent={sent} />}
        </div>
      </Panel>
      <OpenInvitations />
    </>
  );
}

function InviteForm({ onSent }: { onSent: (sent: CallOutput<typeof inviteColleague>) => void }) {
  const { t } = useTranslation('people');
  const [role, setRole] = useState<CompanyRole>('member');
  const { email } = usePeopleFields();
  const fields = useFields({ email });
  const sending = useMutation({
    mutationFn: (input: CallInput<typeof inviteColleague>) => callHub(inviteColleague, input),
    onSuccess: async (sent) => {
      onSent(sent);
      fields.reset();
      await refreshPeople('invitations');
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = fields.check(event.currentTarget);
    if (input !== null) {
      sending.mutate({ ...input, role });
    }
  };
  return (
    <form onSubmit={onSubmit} className={styles['form']} noValidate>
      <p className={styles['hint']}>{t('company.inviteText')}</p>
      <ErrorBanner error={sending.error} />
      <div className={styles['line']}>
        <TextInput
          {...fields.bind('email')}
          label={t('field.email')}
          type="email"
          autoComplete="off"
          dir="ltr"
        />
        <NativeSelect
          label={t('field.role')}
          value={role}
          onChange={(event) => setRole(companyRoleShape.parse(event.currentTarget.value))}
          data={companyRoleShape.options.map((value) => ({ value, label: t(`company.role.${value}`) }))}
        />
        <Button type="submit" loading={sending.isPending}>
          {t('company.send')}
        </Button>
      </div>
    </form>
  );
}

function SentInvitation({ sent }: { sent: CallOutput<typeof inviteColleague> }) {
  const { t } = useTranslation('people');
  const { day } = useMomentWords();
  const { email, expiresAt } = sent.invitation;
  return (
    <div className={styles['result']} role="status">
      <p>
        {sent.link === null
          ? t('company.mailed', { email })
          : t('company.linkText', { email, day: day(expiresAt) })}
      </p>
      {sent.link !== null && <CopyField label={t('company.linkLabel', { email })} value={sent.link} />}
    </div>
  );
}

function OpenInvitations() {
  const { t } = useTranslation('people');
  const { day } = useMomentWords();
  const invitations = useColleagueInvitations(true);
  const revoking = useMutation({
    mutationFn: (invitationId: string) => callHub(revokeColleagueInvitation, { invitationId }),
    onSettled: () => refreshPeople('invitations'),
  });
  return (
    <Panel title={t('company.open')}>
      <ErrorBanner error={revoking.error} />
      <Loaded query={invitations}>
        {(list) =>
          list.length === 0 ? (
            <p className={styles['hint']}>{t('company.openNone')}</p>
          ) : (
            <ul className={styles['list']}>
              {list.map(({ id, email, role, invitedBy, expiresAt }) => (
                <li key={id} className={styles['row']}>
                  <span>
                    <bdi className={styles['name']}>{email}</bdi>
                    <span className={styles['hint']}>
                      {t('company.openRow', {
                        role: t(`company.role.${role}`),
                        person: invitedBy,
                        day: day(expiresAt),
                      })}
                    </span>
                  </span>
                  <Button
                    variant="default"
                    size="xs"
                    aria-label={t('company.revokeLabel', { email })}
                    onClick={() => revoking.mutate(id)}
                  >
                    {t('company.revoke')}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
