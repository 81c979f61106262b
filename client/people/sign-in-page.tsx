/** The sign-in page. */
import '#client/people/words.ts';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useLocation } from 'react-router';
import { z } from 'zod';
import { useFields } from '#client/base/fields.ts';
import { callHub } from '#client/base/http.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { OpenPage } from '#client/base/parts/open-page.tsx';
import { arrivalEmail, backPath, pathPatterns } from '#client/base/paths.ts';
import { enterSession, useSession } from '#client/base/session.ts';
import { usePeopleFields } from '#client/people/fields.ts';
import styles from '#client/people/open-form.module.css';
import { signIn } from '#shared/people/calls.ts';

/** Leads on to where the visitor wanted to be, also when another tab signs in meanwhile. `below` follows the form. */
export function SignInPage({ below }: { below?: ReactNode }) {
  const { t } = useTranslation('people');
  const { t: base } = useTranslation();
  const { state } = useLocation();
  const session = useSession();
  const { email } = usePeopleFields();
  const fields = useFields({
    email: { ...email, start: arrivalEmail(state) },
    password: { shape: z.string().min(1).max(256), words: base('field.required') },
  });
  const sending = useMutation({
    mutationFn: (input: { email: string; password: string }) => callHub(signIn, input),
    onSuccess: enterSession,
  });
  if (session.kind === 'in') {
    return <Navigate to={backPath(state)} replace />;
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = fields.check(event.currentTarget);
    if (input !== null) {
      sending.mutate(input);
    }
  };
  return (
    <OpenPage title={t('signIn.title')}>
      <form className={styles['form']} onSubmit={onSubmit} noValidate>
        <ErrorBanner error={sending.error} />
        <TextInput
          {...fields.bind('email')}
          label={t('field.email')}
          type="email"
          autoComplete="username"
          dir="ltr"
        />
        <PasswordInput
          {...fields.bind('password')}
          label={t('field.password')}
          autoComplete="current-password"
          dir="ltr"
          visibilityToggleButtonProps={{ 'aria-label': base('action.show'), tabIndex: 0 }}
        />
        <Button type="submit" loading={sending.isPending}>
          {t('signIn.send')}
        </Button>
      </form>
      <p className={styles['other']}>
        {t('signIn.newHere')}{' '}
        <Link to={pathPatterns.createCompany} state={state}>
          {t('signIn.create')}
        </Link>
      </p>
      {below}
    </OpenPage>
  );
}
