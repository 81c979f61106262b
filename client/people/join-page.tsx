/** Where a colleague's invitation leads: who invites, to which company, and the form that joins it. */
import '#client/people/words.ts';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate } from 'react-router';
import { useFields } from '#client/base/fields.ts';
import { useFragmentSecret } from '#client/base/fragment-secret.ts';
import { callHub } from '#client/base/http.ts';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { OpenPage } from '#client/base/parts/open-page.tsx';
import { SignOut } from '#client/base/parts/sign-out.tsx';
import { Waiting } from '#client/base/parts/waiting.tsx';
import { pathPatterns } from '#client/base/paths.ts';
import { enterSession, useSession } from '#client/base/session.ts';
import { useErrorWords } from '#client/base/words.ts';
import { usePeopleFields } from '#client/people/fields.ts';
import styles from '#client/people/open-form.module.css';
import type { CallOutput } from '#shared/base/call.ts';
import { AppError } from '#shared/base/errors.ts';
import { acceptColleagueInvitation, readColleagueInvitation } from '#shared/people/calls.ts';

/** The address is the invitation's own and cannot be changed here. */
export function JoinPage() {
  const { t } = useTranslation('people');
  const errorWords = useErrorWords();
  const session = useSession();
  const [joined, setJoined] = useState(false);
  const secret = useFragmentSecret();
  const { data: offer, error } = useQuery({
    queryKey: ['people', 'join', secret],
    queryFn: () => callHub(readColleagueInvitation, { secret: secret ?? '' }),
    // A joined invitation is spent: reading it again would only be refused.
    enabled: secret !== null && !joined,
    retry: false,
  });
  if (joined && session.kind === 'in') {
    return <Navigate to={pathPatterns.home} replace />;
  }
  const problem = secret === null ? new AppError('people.invitationInvalid') : error;
  if (problem !== null) {
    return (
      <OpenPage title={t('join.titlePlain')}>
        <EmptyState kind="error" title={t('join.invalidTitle')} text={errorWords(problem)} />
      </OpenPage>
    );
  }
  if (offer === undefined || secret === null) {
    return (
      <OpenPage title={t('join.titlePlain')}>
        <Waiting />
      </OpenPage>
    );
  }
  const { companyName: company, invitedBy: person, email } = offer;
  return (
    <OpenPage title={t('join.title', { company })} lead={t('join.lead', { person, company, email })}>
      {session.kind === 'in' ? (
        <EmptyState
          kind="noAccess"
          title={t('join.signedInTitle', { name: session.me.member.name })}
          text={t('join.signedInText')}
          action={
            <SignOut>
              {(ask) => (
                <Button variant="default" onClick={ask}>
                  {t('join.signOut')}
                </Button>
              )}
            </SignOut>
          }
        />
      ) : (
        <JoinForm offer={offer} secret={secret} onJoining={() => setJoined(true)} />
      )}
    </OpenPage>
  );
}

interface JoinFormProps {
  offer: CallOutput<typeof readColleagueInvitation>;
  secret: string;
  /** Told before the session begins, so that the page can lead on instead of asking to sign out. */
  onJoining: () => void;
}

function JoinForm({ offer, secret, onJoining }: JoinFormProps) {
  const { t } = useTranslation('people');
  const { t: base } = useTranslation();
  const { name, password } = usePeopleFields();
  const fields = useFields({ name, password });
  const joining = useMutation({
    mutationFn: (input: { name: string; password: string }) =>
      callHub(acceptColleagueInvitation, { secret, ...input }),
    onSuccess: (signedIn) => {
      onJoining();
      enterSession(signedIn);
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = fields.check(event.currentTarget);
    if (input !== null) {
      joining.mutate(input);
    }
  };
  return (
    <form className={styles['form']} onSubmit={onSubmit} noValidate>
      <ErrorBanner error={joining.error} />
      <input type="email" autoComplete="username" value={offer.email} readOnly hidden />
      <TextInput {...fields.bind('name')} label={t('field.name')} autoComplete="name" />
      <PasswordInput
        {...fields.bind('password')}
        label={t('field.password')}
        description={t('field.passwordHint')}
        autoComplete="new-password"
        dir="ltr"
        visibilityToggleButtonProps={{ 'aria-label': base('action.show'), tabIndex: 0 }}
      />
      <Button type="submit" loading={joining.isPending}>
        {t('join.send', { company: offer.companyName })}
      </Button>
    </form>
  );
}
