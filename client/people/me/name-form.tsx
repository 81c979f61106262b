/** Renames oneself; both companies see the new name at once. */
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFields } from '#client/base/fields.ts';
import { callHub } from '#client/base/http.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { updateMe, useMe } from '#client/base/session.ts';
import { applyMember } from '#client/people/api.ts';
import { usePeopleFields } from '#client/people/fields.ts';
import styles from '#client/people/me-page.module.css';
import { changeName } from '#shared/people/calls.ts';

/** The address and the role are shown, and changed elsewhere. */
export function NameForm() {
  const { t } = useTranslation('people');
  const { member, company } = useMe();
  const { name } = usePeopleFields();
  const fields = useFields({ name: { ...name, start: member.name } });
  const saving = useMutation({
    mutationFn: (input: { name: string }) => callHub(changeName, input),
    onSuccess: (me) => {
      updateMe(me);
      applyMember(me.member);
      fields.reset({ name: me.member.name });
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = fields.check(event.currentTarget);
    if (input !== null) {
      saving.mutate(input);
    }
  };
  const facts = { role: t(`company.role.${member.role}`), company: company.name, email: member.email };
  return (
    <form className={styles['form']} onSubmit={onSubmit} noValidate>
      <ErrorBanner error={saving.error} />
      <TextInput {...fields.bind('name')} label={t('field.name')} autoComplete="name" />
      <p className={styles['note']}>{t('me.memberOf', facts)}</p>
      <Button type="submit" variant="default" loading={saving.isPending}>
        {t('me.saveName')}
      </Button>
      <p role="status" className={styles['saved']}>
        {saving.isSuccess && t('me.nameSaved')}
      </p>
    </form>
  );
}
