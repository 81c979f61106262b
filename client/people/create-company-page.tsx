/** Makes a company with its first admin, who is then signed in. */
import '#client/people/words.ts';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useLocation } from 'react-router';
import { useFields } from '#client/base/fields.ts';
import { callHub } from '#client/base/http.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { OpenPage } from '#client/base/parts/open-page.tsx';
import { arrivalEmail, backPath, pathPatterns } from '#client/base/paths.ts';
import { enterSession, useSession } from '#client/base/session.ts';
import { usePeopleFields } from '#client/people/fields.ts';
import styles from '#client/people/open-form.module.css';
import type { CallInput } from '#shared/base/call.ts';
import { createCompany } from '#shared/people/calls.ts';

/** Leads on to where the visitor came from, for instance to the invitation they want to accept. */
export function CreateCompanyPage() {
  const { t } = useTranslation('people');
  const { t: base } = useTranslation();
  const { state } = useLocation();
  const session = useSession();
  const { name, email, password } = usePeopleFields();
  const fields = useFields({
    companyName: name,
    name,
    email: { ...email, start: arrivalEmail(state) },
    password,
  });
  const sending = useMutation({
    mutationFn: (input: CallInput<typeof createCompany>) => callHub(createCompany, input),
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
    <OpenPage title={t('create.title')} lead={t('create.lead')}>
      <form className={styles['form']} onSubmit={onSubmit} noValidate>
        <ErrorBanner error={sending.error} />
        <TextInput
          {...fields.bind('companyName')}
          label={t('field.companyName')}
          autoComplete="organization"
        />
        <TextInput {...fields.bind('name')} label={t('field.name')} autoComplete="name" />
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
          description={t('field.passwordHint')}
          autoComplete="new-password"
          dir="ltr"
          visibilityToggleButtonProps={{ 'aria-label': base('action.show'), tabIndex: 0 }}
        />
        <Button type="submit" loading={sending.isPending}>
          {t('create.send')}
        </Button>
      </form>
      <p className={styles['other']}>
        {t('create.haveOne')}{' '}
        <Link to={pathPatterns.signIn} state={state}>
          {t('create.signIn')}
        </Link>
      </p>
    </OpenPage>
  );
}
