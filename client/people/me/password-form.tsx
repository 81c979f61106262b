/** Changes one's password; every other session ends with it. */
import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useFields } from '#client/base/fields.ts';
import { callHub } from '#client/base/http.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { useMe } from '#client/base/session.ts';
import { errorCode } from '#client/base/words.ts';
import { refreshPeople } from '#client/people/api.ts';
import { usePeopleFields } from '#client/people/fields.ts';
import styles from '#client/people/me-page.module.css';
import { changePassword } from '#shared/people/calls.ts';

/** The hidden address lets password stores know whose password changes. */
export function PasswordForm() {
  const { t } = useTranslation('people');
  const { t: base } = useTranslation();
  const { member } = useMe();
  const { password } = usePeopleFields();
  const fields = useFields({
    current: { shape: z.string().min(1).max(256), words: t('me.currentMissing') },
    next: password,
  });
  const saving = useMutation({
    mutationFn: (input: { current: string; next: string }) => callHub(changePassword, input),
    onSuccess: async () => {
      fields.reset();
      await refreshPeople('sessions');
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = fields.check(event.currentTarget);
    if (input !== null) {
      saving.mutate(input);
    }
  };
  const wrong = saving.error !== null && errorCode(saving.error) === 'people.signInRefused';
  const toggle = { 'aria-label': base('action.show'), tabIndex: 0 };
  return (
    <form className={styles['form']} onSubmit={onSubmit} noValidate>
      <ErrorBanner error={saving.error} words={wrong ? t('me.currentWrong') : undefined} />
      <input type="email" autoComplete="username" value={member.email} readOnly hidden />
      <PasswordInput
        {...fields.bind('current')}
        label={t('me.current')}
        autoComplete="current-password"
        dir="ltr"
        visibilityToggleButtonProps={toggle}
      />
      <PasswordInput
        {...fields.bind('next')}
        label={t('me.next')}
        description={t('field.passwordHint')}
        autoComplete="new-password"
        dir="ltr"
        visibilityToggleButtonProps={toggle}
      />
      <Button type="submit" variant="default" loading={saving.isPending}>
        {t('me.changePassword')}
      </Button>
      <p role="status" className={styles['saved']}>
        {saving.isSuccess && t('me.passwordSaved')}
      </p>
    </form>
  );
}
