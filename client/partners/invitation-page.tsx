/** Where a partner's invitation leads: exactly what is offered, by whom and to whom, and the ways to answer. */
import '#client/partners/words.ts';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import { z } from 'zod';
import { useFragmentSecret } from '#client/base/fragment-secret.ts';
import { callHub } from '#client/base/http.ts';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { OpenPage } from '#client/base/parts/open-page.tsx';
import { Waiting } from '#client/base/parts/waiting.tsx';
import { pathPatterns } from '#client/base/paths.ts';
import { useSession } from '#client/base/session.ts';
import { useErrorWords } from '#client/base/words.ts';
import { OfferAnswer } from '#client/partners/offer-answer.tsx';
import { OfferFacts } from '#client/partners/offer-facts.tsx';
import { AppError } from '#shared/base/errors.ts';
import { readPartnerInvitation } from '#shared/partners/calls.ts';

/** Kept in the entry of the browser's history, so that a reload still says what was done and not that the link is spent. */
const declinedShape = z.object({ declinedOf: z.string() });

/** Reads the offer once; a link that is unknown, used, expired or withdrawn says the same. */
export function InvitationPage() {
  const { t } = useTranslation('partners');
  const errorWords = useErrorWords();
  const secret = useFragmentSecret();
  const { pathname, state } = useLocation();
  const navigate = useNavigate();
  const declined = declinedShape.safeParse(state);
  const { data: offer, error } = useQuery({
    queryKey: ['partners', 'offer', secret],
    queryFn: () => callHub(readPartnerInvitation, { secret: secret ?? '' }),
    enabled: secret !== null && !declined.success,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const title = t('offer.title');
  if (declined.success) {
    return <Declined company={declined.data.declinedOf} />;
  }
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
  const onDeclined = () => void navigate(pathname, { replace: true, state: { declinedOf: company } });
  return (
    <OpenPage title={title} lead={t('offer.lead', { person, company })}>
      <OfferFacts offer={offer} />
      <OfferAnswer offer={offer} secret={secret} onDeclined={onDeclined} />
    </OpenPage>
  );
}

function Declined({ company }: { company: string }) {
  const { t } = useTranslation('partners');
  const isIn = useSession().kind === 'in';
  return (
    <OpenPage title={t('offer.title')}>
      <EmptyState
        kind="cleared"
        title={t('offer.declinedTitle')}
        text={t('offer.declinedText', { company })}
        action={
          <Button component={Link} to={isIn ? pathPatterns.home : pathPatterns.signIn} variant="default">
            {t(isIn ? 'offer.declinedHome' : 'offer.declinedSignIn')}
          </Button>
        }
      />
    </OpenPage>
  );
}
