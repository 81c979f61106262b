/** The form of an invitation to another company. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useFields } from '#client/base/fields.ts';
import { callHub } from '#client/base/http.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { applyInvitation } from '#client/partners/api.ts';
import styles from '#client/partners/invite-partner-page.module.css';
import { SideChoices } from '#client/partners/side-choices.tsx';
import type { Side } from '#shared/base/audience.ts';
import type { CallInput, CallOutput } from '#shared/base/call.ts';
import { textLength } from '#shared/base/units.ts';
import { invitePartner } from '#shared/partners/calls.ts';
import { emailShape, nameShape } from '#shared/people/shape.ts';

/** The hub's answer; its link is null when the hub sent the mail itself. */
export type SentInvitation = CallOutput<typeof invitePartner>;

/** The other company is the supplier unless chosen otherwise: buyers begin most relationships. */
export function InvitePartnerForm({ onSent }: { onSent: (sent: SentInvitation) => void }) {
  const { t } = useTranslation('partners');
  const { t: base } = useTranslation();
  const [offeredSide, setOfferedSide] = useState<Side>('supplier');
  const fields = useFields({
    relationshipName: { shape: nameShape, words: base('field.name') },
    purpose: { shape: z.string().trim().max(textLength), words: base('field.tooLong') },
    email: { shape: emailShape, words: base('field.email') },
  });
  const sending = useMutation({
    mutationFn: (input: CallInput<typeof invitePartner>) => callHub(invitePartner, input),
    onSuccess: (sent) => {
      applyInvitation(sent.invitation);
      onSent(sent);
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = fields.check(event.currentTarget);
    if (input !== null) {
      sending.mutate({ ...input, offeredSide });
    }
  };
  return (
    <form className={styles['form']} onSubmit={onSubmit} noValidate>
      <ErrorBanner error={sending.error} />
      <TextInput
        {...fields.bind('relationshipName')}
        label={t('invite.name')}
        description={t('invite.nameHint')}
        autoComplete="off"
      />
      <Textarea
        {...fields.bind('purpose')}
        label={t('invite.purpose')}
        description={t('invite.purposeHint')}
        rows={3}
      />
      <SideChoices value={offeredSide} onChange={setOfferedSide} />
      <TextInput
        {...fields.bind('email')}
        label={t('invite.email')}
        description={t('invite.emailHint')}
        type="email"
        autoComplete="off"
        dir="ltr"
      />
      <Button type="submit" loading={sending.isPending}>
        {t('invite.send')}
      </Button>
    </form>
  );
}
