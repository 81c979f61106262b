/** Where a partner's invitation leads: exactly what is offered, by whom and to whom, and the ways to answer. */
import '#client/partners/words.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFragmentSecret } from '#client/base/fragment-secret.ts';
import { callHub } from '#client/base/http.ts';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { OpenPage } from '#client/base/parts/open-page.tsx';
import { Waiting } from '#client/base/parts/waiting.tsx';
import { useErrorWords } from '#client/base/words.ts';
import { OfferAnswer } from '#client/partners/offer-answer.tsx';
import { OfferFacts } from '#client/partners/offer-facts.tsx';
import { AppError } from '#shared/base/errors.ts';
import { readPartnerInvitation } from '#shared/partners/calls.ts';

/** Reads the offer once; a link that is unknown, used, expired or withdrawn says the same. */
export function InvitationPage() {
  const { t } = useTranslation('partners');
  const errorWords = useErrorWords();
  const secret = useFragmentSecret();
  const [declined, setDeclined] = useState(false);
  const { data: offer, error } = useQuery({
    queryKey: ['partners', 'offer', secret],
    queryFn: () => callHub(readPartnerInvitation, { secret: secret ?? '' }),
    enabled: secret !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const title = t('offer.title');
  const problem = secret === null ? new AppError('partners.invitationInvalid') : error;
  if (problem !== null) {
    return (
      <OpenPage title={title}>
        <EmptyState kind="error" title={t('offer.invalidTitle')} text={errorWords(problem)} />
      </OpenPage>
    );
  }
  if (offer === undefined || secret === null) {
    return (
      <OpenPage title={title}>
        <Waiting />
      </OpenPage>
    );
  }
  const { fromCompany: company, fromPerson: person } = offer;
  if (declined) {
    return (
      <OpenPage title={title}>
        <EmptyState
          kind="cleared"
          title={t('offer.declinedTitle')}
          text={t('offer.declinedText', { company })}
        />
      </OpenPage>
    );
  }
  return (
    <OpenPage title={title} lead={t('offer.lead', { person, company })}>
      <OfferFacts offer={offer} />
      <OfferAnswer offer={offer} secret={secret} onDeclined={() => setDeclined(true)} />
    </OpenPage>
  );
}
